"""`trl-lint check --add-ignore`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from trl_lint.cli.baseline import leave_out
from trl_lint.cli.collect import Outcome
from trl_lint.cli.inputs import uses_standard_input
from trl_lint.cli.session import Session
from trl_lint.cli.writing import write
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.ignoring import NOT_IGNORED, Ignored, add_ignores
from trl_lint.model.finding import Finding
from trl_lint.report.frame import location
from trl_lint.report.text import escape
from trl_lint.sources.document import Document

CLEAN, FAILED = 0, 2


def add(session: Session, outcome: Outcome) -> int:
    """Writes a suppression for each finding into its file, says how many, and returns the exit code."""
    if uses_standard_input(session):
        raise ConfigurationError("", 0, "--add-ignore changes files, not standard input")
    leave_out(session, outcome)
    added = files = 0
    by_path: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_path.setdefault(finding.place.path, []).append(finding)
    for shown, findings in by_path.items():
        document = outcome.documents.get(shown) or _read(shown)
        if document is None or all(finding.code in NOT_IGNORED for finding in findings):
            _tell(findings)
            continue
        done = _in_document(session, document, findings)
        if done.added and not write(Path(shown), document, done.document.raw):
            outcome.failed = True
            continue
        added += done.added
        files += done.added > 0
        _tell((*(finding for finding in findings if finding.code in NOT_IGNORED), *done.left))
    print(f"Added {_count(added, 'suppression')} in {_count(files, 'file')}.")
    return FAILED if outcome.failed else CLEAN


def _read(shown: str) -> Document | None:
    """A file that was not checked itself: a module that a checked script imports."""
    from trl_lint.sources.read import read

    found = read(Path(shown), shown)
    return found if isinstance(found, Document) else None


def _in_document(session: Session, document: Document, findings: list[Finding]) -> Ignored:
    path = Path(document.source.path).absolute()
    judge = session.judge(session.configurations.of(str(path.parent)))

    def check(each: Document) -> tuple[Finding, ...]:
        checked = judge.engine.check_document(each, path.parent)
        return judge.policy.shown(checked.findings, each.source, path)

    try:
        return add_ignores(document, findings, session.arguments.add_ignore, check)
    except ValueError as problem:
        raise ConfigurationError("", 0, f"--add-ignore: {problem}") from None


def _tell(left: Iterable[Finding]) -> None:
    for finding in left:
        message = f"{location(finding.place)}: {finding.code} {escape(finding.name)} cannot be suppressed by a comment"
        print(f"warning: {message}", file=sys.stderr)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
