"""The verdicts on findings in real code, counted."""

from __future__ import annotations

import pytest

from ecosystem.precision import key_of, read_verdicts, report, with_report
from ecosystem.scan import Row


def row(code: str, confidence: str = "certain", severity: str = "error") -> Row:
    return Row("a/b", "train.py", 0, 3, code, severity, confidence, f"said | of {code}")


def test_tables_and_what_is_not_right() -> None:
    rows = [row("TRL103"), row("TRL104", "possible"), row("TRL408", severity="warning")]
    verdicts = {key_of(rows[0]): ("right", ""), key_of(rows[1]): ("wrong", "a class of its own")}
    lines = list(report(rows, verdicts))
    assert "| TRL103 | 1 | 1 | 1 | 0 | 0 | 0 |" in lines
    assert "| all | 2 | 1 | 1 | 1 | 0 | 0 |" in lines
    assert "| TRL408 | 1 | 1 | 0 | 0 | 0 | 1 |" in lines
    assert "| TRL104 in a/b: train.py:3 | said \\| of TRL104 | wrong: a class of its own |" in lines


def test_the_page() -> None:
    page = with_report("# T\n<!-- precision -->\nold\n<!-- /precision -->\nend\n", ["new"])
    assert page == "# T\n<!-- precision -->\n\nnew\n<!-- /precision -->\nend\n"
    with pytest.raises(ValueError, match="no part between"):
        with_report("", [])


def test_each_verdict_is_one_of_three() -> None:
    verdicts = read_verdicts()
    assert {verdict for verdict, _ in verdicts.values()} <= {"right", "wrong", "open"}
    assert all(note for verdict, note in verdicts.values() if verdict != "right")
