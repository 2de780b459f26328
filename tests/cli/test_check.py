"""`trl-lint check` through the real entry point: output, exit codes, precedence, fixes."""

from __future__ import annotations

import io
import json
import sys
import textwrap
from pathlib import Path

import pytest

from trl_lint.cli.main import main
from trl_lint.edits import write

from .conftest import Call, WordBackend


def test_a_clean_project(trl_lint: Call) -> None:
    Path("a.py").write_text("x = 1\n")
    assert trl_lint("check") == trl_lint("check", ".")
    result = trl_lint("check")
    assert (result.code, result.out, result.err) == (0, "All checks passed: 1 file, 0 runs\n", "")


def test_findings_in_full(trl_lint: Call) -> None:
    Path("a.py").write_text("x = bad\n")
    result = trl_lint("check", "a.py")
    assert result.code == 1
    assert result.out == textwrap.dedent("""\
        error[TRL201]: `bad` is used
         --> a.py:1:5
          |
        1 | x = bad
          |     ^^^ stops when the config is made
          |
          = fix: write good [safe, `--fix`]
          |
        1 - x = bad
          + x = good
          |
          = help: `trl-lint rule bad-word`

        Found 1 error in 1 file, 1 run.
        1 fixable with `--fix`.
        """)


def test_every_file_is_in_the_report_in_order(trl_lint: Call) -> None:
    Path("b.py").write_text("x = bad\n")
    Path("a.yaml").write_text("x: meh # tip\n")
    result = trl_lint("check", "b.py", "a.yaml", "--output-format", "concise")
    assert result.lines == [
        "a.yaml:1:4: TRL202[meh-word] possible warning: `meh` is used",
        "a.yaml:1:10: TRL301[tip-word] info: `tip` is used",
        "b.py:1:5: TRL201[bad-word] error: `bad` is used",
        "Found 1 error, 1 warning, 1 info in 2 files, 3 runs.",
        "1 fixable with `--fix` (1 more with `--unsafe-fixes`).",
    ]


@pytest.mark.parametrize(
    ("text", "flags", "code"),
    [
        ("x", [], 0),
        ("tip", [], 0),
        ("meh", [], 1),
        ("bad", [], 1),
        ("bad", ["--exit-zero"], 0),
        ("meh", ["--min-confidence", "certain"], 0),
        ("bad", ["--ignore", "TRL201"], 0),
        ("bad", ["--select", "TRL3"], 0),
        ("crash", [], 2),
        ("crash", ["--exit-zero"], 2),
        ("crash", ["--ignore", "ALL"], 2),
    ],
)
def test_exit_codes(trl_lint: Call, text: str, flags: list[str], code: int) -> None:
    Path("a.py").write_text(f"{text}\n")
    result = trl_lint("check", *flags)
    assert result.code == code
    assert ("TRL002" in result.out) == (text == "crash")


def test_bad_files_are_findings_and_the_rest_is_checked(trl_lint: Call) -> None:
    Path("a.py").write_bytes(b"x = '\xff'\n")
    Path("b.py").write_text("bad\n")
    Path("c.ipynb").write_text("{")
    result = trl_lint("check", "gone.py", ".", "--output-format", "concise")
    assert result.code == 1
    assert [line.split(" ")[:2] for line in result.lines[:4]] == [
        ["a.py:1:6:", "TRL001[unparsable-file]"],
        ["b.py:1:1:", "TRL201[bad-word]"],
        ["c.ipynb:1:2:", "TRL001[unparsable-file]"],
        ["gone.py:1:1:", "TRL001[unparsable-file]"],
    ]


def test_no_files_are_a_warning(trl_lint: Call) -> None:
    result = trl_lint("check")
    assert (result.code, result.err) == (0, "warning: no files to check under the given paths\n")


def test_json_is_all_there_is_on_standard_output(trl_lint: Call) -> None:
    Path("a.py").write_text("x = bad\n")
    result = trl_lint("check", "--output-format", "json")
    (finding,) = json.loads(result.out)
    assert (result.code, finding["filename"], finding["fix"]["edits"][0]["content"]) == (1, "a.py", "good")
    Path("a.py").write_text("")
    assert trl_lint("check", "--output-format", "json").out == "[]\n"


