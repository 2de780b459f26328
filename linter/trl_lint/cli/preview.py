"""`trl-lint preview`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from trl_lint.cli.backend import Backend
from trl_lint.cli.inputs import files
from trl_lint.cli.session import Session
from trl_lint.cli.terminal import Progress, style_for, width_of
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.settings import Configuration
from trl_lint.model.finding import Finding
from trl_lint.opening import open_file
from trl_lint.own_findings import unreadable
from trl_lint.preview.collect import NoSuchReleaseError, Previewer
from trl_lint.preview.report import PreviewReport, RunPreview
from trl_lint.report.text import escape

SHOWN, FAILED = 0, 2


def preview(arguments: argparse.Namespace, backend: Backend) -> int:
    """Shows what the runs of the files train on, and returns the exit code."""
    releases = _releases(arguments)
    _read_templates(arguments, backend)
    session = Session(arguments, backend)
    runs: list[RunPreview] = []
    problems: list[Finding] = []
    found = files(session)
    problems += map(unreadable, found.problems)
    previewers: dict[Configuration, Previewer] = {}
    progress = Progress(len(found.files))
    try:
        for file in found.files:
            progress.step(file.shown)
            if file.configuration not in previewers:
                engine = session.judge(file.configuration).engine
                previewers[file.configuration] = Previewer(
                    engine, releases, arguments.target_transformers, arguments.rows
                )
            _one(previewers[file.configuration], file.path, file.shown, runs, problems)
    except NoSuchReleaseError as error:
        flag = "--compare" if arguments.compare else "--release"
        raise ConfigurationError("", 0, f"{flag}: {error}") from None
    finally:
        progress.close()
    report = PreviewReport(tuple(runs), tuple(problems), len(found.files))
    _write(arguments, report)
    failed = problems or any(previewer.failed for previewer in previewers.values())
    return FAILED if failed else SHOWN


def _releases(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The releases to show. Raises ConfigurationError for one that is none."""
    from trl_lint.targets.resolver import check_specifier

    wanted = tuple(arguments.compare or ([arguments.release] if arguments.release is not None else ()))
    for text in wanted:
        wrong = check_specifier(text)
        if wrong is not None:
            raise ConfigurationError("", 0, f"{'--compare' if arguments.compare else '--release'}: {wrong}")
    return wanted


def _read_templates(arguments: argparse.Namespace, backend: Backend) -> None:
    """Takes training templates from the folders of --facts-from; they say which release is shown only where nothing
    else does. Raises ConfigurationError for one without TRL."""
    if not arguments.facts_from:
        return
    try:
        backend.registry.read_templates([Path(path) for path in arguments.facts_from])
    except ValueError as error:
        raise ConfigurationError("", 0, f"--facts-from: {error}") from None
    if arguments.compare or arguments.release is not None:
        arguments.facts_from = None


def _one(previewer: Previewer, path: Path, shown: str, runs: list[RunPreview], problems: list[Finding]) -> None:
    document = open_file(path, shown)
    if document is None:
        return
    if isinstance(document, tuple):
        problems += map(unreadable, document)
        return
    problems += map(unreadable, document.problems)
    found, unparsed = previewer.runs(document, path.parent)
    runs += found
    problems += map(unreadable, unparsed)


def _write(arguments: argparse.Namespace, report: PreviewReport) -> None:
    text = "".join(f"{line}\n" for line in _lines(arguments, report))
    if arguments.output is None:
        sys.stdout.write(text)
        return
    try:
        Path(arguments.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError("", 0, f"--output: {error}") from None
    print(f"wrote {escape(arguments.output)}", file=sys.stderr)


def _lines(arguments: argparse.Namespace, report: PreviewReport) -> Iterator[str]:
    if arguments.output_format == "json":
        from trl_lint.preview.data import render as render_data

        return render_data(report)
    if arguments.output_format == "html":
        from trl_lint.preview.html import render as render_html

        return render_html(report)
    from trl_lint.preview.text import render

    style = style_for(sys.stdout) if arguments.output is None else type(style_for(sys.stdout))(on=False)
    return render(report, style, width_of(sys.stdout))
