"""Runs that are made of several files: each finding is told once, at its own place, whichever files are checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main

CONFIG = """\
from trl import SFTConfig

MODEL = "tiny"
ARGS = SFTConfig(assistant_only_loss=True, max_length=512)
"""
TRAIN = """\
from config import ARGS, MODEL
from datasets import Dataset
from trl import SFTTrainer

rows = Dataset.from_list([{"text": "not conversational"}])
SFTTrainer(MODEL, args=ARGS, train_dataset=rows)
"""
BUILD = """\
from trl import SFTConfig, SFTTrainer


def build(model, **settings):
    return SFTTrainer(model, args=SFTConfig(**settings))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.txt").write_text("trl==1.5.1\ntransformers==5.8.0\n")
    (tmp_path / "config.py").write_text(CONFIG)
    (tmp_path / "train.py").write_text(TRAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    main(["check", "--output-format", "json", "--isolated", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def places(found: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [(Path(each["filename"]).name, each["code"], each["location"]["row"]) for each in found]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("paths", [["."], ["train.py"], ["train.py", "config.py"]])
def test_a_finding_stands_where_the_setting_does(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ("config.py", "TRL205", 4) in places(check(capsys, *paths))
    assert len(places(check(capsys, *paths))) == len(set(places(check(capsys, *paths))))


def test_suppressions_of_the_other_file_count_and_are_used(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config.py").write_text(CONFIG.rstrip() + "  # trl-lint: ignore[TRL205]\n")
    assert check(capsys, "train.py") == []
    assert check(capsys, ".") == []


def test_an_unused_suppression_of_a_file_that_is_not_checked_is_not_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config.py").write_text(CONFIG.rstrip() + "  # trl-lint: ignore[TRL103]\n")
    assert {code for _, code, _ in places(check(capsys, "train.py"))} == {"TRL205"}


def test_only_files_that_are_named_are_fixed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = check(capsys, "train.py", "--fix", "--unsafe-fixes")
    assert (project / "config.py").read_text() == CONFIG
    assert [each["fix"] for each in found] == [None]


def test_a_trainer_that_a_function_of_another_file_makes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "build.py").write_text(BUILD)
    (project / "train.py").write_text("from build import build\n\nbuild('tiny', max_seq_length=64).train()\n")
    for paths in (".", "train.py"):
        assert places(check(capsys, paths)) == [("build.py", "TRL701", 5), ("train.py", "TRL103", 3)]


def test_a_module_that_another_script_patches_trainers_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "loading.py").write_text("import unsloth\n\nNAME = 'tiny'\n")
    text = "from loading import NAME\nfrom trl import SFTConfig, SFTTrainer\nSFTTrainer(NAME, tokenizer=1)\n"
    (project / "train.py").write_text(text)
    assert check(capsys, "train.py") == []


def test_runs_name_the_files_that_values_come_from(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["runs", "train.py"])
    printed = capsys.readouterr().out
    assert "config.py:4" in printed
    assert "<- :1 (imported from config)" in printed
