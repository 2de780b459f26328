"""Checks what a command line names, and fixes what it asks to fix."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from trl_lint.cli.inputs import files, standard_input, uses_standard_input
from trl_lint.cli.session import Judge, Session
from trl_lint.cli.terminal import Progress
from trl_lint.cli.writing import write
from trl_lint.dataclass import replace
from trl_lint.discover import File, is_excluded
from trl_lint.engine import Checked
from trl_lint.gathering import by_file
from trl_lint.model.finding import Applicability, Finding
from trl_lint.model.source import Source
from trl_lint.own_findings import order, split, unreadable
from trl_lint.report.text import escape
from trl_lint.sources.document import Document


class Outcome:
    """What was found so far."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.spared: dict[Judge, list[Finding]] = {}
        self.documents: dict[str, Document] = {}
        self.sources: dict[str, Source] = {}  # files that are not checked and have findings all the same
        self.changes: list[tuple[Document, bytes]] = []  # before, after
        self.checked: list[str] = []  # the paths of the files, as they are shown
        self.runs = self.fixed = 0
        self.failed = False

    def add(self, judge: Judge, findings: Iterable[Finding]) -> None:
        """Keep what is shown of a file, and apart from it what is gathered over all of them."""
        shown, spared = split(findings)
        self.findings += shown
        self.spared.setdefault(judge, []).extend(spared)


def collect(session: Session) -> Outcome:
    """Checks the files or the standard input of this call. Findings come sorted."""
    outcome = Outcome()
    if uses_standard_input(session):
        _check_standard_input(session, outcome)
    else:
        _check_files(session, outcome)
    for judge in session.judges.values():
        outcome.findings += _project_findings(judge, outcome.spared.get(judge, []))
    outcome.findings.sort(key=order)
    outcome.failed |= session.failed
    return outcome


def _project_findings(judge: Judge, spared: list[Finding]) -> Iterator[Finding]:
    for finding in judge.engine.project_findings(spared):
        yield from judge.policy.shown((finding,), None, Path(finding.place.path).absolute())


def _check_files(session: Session, outcome: Outcome) -> None:
    found = files(session, affected=True)
    outcome.findings += map(unreadable, found.problems)
    progress = Progress(len(found.files))
    several: list[Checked] = []
    try:
        for file in found.files:
            progress.step(file.shown)
            checked = session.judge(file.configuration).engine.check_file(file.path, file.shown)
            several.append(checked)
            outcome.checked.append(file.shown)
            outcome.runs += checked.runs
    finally:
        progress.close()
    findings = by_file(several, outcome.checked)
    for file, checked in zip(found.files, several, strict=True):
        _take(session, file, checked, findings.pop(file.shown, ()), outcome)
    others = {path: source for checked in several for path, source in checked.others.items()}
    for path, arrived in findings.items():
        _take_elsewhere(session, others[path], arrived, outcome)


def _take(session: Session, file: File, checked: Checked, found: tuple[Finding, ...], outcome: Outcome) -> None:
    judge = session.judge(file.configuration)
    findings = judge.policy.shown(found, checked.source, file.path)
    if findings and checked.document is not None:
        document, findings = _fixed(session, judge, checked.document, findings, file.path, outcome)
        outcome.documents[file.shown] = document
    outcome.add(judge, findings)


def _take_elsewhere(session: Session, source: Source, found: tuple[Finding, ...], outcome: Outcome) -> None:
    """Findings in a file that this call does not check: its suppressions count, whether they are needed or not, and
    nothing is fixed there."""
    path = Path(source.path).absolute()
    configuration = session.configurations.of(str(path.parent))
    if is_excluded(str(path), configuration):
        return
    judge = session.judge(configuration)
    findings = judge.policy.shown(found, source, path)
    known = {finding.code for finding in found}
    outcome.sources[source.path] = source
    outcome.add(judge, [_not_fixed(finding) for finding in findings if finding.code in known])


def _not_fixed(finding: Finding) -> Finding:
    fixes = (replace(fix, applicability=Applicability.DISPLAY) for fix in finding.fixes)
    return replace(finding, fixes=tuple(fixes))


def _check_standard_input(session: Session, outcome: Outcome) -> None:
    given = standard_input(session)
    if given is None:
        return
    outcome.checked = [session.arguments.stdin_filename or "-"]
    if not isinstance(given.read, Document):
        outcome.findings += map(unreadable, given.read)
        after = given.raw
    else:
        judge = session.judge(given.configuration)
        checked = judge.engine.check_document(given.read, given.path.parent)
        outcome.runs = checked.runs
        sorted_out = by_file([checked], [given.read.source.path])
        findings = judge.policy.shown(sorted_out.pop(given.read.source.path), given.read.source, given.path)
        document, findings = _fixed(session, judge, given.read, findings, None, outcome)
        outcome.documents[document.source.path] = document
        outcome.add(judge, findings)
        for path, arrived in sorted_out.items():
            _take_elsewhere(session, checked.others[path], arrived, outcome)
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
    outcome: Outcome,
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
