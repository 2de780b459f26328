"""The findings that no rule makes: on what could not be read, and on a defect of the linter. And the order of all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trl_lint.model.finding import Confidence, Finding, Severity, Stage
from trl_lint.model.source import Source
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Problem

UNPARSABLE = ("TRL001", "unparsable-file")
INTERNAL = ("TRL002", "internal-error")
REPEATED = ("TRL003", "repeated-recipe-key")


def order(finding: Finding) -> tuple[object, ...]:
    """By place, then by code: the order of every report."""
    place = finding.place
    return (place.path, place.cell or 0, place.row, place.column, finding.code, finding.message)


def unreadable(problem: Problem) -> Finding:
    """The finding on a file (or a part of it) that could not be read."""
    code, name = UNPARSABLE
    return Finding(
        code,
        name,
        problem.message,
        Severity(problem.severity),
        Confidence.CERTAIN,
        Stage.IMPORT,
        None,
        problem.place,
    )


def repeated(source: Source, span: Span, message: str) -> Finding:
    """The finding on a key of a recipe that stands twice."""
    return Finding(*REPEATED, message, Severity.WARNING, Confidence.CERTAIN, Stage.SILENT, span, source.place(span))


def internal_error(path: str, error: Exception, place: Place | None = None, rule: str | None = None) -> Finding:
    """The finding that stands for a defect of the linter itself."""
    import traceback

    code, name = INTERNAL
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    what = f"the rule `{rule}` failed" if rule else "the analysis failed"
    message = f"{what} ({type(error).__name__} at {where}: {error}); everything else was checked"
    return Finding(code, name, message, Severity.ERROR, Confidence.CERTAIN, Stage.IMPORT, None, place or Place(path, 1))


def killed(path: str) -> Finding:
    """The finding on a file whose check ended the process that made it."""
    code, name = INTERNAL
    message = "the process that checked this file was killed, perhaps for want of memory; everything else was checked"
    return Finding(code, name, message, Severity.ERROR, Confidence.CERTAIN, Stage.IMPORT, None, Place(path, 1))


def split(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings to show as they are, and those to gather (see `Engine.project_findings`)."""
    shown: list[Finding] = []
    spared: list[Finding] = []
    for finding in findings:
        (shown if finding.spared is None else spared).append(finding)
    return tuple(shown), tuple(spared)