def test_quiet_leaves_the_findings(trl_lint: Call) -> None:
    Path("a.py").write_text("bad\n")
    assert (
        trl_lint("check", "-q", "--output-format", "concise").out == "a.py:1:1: TRL201[bad-word] error: `bad` is used\n"
    )
    Path("a.py").write_text("\n")
    assert trl_lint("check", "-q").out == ""


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--output-format", "xml"], "invalid choice: 'xml'"),
        (["--selct", "x"], "unrecognized arguments: --selct"),
        (["--select", "TRL999"], "error: command line: unknown rule selector `TRL999`"),
        (["--ignore", "bad-wrd"], "did you mean `bad-word`?"),
        (["--target-trl", "nine"], "error: --target-trl: 'nine' is neither a release nor a specifier"),
        (["--target-trl", ""], "error: --target-trl: names no release"),
        (["--config", "gone.toml"], "error: gone.toml: cannot be read"),
        (["-", "a.py"], "`-` (standard input) cannot be combined with other paths"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_message(trl_lint: Call, flags: list[str], message: str) -> None:
    Path("a.py").write_text("bad\n")
    result = trl_lint("check", *flags)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = []", "error: trl-lint.toml:1: `selct` is no setting; did you mean `select`?"),
        ("ignore = ['TRL9']", "error: trl-lint.toml:1: unknown rule selector `TRL9`"),
        ("target-trl = 'nine'", "error: trl-lint.toml:1: `target-trl`: 'nine' is neither a release nor a specifier"),
    ],
)
def test_wrong_configuration_is_exit_2_with_file_and_line(trl_lint: Call, text: str, message: str) -> None:
    Path("a.py").write_text("bad\n")
    Path("trl-lint.toml").write_text(f"{text}\n")
    result = trl_lint("check")
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_no_command_prints_the_help(trl_lint: Call) -> None:
    result = trl_lint()
    assert result.code == 2
    assert "usage: trl-lint" in result.out
    assert trl_lint("--help").code == 0


def test_the_command_line_wins_over_the_configuration(trl_lint: Call) -> None:
    Path("a.py").write_text("bad meh tip\n")
    Path("pyproject.toml").write_text(
        "[tool.trl-lint]\nignore = ['bad-word']\noutput-format = 'concise'\ntarget-trl = '1.9.2'\n"
    )
    place = "Place(path='pyproject.toml', row=4, column=1, end_row=0, end_column=0, cell=None)"
    assert trl_lint("check", "-q").lines == [
        f"a.py:1:5: TRL202[meh-word] possible warning: `meh` is used with ('1.9.2', {place})",
        f"a.py:1:9: TRL301[tip-word] info: `tip` is used with ('1.9.2', {place})",
    ]
    assert trl_lint("check", "-q", "--select", "TRL201", "--target-trl", ">=1,<2").lines == [
        "a.py:1:1: TRL201[bad-word] error: `bad` is used with >=1,<2"
    ]
    assert len(trl_lint("check", "-q", "--extend-select", "TRL201").lines) == 3
    assert trl_lint("check", "-q", "--isolated", "--select", "TRL3").out.startswith("info[TRL301]")


def test_per_file_ignores_and_nested_configuration(trl_lint: Call) -> None:
    for name in ("src/a.py", "tests/b.py", "other/c.py"):
        Path(name).parent.mkdir()
        Path(name).write_text("bad meh\n")
    Path("trl-lint.toml").write_text("[per-file-ignores]\n'tests/*' = ['TRL201']\n'!src/*' = ['meh-word']\n")
    Path("other/trl-lint.toml").write_text("select = ['TRL202']\n")
    lines = trl_lint("check", "-q", "--output-format", "concise").lines
    assert [line.split(" ")[0] + " " + line.split(" ")[1] for line in lines] == [
        "other/c.py:1:5: TRL202[meh-word]",
        "src/a.py:1:1: TRL201[bad-word]",
        "src/a.py:1:5: TRL202[meh-word]",
    ]


def test_suppressions_count_before_confidence_hides(trl_lint: Call) -> None:
    Path("a.py").write_text("x = meh  # trl-lint: ignore[TRL202]\ny = bad  # trl-lint: ignore[TRL202]\n")
    lines = trl_lint("check", "-q", "--output-format", "concise", "--min-confidence", "certain").lines
    assert [line.split(" ")[:2] for line in lines] == [
        ["a.py:2:5:", "TRL201[bad-word]"],
        ["a.py:2:10:", "TRL010[unused-suppression]"],
    ]


def test_findings_on_the_project_come_once(trl_lint: Call) -> None:
    Path("a.py").write_text("x\n")
    Path("requirements.txt").write_text("trl>=0.12\n")
    assert trl_lint("check", "--output-format", "concise").lines == [
        "requirements.txt:1:1: TRL801[bound] info: the lower bound is not real",
        "Found 1 info in 1 file, 0 runs.",
    ]
    assert trl_lint("check", "-q", "--ignore", "bound").out == ""


def test_fix_applies_the_safe_fixes_until_nothing_changes(trl_lint: Call) -> None:
    Path("a.py").write_bytes(b"# caf\xc3\xa9\r\nx = chain, bad, meh\r\n")
    result = trl_lint("check", "--fix", "--output-format", "concise")
    assert Path("a.py").read_bytes() == b"# caf\xc3\xa9\r\nx = good, good, meh\r\n"
    assert result.code == 1
    assert result.lines == [
        "a.py:2:17: TRL202[meh-word] possible warning: `meh` is used",
        "Found 1 warning in 1 file, 3 runs (3 findings fixed).",
        "1 fixable with `--fix --unsafe-fixes`.",
    ]
    assert trl_lint("check", "--fix", "--unsafe-fixes").code == 0
    assert Path("a.py").read_bytes() == b"# caf\xc3\xa9\r\nx = good, good, fine\r\n"


