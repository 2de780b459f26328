"""`trl-lint upgrade`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.cli.backend import Backend
from trl_lint.cli.inputs import files
from trl_lint.cli.session import Session
from trl_lint.cli.terminal import Progress, style_for, width_of
from trl_lint.cli.writing import write
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.settings import Configuration
from trl_lint.dataclass import replace
from trl_lint.discover import File
from trl_lint.model.finding import Finding
from trl_lint.opening import open_file
from trl_lint.own_findings import unreadable
from trl_lint.report.text import escape
from trl_lint.sources.document import Document
from trl_lint.upgrade.compare import Asked, Comparison, NoSuchReleaseError
from trl_lint.upgrade.pins import pins
from trl_lint.upgrade.report import FileReport, UpgradeReport

if TYPE_CHECKING:
    from trl_lint.fixer import Fixed

CLEAN, BREAKS, FAILED = 0, 1, 2
_TRANSFORMERS = "--target-transformers"


class _Outcome:
    """What was found so far."""

    def __init__(self) -> None:
        self.files: list[FileReport] = []
        self.problems: list[Finding] = []
        self.changes: list[tuple[Document, bytes]] = []
        self.ahead: list[str] = []
        self.fixed_documents: dict[str, Document] = {}
        self.looked_at = self.fixed = 0
        self.failed = False

    def report(self) -> UpgradeReport:
        """All of it."""
        notes = []
        if self.ahead:
            named = ", ".join(self.ahead[:3]) + (f" and {len(self.ahead) - 3} more" if len(self.ahead) > 3 else "")
            notes.append(f"on a newer release than this already, and left aside: {named}")
        return UpgradeReport(tuple(self.files), tuple(self.problems), tuple(notes), self.looked_at, self.fixed)


def upgrade(arguments: argparse.Namespace, backend: Backend) -> int:
    """Says what an upgrade would change in the files that the command line names, and returns the exit code."""
    _check(arguments)
    session = Session(arguments, backend)
    for read, wish, flag in _asked_twice(session):
        raise ConfigurationError("", 0, f"--facts-from: {read} says which release is meant, {flag} {wish} too")
    outcome = _Outcome()
    try:
        _compare(session, outcome)
    except NoSuchReleaseError as error:
        raise ConfigurationError("", 0, str(error)) from None
    report = outcome.report()
    if arguments.diff:
        _print_diff(outcome)
    else:
        _print(report, arguments)
    outcome.failed |= bool(outcome.problems)
    return FAILED if outcome.failed else BREAKS if report.breaks else CLEAN


def _check(arguments: argparse.Namespace) -> None:
    """Raises ConfigurationError for a release that is none, and where none to move to is named."""
    from trl_lint.targets.resolver import check_specifier

    if arguments.to is None and not arguments.facts_from:
        raise ConfigurationError("", 0, "name the release to move to: `--to 1.16`, or `--facts-from ../trl`")
    for flag, text in (
        ("--to", arguments.to),
        ("--from", arguments.from_trl),
        (_TRANSFORMERS, arguments.to_transformers),
        ("--from-transformers", arguments.from_transformers),
    ):
        wrong = check_specifier(text) if text is not None else None
        if wrong is not None:
            raise ConfigurationError("", 0, f"{flag}: {wrong}")


def _asked_twice(session: Session) -> Iterator[tuple[str, str, str]]:
    wishes = {"trl": (session.arguments.to, "--to"), "transformers": (session.arguments.to_transformers, _TRANSFORMERS)}
    for read in session.read:
        wish, flag = wishes.get(read.package, (None, ""))
        if wish is not None:
            yield read.path, wish, flag


def _compare(session: Session, outcome: _Outcome) -> None:
    found = files(session)
    outcome.problems += map(unreadable, found.problems)
    comparisons: dict[Configuration, Comparison] = {}
    for file in found.files:
        if file.configuration not in comparisons:
            comparisons[file.configuration] = _comparison(session, file.configuration)
    fixing = session.arguments.fix or session.arguments.pin_defaults or session.arguments.diff
    progress = Progress(len(found.files) * (2 if fixing else 1))
    try:
        if fixing:
            for file in found.files:
                progress.step(file.shown)
                _fix(session.arguments, comparisons[file.configuration], file, outcome)
        for file in found.files:
            progress.step(file.shown)
            outcome.looked_at += 1
            _one(comparisons[file.configuration], file, outcome)
    finally:
        progress.close()
    outcome.failed |= any(comparison.failed for comparison in comparisons.values())


def _comparison(session: Session, configuration: Configuration) -> Comparison:
    judge = session.judge(configuration)
    given = session.arguments
    asked = Asked(given.to, given.to_transformers, given.from_trl, given.from_transformers, session.read)
    return Comparison(asked, judge.engine, judge.policy.shown)


def _fix(arguments: argparse.Namespace, comparison: Comparison, file: File, outcome: _Outcome) -> None:
    """Apply what was asked for to one file, and to the recipes of which its runs have something to say."""
    document = open_file(file.path, file.shown)
    if document is None or isinstance(document, tuple):
        return
    folder = file.path.parent
    step = comparison.step(document.source, folder)
    if step.old.trl > step.new.trl:
        return
    document = _fixed(arguments, comparison, document, file.path, outcome)
    if not arguments.fix and arguments.pin_defaults:
        return
    for found in comparison.elsewhere(document, folder, step.new):
        path = Path(found.source.path)
        other = open_file(path, found.source.path)
        if isinstance(other, Document) and other.source.text == found.source.text:
            _mend(arguments, comparison, other, path, found.findings, outcome)


def _mend(
    arguments: argparse.Namespace,
    comparison: Comparison,
    document: Document,
    path: Path,
    findings: tuple[Finding, ...],
    outcome: _Outcome,
) -> None:
    """Apply the safe fixes of findings that another file has in this one."""
    from trl_lint.fixer import fix_document

    done = fix_document(document, lambda changed: findings if changed.raw == document.raw else ())
    if _written(arguments, document, path, done, outcome):
        comparison.amend(path, done.document)


def _one(comparison: Comparison, file: File, outcome: _Outcome) -> None:
    path, shown = file.path, file.shown
    document = outcome.fixed_documents.get(shown) or open_file(path, shown)
    if document is None:
        return
    if isinstance(document, tuple):
        outcome.problems += map(unreadable, document)
        return
    outcome.problems += map(unreadable, document.problems)
    step = comparison.step(document.source, path.parent)
    if step.old.trl > step.new.trl:
        if comparison.runs(document, path.parent, step):
            outcome.ahead.append(shown)
        return
    report = comparison.report(document, path.parent)
    if shown in outcome.fixed_documents:
        report = replace(report, today=0, mended=0)  # it is written for the newer releases now
    if report.findings or report.deprecated or report.runs or report.today:
        outcome.files.append(report)


def _fixed(
    arguments: argparse.Namespace, comparison: Comparison, document: Document, path: Path, outcome: _Outcome
) -> Document:
    """The document after the fixes that were asked for; written, or with `--diff` kept for the diff alone."""
    from trl_lint.fixer import fix_document

    folder = path.parent
    fixing = arguments.fix or not arguments.pin_defaults

    def offered(changed: Document) -> tuple[Finding, ...]:
        step = comparison.step(changed.source, folder)
        found = list(comparison.findings(changed, folder, step.new)) if fixing else []
        if arguments.pin_defaults:
            found += (each for run, report in comparison.judged(changed, folder, step) for each in pins(run, report))
        return tuple(found)

    done = fix_document(document, offered)
    return done.document if _written(arguments, document, path, done, outcome) else document


def _written(arguments: argparse.Namespace, document: Document, path: Path, done: Fixed, outcome: _Outcome) -> bool:
    """Whether the fixes changed the document and it was written; with `--diff` it is kept for the diff alone."""
    for note in done.notes:
        print(f"warning: {escape(note)}", file=sys.stderr)
    if done.document.raw == document.raw:
        return False
    outcome.changes.append((document, done.document.raw))
    if arguments.diff:
        return False
    if not write(path, document, done.document.raw):
        outcome.failed = True
        return False
    outcome.fixed += done.fixed
    outcome.fixed_documents[document.source.path] = done.document
    return True


def _print(report: UpgradeReport, arguments: argparse.Namespace) -> None:
    for line in _lines(report, arguments):
        print(line)


def _lines(report: UpgradeReport, arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.output_format == "json":
        from trl_lint.upgrade.data import render as render_data

        return render_data(report)
    if arguments.output_format == "markdown":
        from trl_lint.upgrade.markdown import render as render_markdown

        return render_markdown(report)
    from trl_lint.upgrade.text import render

    return render(report, style_for(sys.stdout), width_of(sys.stdout))


def _print_diff(outcome: _Outcome) -> None:
    from trl_lint.report.diff import diff

    style = style_for(sys.stdout)
    for document, after in outcome.changes:
        for line in diff(document, after, style, sys.stdout.isatty()):
            print(line)
    count = len(outcome.changes)
    words = f"Would change {count} file{'s' if count != 1 else ''}." if count else "Nothing to change."
    print(words, file=sys.stderr)
