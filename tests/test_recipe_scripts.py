"""Recipes that scripts of the project read: they are judged as those read them, and not as `trl sft` would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main

SCRIPT = """\
from dataclasses import dataclass

from datasets import load_dataset
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser


@dataclass
class Mine:
    rows: int = 10


parser = TrlParser((Mine, ScriptArguments, SFTConfig, ModelConfig))
mine, script, args, model = parser.parse_args_and_config()
rows = load_dataset(script.dataset_name)["train"].select(range(mine.rows))
SFTTrainer(model.model_name_or_path, args=args, train_dataset=rows)
"""
RECIPE = "model_name_or_path: tiny\ndataset_name: data\nrows: 5\npacking: false\nload_best_model_at_end: true\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "requirements.txt").write_text("trl==1.5.1\ntransformers==5.8.0\n")
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int, str]]:
    main(["check", "--output-format", "json", "--isolated", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [(f["filename"], f["code"], f["location"]["row"], f["confidence"]) for f in found]


def test_a_recipe_that_nothing_reads_is_taken_to_be_for_the_trl_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "recipe.yaml") == [("recipe.yaml", "TRL812", 5, "certain")]


def test_a_command_says_which_script_reads_a_recipe(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "train.py").write_text(SCRIPT)
    (project / "run.sh").write_text("python train.py --config recipe.yaml\n")
    for paths in (["recipe.yaml"], ["train.py"], ["."], ["recipe.yaml", "train.py"]):
        assert check(capsys, *paths) == [("recipe.yaml", "TRL812", 5, "certain")]
    main(["runs", "recipe.yaml"])
    assert "train.py:15" in capsys.readouterr().out


def test_the_only_script_that_can_read_a_recipe_is_taken_for_the_one_that_does(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "train.py").write_text(SCRIPT)
    assert check(capsys, ".") == [("recipe.yaml", "TRL812", 5, "possible")]
    main(["check", "--isolated", "recipe.yaml"])
    printed = " ".join(capsys.readouterr().out.split())
    assert "no command line says which program reads the recipe; `train.py` is taken for it" in printed


def test_of_several_scripts_none_is_taken_for_the_one_that_reads_a_recipe(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "train.py").write_text(SCRIPT)
    (project / "other.py").write_text(SCRIPT)
    assert check(capsys, "recipe.yaml") == [("recipe.yaml", "TRL812", 5, "possible")]


def test_a_recipe_may_be_read_by_a_script_and_by_the_trl_command(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "train.py").write_text(SCRIPT)
    (project / "run.sh").write_text("python train.py --config recipe.yaml\ntrl sft --config recipe.yaml\n")
    assert {(code, row) for _, code, row, _ in check(capsys, "recipe.yaml")} == {
        ("TRL812", 5),
        ("TRL116", 3),
    }


def test_a_recipe_is_read_as_it_stands_in_the_editor(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from trl_lint.engine import Engine
    from trl_lint.model.source import Kind
    from trl_lint.sources.read import from_text

    (project / "train.py").write_text(SCRIPT)
    (project / "run.sh").write_text("python train.py --config recipe.yaml\n")
    engine = Engine(root=project, isolated=True)
    edited = from_text(RECIPE.replace("at_end: true", "at_end: false"), "recipe.yaml", Kind.YAML)
    assert engine.check_document(edited, project).findings == ()
    assert [f.code for f in engine.check_file(project / "recipe.yaml", "recipe.yaml").findings] == ["TRL812"]
    assert check(capsys, "recipe.yaml") != []
