"""Which scripts are read together with the modules of their project, by the bytes of all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.importing import Importing

MAKES = "from trl import SFTTrainer\ndef train():\n    SFTTrainer('m').train()\n"


def makes_runs(folder: Path, script: str, **modules: str) -> bool:
    """Whether `script` may make a run through `modules`, each of them a file beside it."""
    (folder / "pyproject.toml").touch()
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return Importing().makes_runs(script.encode(), folder / "train.py")


def test_a_module_that_makes_a_trainer_makes_the_run_of_what_starts_it(tmp_path: Path) -> None:
    assert makes_runs(tmp_path, "from training import train\ntrain()\n", training=MAKES)


def test_a_script_may_make_the_trainer_that_a_module_hands_out(tmp_path: Path) -> None:
    script = "from parts import Trainers\nTrainers.SFTTrainer('m').train()\n"
    assert makes_runs(tmp_path, script, parts="from trl import SFTTrainer\nclass Trainers: SFTTrainer = SFTTrainer\n")


def test_a_trainer_may_come_through_several_modules(tmp_path: Path) -> None:
    made = "from mine import MySFTTrainer\ndef train():\n    MySFTTrainer('m').train()\n"
    mine = "from trl import SFTTrainer\nclass MySFTTrainer(SFTTrainer):\n    pass\n"
    assert makes_runs(tmp_path, "import training\ntraining.train()\n", training=made, mine=mine)


@pytest.mark.parametrize(
    "training",
    [
        pytest.param("from other_library import SFTTrainer\nSFTTrainer('m')\n", id="nothing imports TRL"),
        pytest.param("'''Like\n\n    SFTTrainer('m')\n'''\nfrom trl import SFTTrainer\n", id="only in documentation"),
        pytest.param("import trl\nclass PPOTrainer(object):\n    pass\nPPOTrainer('m')\n", id="a class of its own"),
        pytest.param(
            "import trl\nfrom transformers import Trainer\nclass MySFTTrainer(Trainer):\n    pass\nMySFTTrainer('m')\n",
            id="derived from a trainer of transformers",
        ),
    ],
)
def test_a_module_that_makes_no_trainer_of_trl_is_not_followed(tmp_path: Path, training: str) -> None:
    assert not makes_runs(tmp_path, "import training  # for its trainer\n", training=training)


def test_a_script_that_makes_a_trainer_of_trl_is_read_with_its_modules_at_once(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("NAME = 'm'\n")
    importing, path = Importing(), tmp_path / "train.py"
    assert importing.worth_following(b"from helpers import NAME\n" + MAKES.encode(), path)
    assert not importing.worth_following(b"from helpers import NAME\nfrom trl import SFTConfig\n", path)
    assert importing.worth_following(b"import numpy\nfrom nowhere import X\n", path)  # there is nothing to read
