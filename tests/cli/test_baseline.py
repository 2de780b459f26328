"""`trl-lint baseline` and `check --baseline`: only new findings count, wherever their lines move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Call

NAME = "known.txt"  # the stand-in would find its words in a JSON file


@pytest.fixture
def known(trl_lint: Call) -> Call:
    """A project with two findings on equal lines and one on another, all of them known."""
    Path("a.py").write_text("x = bad\ny = 1\nx = bad\nz = meh\n")
    Path("b.py").write_text("x = tip\n")
    result = trl_lint("baseline", "--baseline", NAME)
    assert (result.code, result.out) == (0, f"{NAME}: 4 findings known (4 added, 0 stale removed).\n")
    return trl_lint


def test_known_findings_are_left_out(known: Call) -> None:
    result = known("check", "--baseline", NAME)
    assert (result.code, result.out) == (0, "All checks passed: 2 files, 4 runs (4 known findings left out)\n")
    assert known("check").code == 1


def test_the_configuration_names_it_relative_to_itself(known: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("trl-lint.toml").write_text(f"baseline = '{NAME}'\n")
    assert known("check").code == 0
    Path("sub").mkdir()
    Path("sub/c.py").write_text("bad\n")
    monkeypatch.chdir("sub")
    result = known("check", "..", "--output-format", "concise")
    assert [Path(line.split(":")[0]).name for line in result.lines[:-2]] == ["c.py"]


def test_moved_and_indented_lines_stay_known_and_one_more_is_new(known: Call) -> None:
    Path("a.py").write_text("# a\n\nif True:\n    x =  bad\n\nz = meh\nx = bad\nx = bad\n")
    result = known("check", "--baseline", NAME, "--output-format", "concise")
    assert (result.code, result.err) == (1, "")
    assert result.lines[0].startswith("a.py:8:5: TRL201[bad-word]")
    assert result.lines[1] == "Found 1 error in 2 files, 5 runs (4 known findings left out)."


def test_a_changed_line_is_new_and_its_entry_stale(known: Call) -> None:
    Path("a.py").write_text("xx = bad\nx = bad\nz = meh\n")
    result = known("check", "--baseline", NAME)
    assert result.code == 1
    assert result.err.splitlines() == [
        f"warning: 1 entry of {NAME} is stale: what it stands for is found no more",
        "  a.py: TRL201 `x = bad`",
        "  `trl-lint baseline --prune` removes them",
    ]
    assert known("check", "--baseline", NAME, "--quiet").err == ""


def test_only_files_that_were_looked_at_or_are_gone_have_stale_entries(known: Call) -> None:
    Path("a.py").write_text("\n")
    assert known("check", "b.py", "--baseline", NAME).err == ""
    Path("a.py").unlink()
    assert "3 entries" in known("check", "b.py", "--baseline", NAME).err


def test_pruning_removes_what_is_stale_and_adds_nothing(known: Call) -> None:
    Path("a.py").write_text("x = bad\nq = bad\n")
    result = known("baseline", "--prune", "--baseline", NAME)
    assert result.lines == [f"{NAME}: 2 findings known (0 added, 2 stale removed).", "1 new finding left to report."]
    assert known("check", "--baseline", NAME).err == ""
    assert known("check", "--baseline", NAME).code == 1


def test_updating_a_part_keeps_the_rest(known: Call) -> None:
    Path("a.py").write_text("q = bad\n")
    Path("b.py").write_text("\n")
    assert known("baseline", "a.py", "--update", "--baseline", NAME).lines == [
        f"{NAME}: 2 findings known (1 added, 3 stale removed)."
    ]
    entries = json.loads(Path(NAME).read_text())["findings"]
    assert [(entry["path"], entry["line"]) for entry in entries] == [("a.py", "q = bad"), ("b.py", "x = tip")]


def test_it_is_not_overwritten_by_accident(known: Call) -> None:
    before = Path(NAME).read_bytes()
    result = known("baseline", "--baseline", NAME)
    assert result.code == 2
    assert "give --update or --prune" in result.err
    assert Path(NAME).read_bytes() == before


def test_writing_it_twice_gives_the_same_bytes(known: Call) -> None:
    before = Path(NAME).read_bytes()
    assert known("baseline", "--update", "--baseline", NAME).lines == [
        f"{NAME}: 4 findings known (0 added, 0 stale removed)."
    ]
    assert Path(NAME).read_bytes() == before


def test_a_defect_of_the_linter_is_never_known(trl_lint: Call) -> None:
    Path("a.py").write_text("crash\n")
    assert trl_lint("baseline", "--baseline", NAME).code == 2
    assert trl_lint("check", "--baseline", NAME).code == 2
    assert "TRL002" in trl_lint("check", "--baseline", NAME).out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "the baseline cannot be read: No such file or directory; see `trl-lint baseline`"),
        ("nothing", "this is no baseline: it is not JSON"),
        ("[" * 100_000, "this is no baseline"),
        ("[]", "this is no baseline of version 1"),
        ('{"version": 2, "findings": []}', "this is no baseline of version 1"),
        ('{"version": 1}', "an entry lacks"),
        ('{"version": 1, "findings": [{"path": "a", "rule": "b", "line": 3, "count": 1}]}', "an entry lacks"),
        ('{"version": 1, "findings": [{"path": "a", "rule": "b", "line": "", "count": -1}]}', "an entry lacks"),
    ],
)
def test_what_is_no_baseline_is_said(trl_lint: Call, text: str | None, message: str) -> None:
    if text is not None:
        Path("base.json").write_text(text)
    Path("a.py").write_text("\n")
    result = trl_lint("check", "a.py", "--baseline", "base.json")
    assert result.code == 2
    assert result.err.startswith("error: base.json")
    assert message in result.err


def test_it_has_a_name_by_default(trl_lint: Call) -> None:
    Path("a.py").write_text("\n")
    assert trl_lint("baseline").out == "trl-lint-baseline.json: 0 findings known (0 added, 0 stale removed).\n"
    assert trl_lint("check", "--baseline", "trl-lint-baseline.json").code == 0
