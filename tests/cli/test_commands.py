"""The other commands, and how the program ends when something outside ends it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import trl_lint
from trl_lint.cli.main import main
from trl_lint.cli.terminal import Progress, style_for, width_of
from trl_lint.engine import Engine
from trl_lint.packs.registry import Registry, RuleInfo

from .conftest import Call, WordBackend, WordEngine


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class FakeRegistry(Registry):
    """Two rules with pages."""

    def __init__(self, folder: Path) -> None:
        super().__init__([])
        self.page_folder = folder / "masks"
        self.page_folder.mkdir()
        for code in ("TRL201", "TRL202"):
            (self.page_folder / f"{code}.md").write_text(f"# page of {code}\n\n\tcode \x1b[2J\n")

    def all_rules(self) -> tuple[RuleInfo, ...]:
        names = {"TRL201": "bad-word", "TRL202": "meh-word"}
        return tuple(RuleInfo(c, n, f"about {n}", self.page_folder / f"{c}.md") for c, n in names.items())

    def facts_summary(self) -> str:
        return "knows trl 1.15.0 and transformers 5.18.0, 2026-07-01"


class PagedBackend(WordBackend):
    """A backend whose rules have pages."""

    def __init__(self, folder: Path) -> None:
        self._registry = FakeRegistry(folder)

    @property
    def registry(self) -> Registry:
        return self._registry


def test_runs_are_printed_with_where_each_value_came_from(trl_lint: Call) -> None:
    Path("a.py").write_text("run\n")
    Path("b.py").write_text("nothing\n")
    assert trl_lint("runs").lines == ["a run --> a.py:1:1", "  model  'm'  <- :1 (line 1)", ""]
    (run,) = json.loads(trl_lint("runs", "--output-format", "json").out)
    assert (run["filename"], run["values"][0]["name"]) == ("a.py", "model")
    result = trl_lint("runs", "b.py")
    assert (result.code, result.out) == (0, "No runs found in 1 file.\n")
    result = trl_lint("runs", "gone.py", "a.py")
    assert (result.code, result.err) == (2, "error: gone.py:1: this path does not exist\n")
    assert result.lines[0] == "a run --> a.py:1:1"


@pytest.mark.parametrize("name", ["bad-word", "TRL201", "trl201"])
def test_rule_prints_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["rule", name], PagedBackend(tmp_path)) == 0
    assert capsys.readouterr().out == "# page of TRL201\n\n    code \\x1b[2J\n"


def test_all_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backend = PagedBackend(tmp_path)
    assert main(["rule", "--all"], backend) == 0
    out = capsys.readouterr().out
    assert out.index("# page of TRL201") < out.index("# page of TRL202")
    assert main(["rule", "--all", "--output-format", "json"], backend) == 0
    data = json.loads(capsys.readouterr().out)
    assert [(rule["code"], rule["family"], rule["summary"]) for rule in data] == [
        ("TRL201", "masks", "about bad-word"),
        ("TRL202", "masks", "about meh-word"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bad-wrd"], "error: no rule is called `bad-wrd`; did you mean `bad-word`?"),
        ([], "error: name one rule, or give --all"),
        (["bad-word", "--all"], "error: name one rule, or give --all"),
    ],
)
def test_rule_needs_one_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["rule", *arguments], PagedBackend(tmp_path)) == 2
    assert capsys.readouterr().err == f"{message}\n"


def test_version_names_what_the_facts_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"], PagedBackend(tmp_path)) == 0
    assert capsys.readouterr().out == (
        f"trl-lint {trl_lint.__version__} (knows trl 1.15.0 and transformers 5.18.0, 2026-07-01)\n"
    )


def test_an_interrupt_is_exit_130(trl_lint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: Engine, path: Path, shown: str) -> None:
        raise KeyboardInterrupt

    Path("a.py").write_text("bad\n")
    monkeypatch.setattr(WordEngine, "check_file", interrupt)
    result = trl_lint("check")
    assert (result.code, result.out) == (130, "")


def test_a_defect_of_the_shell_is_exit_2(trl_lint: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*arguments: object) -> None:
        raise ZeroDivisionError("deep inside")

    Path("a.py").write_text("bad\n")
    monkeypatch.setattr("trl_lint.cli.check.render", break_down)
    result = trl_lint("check")
    assert result.code == 2
    assert "ZeroDivisionError: deep inside" in result.err
    assert "this is a defect of trl-lint, please report it" in result.err


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    folder = Path(trl_lint.__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = [
            subprocess.run(
                [sys.executable, "-m", "trl_lint", "check", argument],
                stdout=writing,
                stderr=subprocess.PIPE,
                env=environment,
                cwd=tmp_path,
                timeout=60,
                check=False,
            )
            for argument in ("gone.py", "--help")
        ]
    finally:
        os.close(writing)
    assert [one.stderr for one in done] == [b"", b""]
    assert done[0].returncode == 141


def test_what_the_encoding_lacks_is_written_out(tmp_path: Path) -> None:
    folder = Path(trl_lint.__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "trl_lint", "check", "caf\u00e9.py"],
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"caf\\xe9.py" in done.stdout


def test_starting_imports_nothing_heavy(tmp_path: Path) -> None:
    folder = Path(trl_lint.__file__).parent.parent
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    code = (
        "import sys; from trl_lint.cli.main import main; main(['check', 'gone.py']); "
        "heavy = {'tomllib', 'pathspec', 'packaging', 'ruamel', 'jinja2', 'huggingface_hub', 'difflib', 'tempfile'};"
        " print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder)},
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


def test_the_progress_line_comes_late_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    progress = Progress(3, stream)
    progress.step("a.py")
    assert stream.getvalue() == ""
    now[0] = 1.5
    progress.step("b\x1b.py")
    assert stream.getvalue() == "\r\x1b[Kchecking 2/3 b\\x1b.py"
    progress.close()
    assert stream.getvalue().endswith("b\\x1b.py\r\x1b[K")
    quiet = io.StringIO()
    never = Progress(3, quiet)
    now[0] = 9.0
    never.step("a.py")
    never.close()
    assert quiet.getvalue() == ""


@pytest.mark.parametrize(
    ("environment", "terminal", "on"),
    [
        ({}, False, False),
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"TERM": "xterm", "CLICOLOR": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    ],
)
def test_when_colours_are_on(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, on: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert style_for(Terminal() if terminal else io.StringIO()).on is on


@pytest.mark.parametrize(("columns", "width"), [(None, 100), ("72", 72), ("7", 40), ("9999", 160), ("x", 100)])
def test_the_width_without_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert width_of(io.StringIO()) == width
