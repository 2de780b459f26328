"""A recipe that a script of the project reads: what its runs say of it belongs to the upgrade too."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Upgrade

SCRIPT = """\
from dataclasses import dataclass
from datasets import load_dataset
from trl import ModelConfig, SFTConfig, SFTTrainer, TrlParser


@dataclass
class ScriptArguments:
    rows: str = "org/rows"


script, training, model = TrlParser((ScriptArguments, SFTConfig, ModelConfig)).parse_args_and_config()
trainer = SFTTrainer(model.model_name_or_path, args=training, train_dataset=load_dataset(script.rows, split="train"))
"""
RECIPE = "model_name_or_path: org/model\nrows: org/rows\nmax_seq_length: 512  # tokens\n"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("trl==0.16.1\ntransformers==4.52.4\n")
    (tmp_path / "train.py").write_text(SCRIPT)
    (tmp_path / "run.sh").write_text("python train.py --config recipe.yaml\n")
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    return tmp_path / "recipe.yaml"


def test_the_key_is_named_where_it_stands(recipe: Path, upgrade: Upgrade) -> None:
    result = upgrade()
    assert result.code == 1
    assert "has no argument `max_seq_length`" in result.out
    assert "--> recipe.yaml:3" in result.out


def test_it_is_renamed(recipe: Path, upgrade: Upgrade) -> None:
    upgrade("--fix")
    assert recipe.read_text() == RECIPE.replace("max_seq_length", "max_length")
    assert "max_seq_length" not in upgrade().out


def test_a_diff_shows_it_and_writes_nothing(recipe: Path, upgrade: Upgrade) -> None:
    assert "+max_length: 512  # tokens" in upgrade("--fix", "--diff").out
    assert recipe.read_text() == RECIPE


def test_the_data_hold_the_place(recipe: Path, upgrade: Upgrade) -> None:
    data = upgrade("--output-format", "json").data
    breaks = [each for up in data["upgrades"] for file in up["files"] for each in file["breaks"]]
    assert [(each["filename"], each["location"]["row"]) for each in breaks] == [("recipe.yaml", 3)]


def test_a_lost_key_of_a_recipe_without_a_known_reader(tmp_path: Path, upgrade: Upgrade) -> None:
    (tmp_path / "requirements.txt").write_text("trl==0.18.2\ntransformers==4.52.4\n")
    lines = ["model_name_or_path: org/model", "num_generations: 4", "own_key: 1", "max_prompt_length: 64"]
    (tmp_path / "recipe.yaml").write_text("\n".join(lines) + "\n")
    assert "`max_prompt_length` is no longer an argument of GRPOConfig" in upgrade().out
    assert "--> recipe.yaml:4" in upgrade().out
