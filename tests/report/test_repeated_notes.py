"""What a finding has in common with the one above it is said once in the report for people."""

from __future__ import annotations

from trl_lint.model.finding import Confidence, Finding, Severity, Stage
from trl_lint.model.span import Place
from trl_lint.report.full import render
from trl_lint.report.render import Context


def _finding(row: int, released: str, *doubts: str) -> Finding:
    return Finding(
        "TRL999",
        "a-rule",
        "wrong",
        Severity.ERROR,
        Confidence.POSSIBLE,
        Stage.CONFIG,
        None,
        Place("train.py", row),
        released=released,
        doubts=doubts,
    )


def _notes(*findings: Finding) -> list[str]:
    lines = list(render(findings, Context()))
    return [line.strip() for line in lines if "possible:" in line or "releases:" in line]


def test_the_same_words_are_not_said_twice() -> None:
    assert _notes(_finding(1, "trl 1.9.2", "no pin"), _finding(2, "trl 1.9.2", "no pin", "a flag decides")) == [
        "= possible: no pin",
        "= releases: trl 1.9.2",
        "= possible: a flag decides; and as above",
        "= releases: as above",
    ]


def test_other_words_are() -> None:
    assert _notes(_finding(1, "trl 1.9.2", "no pin"), _finding(2, "trl 1.16.0", "a flag decides"))[2:] == [
        "= possible: a flag decides",
        "= releases: trl 1.16.0",
    ]
