"""The byte gate: no real use is missed, and most files are turned away."""

from __future__ import annotations

import json

import pytest

from trl_lint.sources.gate import gate


@pytest.mark.parametrize(
    "text",
    [
        "from trl import SFTConfig",
        "import trl",
        "import os, trl as t",
        "x = importlib.import_module('trl')",
        "from trl.trainer.sft_trainer import SFTTrainer",
        "from .compat import SFTConfig\nSFTConfig(a=1)",
        "from mine import make, GRPOTrainer",
        "from mine import DPOScriptArguments",
        "from mine import OnlineDPOConfig",
    ],
)
def test_python_that_can_hold_a_run_passes(text: str) -> None:
    assert gate(text.encode(), ".py")
    assert gate(text.encode("utf-16"), ".py")
    notebook = {"cells": [{"cell_type": "code", "source": "x\n" + text}]}
    assert gate(json.dumps(notebook).encode(), ".ipynb")
    assert gate(json.dumps(notebook, indent=1).encode(), ".IPYNB")


def test_a_word_behind_an_escaped_newline_in_a_notebook_passes() -> None:
    assert gate(rb'{"source": "import os\ntrl.SFTTrainer()"}', ".ipynb")


@pytest.mark.parametrize(
    "text", ["ctrl = 1", "strlen(x)", "import ctrl_lib", "trl_things = 2", "class Config: pass", "Trainer()"]
)
def test_other_python_is_turned_away(text: str) -> None:
    assert not gate(text.encode(), ".py")


def test_recipes_are_told_by_their_keys() -> None:
    assert gate(b"model_name_or_path: x\n", ".yaml")
    assert gate(b'{"dataset_name": "x"}', ".json")
    assert not gate(b"on: push\njobs: {}\n", ".yml")
    assert not gate(b'{"name": "x", "version": "1"}', ".json")


def test_shell_and_templates() -> None:
    assert gate(b"trl sft --config a.yaml", ".sh")
    assert gate(b"python -m trl.scripts.sft", ".sbatch")
    assert gate(b"sft:\n\ttrl sft", "Makefile")
    assert not gate(b"accelerate launch train.py", ".sbatch")
    assert not gate(b"rm -rf build", ".sh")
    assert gate(b"{{ messages }}", ".jinja")
