"""The page that says what is covered names rules that there are, and a reason wherever it names none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trl_lint.packs.registry import BUILTIN, Registry

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
NAMES = {info.name for info in Registry([BUILTIN]).all_rules()}
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| what |", "|---"))
]


def test_the_tables_are_read() -> None:
    assert len(ROWS) > 60


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_rules_exist_and_what_has_none_has_a_reason(row: tuple[str, ...]) -> None:
    what, rules, left = row
    named = re.findall(r"`([^`]+)`", rules)
    assert set(named) <= NAMES, what
    assert re.sub(r"`[^`]+`|, ", "", rules) == ""
    assert named or len(left) > 20, f"{what}: neither a rule nor a reason"
