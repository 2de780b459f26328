"""`trl-lint check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from trl_lint.cli.backend import Backend
from trl_lint.cli.inputs import files, standard_input, uses_standard_input
from trl_lint.cli.session import Judge, Session
from trl_lint.cli.terminal import Progress, style_for, width_of
from trl_lint.cli.writing import write
from trl_lint.engine import order, split, unreadable
from trl_lint.model.finding import Finding, Severity
from trl_lint.paths import repository
from trl_lint.report.render import FOR_PEOPLE, Context, render
from trl_lint.report.summary import Tally, summary
from trl_lint.report.text import escape
from trl_lint.report.texts import Texts
from trl_lint.sources.document import Document

CLEAN, FOUND, FAILED = 0, 1, 2


class _Outcome:
    """What was found so far."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.spared: dict[Judge, list[Finding]] = {}
        self.documents: dict[str, Document] = {}
        self.changes: list[tuple[Document, bytes]] = []  # before, after
        self.files = self.runs = self.fixed = 0
        self.failed = False

    def add(self, judge: Judge, findings: Iterable[Finding]) -> None:
        """Keep what is shown of a file, and apart from it what is gathered over all of them."""
        shown, spared = split(findings)
        self.findings += shown
        self.spared.setdefault(judge, []).extend(spared)


def check(arguments: argparse.Namespace, backend: Backend) -> int:
    """Checks what the command line names, reports, and returns the exit code."""
    session = Session(arguments, backend)
    outcome = _Outcome()
    if uses_standard_input(session):
        _check_standard_input(session, outcome)
    else:
        _check_files(session, outcome)
    for judge in session.judges.values():
        outcome.findings += _project_findings(judge, outcome.spared.get(judge, []))
    outcome.findings.sort(key=order)
    outcome.failed |= session.failed
    if arguments.diff:
        return _report_diff(outcome)
    _report(session, outcome)
    if outcome.failed:
        return FAILED
    counts = any(finding.severity is not Severity.INFO for finding in outcome.findings)
    return FOUND if counts and not arguments.exit_zero else CLEAN


def _project_findings(judge: Judge, spared: list[Finding]) -> Iterator[Finding]:
    for finding in judge.engine.project_findings(spared):
        yield from judge.policy.shown((finding,), None, Path(finding.place.path).absolute())


def _check_files(session: Session, outcome: _Outcome) -> None:
    found = files(session, affected=True)
    outcome.findings += map(unreadable, found.problems)
    progress = Progress(len(found.files))
    try:
        for file in found.files:
            progress.step(file.shown)
            judge = session.judge(file.configuration)
            checked = judge.engine.check_file(file.path, file.shown)
            outcome.files += 1
            outcome.runs += checked.runs
            findings = judge.policy.shown(checked.findings, checked.source, file.path)
            if findings and checked.document is not None:
                document, findings = _fixed(session, judge, checked.document, findings, file.path, outcome)
                outcome.documents[file.shown] = document
            outcome.add(judge, findings)
    finally:
        progress.close()


def _check_standard_input(session: Session, outcome: _Outcome) -> None:
    given = standard_input(session)
    if given is None:
        return
    outcome.files = 1
    if not isinstance(given.read, Document):
        outcome.findings += map(unreadable, given.read)
        after = given.raw
    else:
        judge = session.judge(given.configuration)
        checked = judge.engine.check_document(given.read, given.path.parent)
        outcome.runs = checked.runs
        findings = judge.policy.shown(checked.findings, given.read.source, given.path)
        document, findings = _fixed(session, judge, given.read, findings, None, outcome)
        outcome.documents[document.source.path] = document
        outcome.add(judge, findings)
        after = document.raw
    if session.arguments.fix and not session.arguments.diff:
        sys.stdout.flush()
        sys.stdout.buffer.write(after)


def _fixed(
    session: Session,
    judge: Judge,
    document: Document,
    findings: tuple[Finding, ...],
    path: Path | None,
    outcome: _Outcome,
) -> tuple[Document, tuple[Finding, ...]]:
    """The document and its findings after the fixes that were asked for. `path` None: nothing is written."""
    arguments = session.arguments
    if not (arguments.fix or arguments.diff):
        return document, findings
    from trl_lint.fixer import can_fix, fix_document

    unsafe = judge.policy.configuration.unsafe_fixes
    if not can_fix(findings, unsafe):
        return document, findings
    where = path or Path(document.source.path).absolute()

    def again(changed: Document) -> tuple[Finding, ...]:
        checked = judge.engine.check_document(changed, where.parent)
        return judge.policy.shown(checked.findings, changed.source, where)

    fixed = fix_document(document, again, unsafe)
    for note in fixed.notes:
        print(f"warning: {escape(note)}", file=sys.stderr)
    if fixed.document.raw == document.raw:
        return document, findings
    if not arguments.diff and path is not None and not write(path, document, fixed.document.raw):
        outcome.failed = True
        return document, findings
    outcome.changes.append((document, fixed.document.raw))
    outcome.fixed += fixed.fixed
    return fixed.document, fixed.findings


def _report(session: Session, outcome: _Outcome) -> None:
    name = session.main_configuration.output_format
    fixed_to_stdout = session.arguments.fix and uses_standard_input(session)
    stream = sys.stderr if fixed_to_stdout else sys.stdout
    texts = Texts(documents=outcome.documents)
    rules = session.backend.all_rules
    context = Context(texts, width_of(stream), style_for(stream), repository(Path.cwd()), rules)
    _print(render(name, outcome.findings, context), stream)
    if name in FOR_PEOPLE and not session.arguments.quiet:
        tally = Tally(outcome.files, outcome.runs, outcome.fixed)
        _print(summary(outcome.findings, tally, context.style, session.main_configuration.unsafe_fixes), stream)


def _report_diff(outcome: _Outcome) -> int:
    """Prints the changes and nothing else, as ruff does: what cannot be fixed is for a run without --diff."""
    from trl_lint.report.diff import diff

    style = style_for(sys.stdout)
    for document, after in outcome.changes:
        _print(diff(document, after, style, sys.stdout.isatty()), sys.stdout)
    words = f"{outcome.fixed} finding{'s' if outcome.fixed != 1 else ''}"
    print(f"Would fix {words}." if outcome.fixed else "No fixes to make.", file=sys.stderr)
    if outcome.failed:
        return FAILED
    return FOUND if outcome.changes else CLEAN


def _print(lines: Iterable[str], stream: TextIO) -> None:
    stream.write("".join(f"{line}\n" for line in lines))
