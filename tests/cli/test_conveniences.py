"""Statistics, watching, completion, links to the documentation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trl_lint.cli.arguments import EVERY, SHELLS, parser

from .conftest import Call


def test_statistics_count_rules_the_most_frequent_first(trl_lint: Call) -> None:
    Path("a.py").write_text("meh\nbad\ntip\nmeh\n")
    result = trl_lint("check", "--statistics")
    assert (result.code, result.lines) == (
        1,
        [
            "2\tTRL202\t[ ] meh-word",
            "1\tTRL201\t[*] bad-word",
            "1\tTRL301\t[ ] tip-word",
            "[*] fixable with `--fix` ([-] some of them)",
        ],
    )
    rows = json.loads(trl_lint("check", "--statistics", "--output-format", "json").out)
    assert rows[1] == {"code": "TRL201", "name": "bad-word", "count": 1, "fixable_count": 1}
    Path("a.py").write_text("\n")
    assert trl_lint("check", "--statistics").out == ""


def test_statistics_are_for_people_or_json(trl_lint: Call) -> None:
    result = trl_lint("check", "--statistics", "--output-format", "sarif")
    assert (result.code, result.err.splitlines()[-1]) == (2, "error: --statistics cannot be written as sarif")


def test_findings_link_to_the_documentation_that_is_configured(trl_lint: Call) -> None:
    Path("a.py").write_text("bad\n")
    Path("trl-lint.toml").write_text('rule-url = "https://lint.example.org/{name}#{code}"\n')
    (finding,) = json.loads(trl_lint("check", "--output-format", "json").out)
    assert finding["url"] == "https://lint.example.org/bad-word#TRL201"
    log = json.loads(trl_lint("check", "--output-format", "sarif").out)
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"] == finding["url"]


def test_standard_input_cannot_be_watched(trl_lint: Call) -> None:
    assert trl_lint("check", "-", "--watch").err == "error: standard input cannot be watched\n"


@pytest.mark.slow
def test_watching_checks_again_when_a_pin_changes(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "recipe.yaml").write_text(
        "model_name_or_path: m\ndataset_name: d\npacking: true\nmax_length: null\n"
    )
    (tmp_path / "requirements.txt").write_text("trl==1.9.2\n")
    command = [sys.executable, "-m", "trl_lint", "check", "sub", "--watch", "--output-format", "concise"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert "TRL 1.9.2" in _until_it_waits(process)
        time.sleep(0.5)  # the watcher begins after the first report
        (tmp_path / "requirements.txt").write_text("trl==1.16.0\n")
        assert "TRL 1.16.0" in _until_it_waits(process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until_it_waits(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Watching for file changes" in line:
            return "".join(lines)
    raise AssertionError("it ended: " + "".join(lines))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_completion_script_knows_every_command_and_flag(trl_lint: Call, shell: str) -> None:
    script = trl_lint("completion", shell).out
    whole = parser(EVERY)
    (commands,) = (action.choices for action in whole._actions if action.dest == "command")
    assert commands is not None
    for name, own in dict(commands).items():
        assert name in script
        for action in own._actions:
            for flag in action.option_strings:
                assert flag.lstrip("-") in script, (name, flag)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_from_the_script(trl_lint: Call, tmp_path: Path) -> None:
    Path("completion").write_text(trl_lint("completion", "bash").out)
    (tmp_path / "train.py").write_text("")
    asked = """
    source ./completion
    complete() { local line=$1; COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _shtab_trl_lint trl-lint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[@]}"; }
    complete "trl-lint upg"; complete "trl-lint check --output-format s"; complete "trl-lint check tr"
    """
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, env={**os.environ}, check=False)
    assert done.stdout.split() == ["upgrade", "sarif", "train.py"], done.stderr
