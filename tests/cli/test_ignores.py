"""`check --add-ignore`: a comment for each finding, and no other byte is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trl_lint.cli.main import main

from .conftest import Call

MARK = "# trl-lint: ignore"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = bad\n", f"x = bad  {MARK}[bad-word] later\n"),
        ("x = bad", f"x = bad  {MARK}[bad-word] later"),
        ("x = bad, meh, bad\n", f"x = bad, meh, bad  {MARK}[bad-word, meh-word] later\n"),
        ("x = bad  # why\n", f"x = bad  # why  {MARK}[bad-word] later\n"),
        ("x = bad, meh  # trl-lint: ignore[TRL202 ] old\n", "x = bad, meh  # trl-lint: ignore[TRL202, bad-word] old\n"),
        ("x = [\n    bad,\n    1,\n]\n", f"x = [\n    bad,  {MARK}[bad-word] later\n    1,\n]\n"),
        # A comment cannot stand in a string or behind a backslash: it goes to the end of the statement.
        ('x = f(bad, """\n""")\n', f'x = f(bad, """\n""")  {MARK}[bad-word] later\n'),
        ("x = bad + \\\n    1\n", f"x = bad + \\\n    1  {MARK}[bad-word] later\n"),
        ("x = (\n  1 + \\\n  bad\n)\n", f"x = (\n  1 + \\\n  bad  {MARK}[bad-word] later\n)\n"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_where_the_comment_goes(trl_lint: Call, before: str, after: str, ends: str) -> None:
    Path("a.py").write_bytes(before.replace("\n", ends).encode())
    result = trl_lint("check", "--add-ignore=later")
    assert (result.code, result.err) == (0, "")
    assert Path("a.py").read_bytes() == after.replace("\n", ends).encode()
    assert trl_lint("check").code == 0


def test_the_reason_may_be_left_out_and_the_next_word_is_a_path(trl_lint: Call) -> None:
    Path("a.py").write_text("bad\n")
    Path("b.py").write_text("bad\n")
    assert trl_lint("check", "--add-ignore", "a.py").out == "Added 1 suppression in 1 file.\n"
    assert Path("a.py").read_text() == f"bad  {MARK}[bad-word]\n"
    assert Path("b.py").read_text() == "bad\n"


def test_a_byte_order_mark_an_encoding_and_odd_bytes_stay(trl_lint: Call) -> None:
    Path("a.py").write_bytes(b"\xef\xbb\xbfx = bad\t \r\n\x0c\ny = 1")
    Path("b.py").write_bytes(b"# -*- coding: latin-1 -*-\nx = '\xe9', bad\n")
    assert trl_lint("check", "--add-ignore").code == 0
    assert Path("a.py").read_bytes() == f"\ufeffx = bad  {MARK}[bad-word]\t \r\n\x0c\ny = 1".encode()
    assert Path("b.py").read_bytes() == f"# -*- coding: latin-1 -*-\nx = 'é', bad  {MARK}[bad-word]\n".encode("latin-1")


def test_a_cell_of_a_notebook_gets_it_and_the_json_stays(trl_lint: Call) -> None:
    text = '{"cells": [{"cell_type": "code",\n\t"source": ["x = bad\\n", "y"]}],  "x": 1e3}'
    Path("a.ipynb").write_text(text)
    assert trl_lint("check", "--add-ignore").code == 0
    assert Path("a.ipynb").read_text() == text.replace("bad", f"bad  {MARK}[bad-word]")
    json.loads(Path("a.ipynb").read_text())


def test_yaml_gets_it_where_the_values_stay_the_same(trl_lint: Call) -> None:
    Path("a.yaml").write_text("x: bad\ny: |\n  text\nz: bad\n  text\n")
    result = trl_lint("check", "--add-ignore")
    assert Path("a.yaml").read_text() == f"x: bad  {MARK}[bad-word]\ny: |\n  text\nz: bad\n  text\n"
    assert result.err == "warning: a.yaml:4:4: TRL201 bad-word cannot be suppressed by a comment\n"


def test_a_command_gets_it_at_its_end_where_the_line_is_continued(trl_lint: Call) -> None:
    Path("a.sh").write_text("run bad\nrun \\\n  bad \\\n  --x\necho 'a\nbad\nb'\n")
    result = trl_lint("check", "a.sh", "--add-ignore")
    mark = f"{MARK}[bad-word]"
    assert Path("a.sh").read_text() == f"run bad  {mark}\nrun \\\n  bad \\\n  --x  {mark}\necho 'a\nbad\nb'\n"
    assert [line.split(" ")[1] for line in result.err.splitlines()] == ["a.sh:6:1:"]


def test_what_an_importing_script_makes_of_a_module_gets_it_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements.txt").write_text("trl==1.9.2\n")
    Path("settings.py").write_text("def settings():\n    return {'max_seq_length': 512}\n")
    script = "from settings import settings\nfrom trl import SFTConfig\nargs = SFTConfig(**settings())\n"
    Path("train.py").write_text(script)
    assert main(["check", "-q", "--output-format", "concise"]) == 1
    places = [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()]
    assert main(["check", "--add-ignore=so"]) == 0
    assert f"Added {len(places)} suppression" in capsys.readouterr().out
    assert main(["check", "-q", "--output-format", "concise"]) == 0
    assert capsys.readouterr().out == ""
    assert any(place.startswith("settings.py:") for place in places)


def test_what_cannot_be_suppressed_is_said(trl_lint: Call) -> None:
    Path("a.json").write_text('{"x": "bad"}\n')
    Path("b.ipynb").write_text("{")
    result = trl_lint("check", "--add-ignore")
    assert result.out == "Added 0 suppressions in 0 files.\n"
    assert [line.split(" cannot")[0] for line in result.err.splitlines()] == [
        "warning: a.json:1:8: TRL201 bad-word",
        "warning: b.ipynb:1:2: TRL001 unparsable-file",
    ]
    assert Path("a.json").read_text() == '{"x": "bad"}\n'


def test_known_findings_get_none(trl_lint: Call) -> None:
    Path("a.py").write_text("x = bad\n")
    trl_lint("baseline", "--baseline", "known.txt")
    Path("a.py").write_text("x = bad\ny = bad\n")
    trl_lint("check", "--baseline", "known.txt", "--add-ignore")
    assert Path("a.py").read_text() == f"x = bad\ny = bad  {MARK}[bad-word]\n"


@pytest.mark.parametrize("reason", ["a # b", "two\nlines", "\x1b[2J"])
def test_a_reason_that_no_comment_can_hold(trl_lint: Call, reason: str) -> None:
    Path("a.py").write_text("bad\n")
    result = trl_lint("check", f"--add-ignore={reason}")
    assert (result.code, result.err) == (2, "error: --add-ignore: the reason is one line without `#`\n")
    assert Path("a.py").read_text() == "bad\n"