def test_fix_in_a_notebook_changes_only_that_cell(trl_lint: Call) -> None:
    before = (
        '{"cells": [{"cell_type": "code", "source": ["!pip install trl\\n", "x = bad"], "outputs": [ ]},\n'
        ' {"cell_type": "markdown", "source": "bad"}], "metadata": {}, "nbformat": 4}'
    )
    Path("n.ipynb").write_text(before)
    assert trl_lint("check", "--fix").code == 0
    assert Path("n.ipynb").read_text() == before.replace("x = bad", "x = good")


def test_fixes_may_be_forbidden(trl_lint: Call) -> None:
    Path("a.py").write_text("x = [bad, chain, meh]\n")
    Path("trl-lint.toml").write_text("unfixable = ['TRL201']\nunsafe-fixes = true\n")
    result = trl_lint("check", "--fix", "-q", "--output-format", "json")
    assert Path("a.py").read_text() == "x = [bad, bad, fine]\n"
    assert [(finding["code"], finding["fix"]) for finding in json.loads(result.out)] == [("TRL201", None)] * 2


def test_a_fix_that_breaks_the_file_is_left_out(trl_lint: Call) -> None:
    Path("a.py").write_text("x = [worse, bad]\n")
    result = trl_lint("check", "--fix", "-q", "--output-format", "concise")
    assert Path("a.py").read_text() == "x = [worse, good]\n"
    assert result.err == "warning: a.py:1: the fix of TRL501 was left out: its result does not parse\n"
    assert result.lines == ["a.py:1:6: TRL501[worse-word] error: `worse` is used"]


def test_fixes_that_undo_one_another_change_nothing(trl_lint: Call) -> None:
    Path("a.py").write_text("x = [ping, bad]\n")
    result = trl_lint("check", "--fix", "-q")
    assert Path("a.py").read_text() == "x = [ping, bad]\n"
    assert "a.py: the fixes undo one another, so none was applied" in result.err
    assert result.code == 1


def test_diff_writes_nothing(trl_lint: Call) -> None:
    Path("a.py").write_text("x = 1\ny = bad\nz = meh")
    result = trl_lint("check", "--diff")
    assert (
        result.out
        == "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n x = 1\n-y = bad\n+y = good\n z = meh\n\\ No newline at end of file\n"
    )
    assert (result.code, result.err) == (1, "Would fix 1 finding.\n")
    assert Path("a.py").read_text() == "x = 1\ny = bad\nz = meh"
    assert "+z = fine" in trl_lint("check", "--diff", "--unsafe-fixes").out
    Path("a.py").write_text("meh\n")
    result = trl_lint("check", "--diff")
    assert (result.code, result.out, result.err) == (0, "", "No fixes to make.\n")


def test_a_file_that_cannot_be_written_is_an_error_and_the_others_are_fixed(
    trl_lint: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = write.replace_file

    def refuse(path: Path, old: bytes, new: bytes) -> None:
        if path.name == "a.py":
            raise PermissionError(13, "Permission denied")
        real(path, old, new)

    monkeypatch.setattr(write, "replace_file", refuse)
    Path("a.py").write_text("bad\n")
    Path("b.py").write_text("bad\n")
    result = trl_lint("check", "--fix")
    assert result.code == 2
    assert result.err == "error: a.py cannot be written: Permission denied\n"
    assert (Path("a.py").read_text(), Path("b.py").read_text()) == ("bad\n", "good\n")


def standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_standard_input(trl_lint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input(monkeypatch, b"x = bad\n")
    assert trl_lint("check", "-q", "-", "--output-format", "concise").lines == [
        "-:1:5: TRL201[bad-word] error: `bad` is used"
    ]
    standard_input(monkeypatch, b"a: bad\n")
    result = trl_lint("check", "-q", "--stdin-filename", "conf/r.yaml", "--output-format", "concise")
    assert result.lines == ["conf/r.yaml:1:4: TRL201[bad-word] error: `bad` is used"]


def test_standard_input_is_fixed_to_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    standard_input(monkeypatch, b"x = bad, meh\r\n")
    assert main(["check", "--fix", "-"], WordBackend()) == 1
    captured = capfdbinary.readouterr()
    assert captured.out == b"x = good, meh\r\n"
    assert b"Found 1 warning in 1 file, 2 runs (1 finding fixed)." in captured.err


def test_colours_are_asked_of_the_environment(trl_lint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.py").write_text("bad\n")
    assert "\x1b" not in trl_lint("check").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror[TRL201]" in trl_lint("check").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in trl_lint("check").out
