"""Scripts that command lines of the project start: flags and recipes are known, and findings stand at their lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main
from trl_lint.engine import Engine
from trl_lint.model.run import Origin, Run
from trl_lint.model.value import Known
from trl_lint.sources.document import Document
from trl_lint.sources.read import read

PARSER = """\
from dataclasses import dataclass

from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser


@dataclass
class Mine:
    rows: int = 10
    note: str = "none"


parser = TrlParser((Mine, ScriptArguments, SFTConfig, ModelConfig))
mine, script_args, training_args, model_args = parser.parse_args_and_config()
SFTTrainer(model_args.model_name_or_path, args=training_args)
"""
RECIPE = "model_name_or_path: tiny\nrows: 5\nmax_length: 64\nlora_r: 8\ndataset_name: data\n"


def runs(folder: Path, name: str = "train.py") -> tuple[Run, ...]:
    document = read(folder / name, name)
    assert isinstance(document, Document)
    return Engine(root=folder, isolated=True).understand(document.source, folder).runs


def values(run: Run) -> dict[str, object]:
    settings = run.settings.items.items()
    return {name: each.value.value if isinstance(each.value, Known) else None for name, each in settings}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.txt").write_text("trl==1.5.1\ntransformers==5.8.0\n")
    (tmp_path / "train.py").write_text(PARSER)
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_script_without_a_command_keeps_what_it_may_be_given_open(folder: Path) -> None:
    (run,) = runs(folder)
    assert (run.config, values(run), run.settings.outside) == ("SFTConfig", {}, True)


def test_a_recipe_is_read_and_flags_override_it(folder: Path) -> None:
    (folder / "run.sh").write_text("accelerate launch train.py --config recipe.yaml --max_length 128 --packing\n")
    (run,) = runs(folder)
    assert values(run) == {"max_length": 128, "packing": True}
    assert run.settings.open is None
    assert {name: each.origin for name, each in run.settings.items.items()} == dict.fromkeys(
        ("max_length", "packing"), Origin.FLAG
    )
    assert run.model.name.trail[0].what == "`model_name_or_path` of recipe.yaml"
    assert str(run.source.place(run.settings.items["packing"].span)) == "run.sh:1"


def test_each_command_and_recipe_is_a_run_of_its_own(folder: Path) -> None:
    (folder / "other.yaml").write_text("model_name_or_path: large\nmax_length: 32\n")
    lines = ("--config recipe.yaml", "--config other.yaml", "--model_name_or_path third --max_length 16")
    (folder / "run.sh").write_text("".join(f"python train.py {line}\n" for line in lines))
    found = runs(folder)
    assert [values(run)["max_length"] for run in found] == [64, 32, 16]
    assert [run.model.name.value for run in found if isinstance(run.model.name, Known)] == ["tiny", "large", "third"]


def test_equal_commands_are_one_run(folder: Path) -> None:
    (folder / "a.sh").write_text("python train.py --config recipe.yaml\n")
    (folder / "b.sh").write_text("accelerate launch train.py --config recipe.yaml\n")
    assert len(runs(folder)) == 1


def test_keys_go_to_the_classes_that_have_them(folder: Path) -> None:
    (folder / "run.sh").write_text("python train.py --config recipe.yaml\n")
    (run,) = runs(folder)
    assert values(run) == {"max_length": 64}


@pytest.mark.parametrize("rest", ['"$@"', "$EXTRA_ARGS"])
def test_words_that_are_not_known_leave_the_rest_open(folder: Path, rest: str) -> None:
    (folder / "run.sh").write_text(f"python train.py --config recipe.yaml {rest}\n")
    (run,) = runs(folder)
    assert run.settings.open is not None
    assert values(run) == {"max_length": None}


def test_argparse_with_a_command(folder: Path) -> None:
    (folder / "train.py").write_text(
        "import argparse\nfrom trl import SFTConfig, SFTTrainer\np = argparse.ArgumentParser()\n"
        "p.add_argument('--lr', type=float, default=1e-5)\np.add_argument('--model', required=True)\n"
        "p.add_argument('--packing', action='store_true')\na = p.parse_args()\n"
        "SFTTrainer(a.model, args=SFTConfig(learning_rate=a.lr, packing=a.packing))\n"
    )
    (folder / "Makefile.sh").write_text("python train.py --model=tiny \\\n  --lr 2e-4\n")
    (run,) = runs(folder)
    assert values(run) == {"learning_rate": 2e-4, "packing": False}
    assert run.model.name == Known("tiny", run.model.name.trail)


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int, str]]:
    main(["check", "--output-format", "json", "--isolated", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [(Path(f["filename"]).name, f["code"], f["location"]["row"], f["severity"]) for f in found]


def test_findings_stand_at_flags_and_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "recipe.yaml").write_text(RECIPE + "max_seq_length: 64\n")
    (folder / "run.sh").write_text("python train.py --config recipe.yaml \\\n    --load_best_model_at_end True\n")
    found = check(capsys, "train.py")
    assert ("recipe.yaml", "TRL103", 6, "error") in found
    assert ("run.sh", "TRL812", 2, "error") in found


def test_a_default_gives_possible_findings_and_a_command_certain_ones(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PARSER.replace("SFTConfig, ModelConfig))", "Config, ModelConfig))").replace(
        "parser =", "@dataclass\nclass Config(SFTConfig):\n    load_best_model_at_end: bool = True\n\n\nparser ="
    )
    (folder / "train.py").write_text(text)
    main(["check", "--output-format", "json", "--isolated", "--select", "TRL812", "train.py"])
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["confidence"] == "possible"
    (folder / "run.sh").write_text("python train.py --load_best_model_at_end False\n")
    assert check(capsys, "--select", "TRL812", "train.py") == []
