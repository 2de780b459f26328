"""The last lines of a report for people."""

from __future__ import annotations

from collections.abc import Sequence

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Applicability, Finding, Severity
from trl_lint.report.text import Style


@dataclass(frozen=True, slots=True)
class Tally:
    """What was looked at, and how many findings were fixed on the way, or known already and left out."""

    files: int
    runs: int
    fixed: int = 0
    known: int = 0


def summary(findings: Sequence[Finding], tally: Tally, style: Style, unsafe: bool = False) -> list[str]:
    """How many findings there are by severity, and how many of them could be fixed. `unsafe`: unsafe fixes are on."""
    looked_at = f"{_count(tally.files, 'file')}, {_count(tally.runs, 'run')}"
    notes = [f"{_count(tally.fixed, 'finding')} fixed"] if tally.fixed else []
    notes += [f"{_count(tally.known, 'known finding')} left out"] if tally.known else []
    fixed = f" ({', '.join(notes)})" if notes else ""
    if not findings:
        return [f"{style.paint('All checks passed', 1, 32)}: {looked_at}{fixed}"]
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
    parts = [_count(number, words[s], plural=s is not Severity.INFO) for s, number in counts.items() if number]
    lines = [f"Found {', '.join(parts)} in {looked_at}{fixed}."]
    offered = [finding.fix for finding in findings if finding.fix is not None]
    safe = sum(fix.applicability is Applicability.SAFE for fix in offered)
    others = len(offered) - safe
    if unsafe:
        safe, others = len(offered), 0
    if safe:
        flags = "--fix --unsafe-fixes" if unsafe else "--fix"
        lines.append(f"{safe} fixable with `{flags}`{f' ({others} more with `--unsafe-fixes`)' if others else ''}.")
    elif others:
        lines.append(f"{others} fixable with `--fix --unsafe-fixes`.")
    return lines


def _count(number: int, word: str, plural: bool = True) -> str:
    return f"{number} {word}{'s' if plural and number != 1 else ''}"
