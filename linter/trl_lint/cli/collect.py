"""Checks what a command line names, and fixes what it asks to fix."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from trl_lint.cli.inputs import files, standard_input, uses_standard_input
from trl_lint.cli.session import Judge, Session
from trl_lint.cli.verdicts import check_all
from trl_lint.dataclass import replace
from trl_lint.discover import File, is_excluded
from trl_lint.engine import Checked
from trl_lint.gathering import by_file
from trl_lint.model.finding import Applicability, Finding
from trl_lint.model.source import Source
from trl_lint.own_findings import order, split, unreadable
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
        self._said: set[Finding] = set()
        self.runs = self.fixed = 0
        self.failed = False

    def news(self, findings: Iterable[Finding], path: str) -> list[Finding]:
        """`findings` of the file at `path` without those in other files (its lock file) that were shown already."""
        new = [finding for finding in findings if finding not in self._said]
        self._said.update(finding for finding in new if finding.place.path != path)
        return new

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
    several = check_all(session, found.files)
    outcome.checked = [file.shown for file in found.files]
    outcome.runs = sum(checked.runs for checked in several)
    outcome.failed |= any(checked.failed for checked in several)
    arrived_at = {finding.place.path for checked in several for finding in checked.elsewhere}
    several = [
        _opened(file, checked) if file.shown in arrived_at else checked
        for file, checked in zip(found.files, several, strict=True)
    ]
    several = _mended(session, found.files, several, outcome, write=True)
    findings = by_file(several, outcome.checked)
    for file, checked in zip(found.files, several, strict=True):
        _take(session, file, checked, findings.pop(file.shown, ()), outcome)
    others = {path: source for checked in several for path, source in checked.others.items()}
    for path, arrived in findings.items():
        _take_elsewhere(session, others[path], arrived, outcome)


def _opened(file: File, checked: Checked) -> Checked:
    """A file that makes no run by itself, with its text: the runs of others have findings there."""
    if checked.document is not None:
        return checked
    from trl_lint.sources.read import read

    document = read(file.path, file.shown)
    return replace(checked, document=document) if isinstance(document, Document) else checked


def _mended(
    session: Session, files: Sequence[File], several: list[Checked], outcome: Outcome, *, write: bool
) -> list[Checked]:
    """What is found after the fixes that were asked for."""
    arguments = session.arguments
    if not (arguments.fix or arguments.diff):
        return several
    from trl_lint.cli.fixing import fix

    fixed = fix(session, files, several, writes=write and not arguments.diff)
    outcome.changes += fixed.changes
    outcome.fixed += fixed.fixed
    outcome.failed |= fixed.failed
    return fixed.checked


def _take(session: Session, file: File, checked: Checked, found: tuple[Finding, ...], outcome: Outcome) -> None:
    judge = session.judge(file.configuration)
    findings = judge.policy.shown(found, checked.source, file.path)
    if findings and checked.document is not None:
        outcome.documents[file.shown] = checked.document
    outcome.add(judge, outcome.news(findings, file.shown))


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
        file = File(given.path, given.read.source.path, given.configuration)
        judge = session.judge(given.configuration)
        checked = judge.engine.check_document(given.read, given.path.parent)
        outcome.runs = checked.runs
        (checked,) = _mended(session, [file], [checked], outcome, write=False)
        sorted_out = by_file([checked], [file.shown])
        _take(session, file, checked, sorted_out.pop(file.shown), outcome)
        for path, arrived in sorted_out.items():
            _take_elsewhere(session, checked.others[path], arrived, outcome)
        after = checked.document.raw if checked.document is not None else given.raw
    if session.arguments.fix and not session.arguments.diff:
        sys.stdout.flush()
        sys.stdout.buffer.write(after)
