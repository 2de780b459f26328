"""The plugin in the real flake8."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from trl_lint.flake8_plugin import Plugin

SCRIPT = """\
from trl import SFTConfig, SFTTrainer

args = SFTConfig(
    packing=True, max_length=None,
)
SFTTrainer("m", args=args, train_dataset=rows)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("trl==1.9.2\n")
    (tmp_path / "train.py").write_text(SCRIPT)
    return tmp_path


def found(text: str, name: str = "train.py") -> list[tuple[int, int, str]]:
    plugin = Plugin(ast.parse(text), name, text.splitlines(keepends=True))
    return [(row, column, words.split(" ")[0]) for row, column, words, _ in plugin.run()]


def test_findings_stand_where_flake8_counts_them(project: Path) -> None:
    assert found(SCRIPT) == [(4, 18, "TRL402")]
    assert found(SCRIPT.replace("args = ", "é = args = "))[0][:2] == (4, 18)


def test_a_file_without_trl_costs_no_analysis(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trl_lint.engine import Engine

    monkeypatch.delattr(Engine, "check_document")
    assert found("import os\n") == []


def test_the_configuration_and_its_own_suppressions_count(project: Path) -> None:
    assert found(SCRIPT.replace("None,\n", "None,  # trl-lint: ignore[TRL402] so\n")) == []
    (project / "sub").mkdir()
    (project / "sub" / "trl-lint.toml").write_text('ignore = ["TRL402"]\n')
    assert found(SCRIPT, "sub/train.py") == []


def test_advice_is_left_out(project: Path) -> None:
    (project / "requirements.txt").write_text("trl>=0.12\n")
    spared = SCRIPT.replace("packing=True, max_length=None", "assistant_only_loss=True")
    assert [code for _, _, code in found(spared)] in ([], ["TRL106"])
    text = "from trl import SFTConfig\nSFTConfig(use_liger_kernel=True)\n"
    (project / "requirements.txt").write_text("trl==1.16.0\n")
    assert found(text) == []


def flake8(project: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "TRL", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.slow
def test_the_real_flake8_shows_selects_and_suppresses(project: Path) -> None:
    (line,) = flake8(project)
    assert line.startswith("./train.py:4:19: TRL402 packing-without-max-length: ")
    assert flake8(project, "--extend-ignore", "TRL4") == []
    (project / "train.py").write_text(SCRIPT.replace("None,\n", "None,  # noqa: TRL402\n"))
    assert flake8(project) == []
    assert len(flake8(project, "--disable-noqa")) == 1
    (project / "train.py").write_text("# flake8: noqa: TRL402\n" + SCRIPT)
    assert flake8(project) == []


@pytest.mark.slow
def test_the_real_flake8_names_the_plugin_and_finds_it_by_itself(project: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "flake8", "--version"], capture_output=True, text=True, check=True)
    assert "trl-lint: " in done.stdout
    (project / "train.py").write_text(SCRIPT.replace("rows", "'d'"))
    done = subprocess.run([sys.executable, "-m", "flake8", "."], capture_output=True, text=True, check=False)
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["TRL402"]
