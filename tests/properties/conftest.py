"""Many small projects: the examples of all rule pages, the founding case, and scripts put together by chance."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main
from trl_lint.packs.registry import Registry
from trl_lint.testing import examples

ROOT = Path(__file__).parents[2]
MADE = 40

_SCRIPT = """\
from datasets import load_dataset
from transformers import AutoProcessor, AutoTokenizer
from trl import {trainer}Config, {trainer}Trainer

MODEL = "{model}"
tokenizer = AutoTokenizer.from_pretrained(MODEL)
{edit}
options = dict({second})
args = {trainer}Config(output_dir="out", {first}, **options)
trainer = {trainer}Trainer(MODEL, args=args, train_dataset=load_dataset("json", data_files="rows.jsonl"){given})
trainer.train()
"""
_MODELS = ("Qwen/Qwen3.5-4B-Base", "Qwen/Qwen2.5-0.5B", "Qwen/Qwen2.5-VL-3B-Instruct", "./local", "unknown/model")
_TRAINERS = ("SFT", "SFT", "SFT", "DPO", "GRPO", "Reward")
_SETTINGS = (
    "assistant_only_loss=True",
    "completion_only_loss=True",
    "packing=True",
    "padding_free=True",
    "max_length=None",
    "max_seq_length=512",
    'eos_token="<|im_end|>"',
    "num_generations=3",
    "per_device_train_batch_size=2",
    "learning_rat=1e-5",
)
_EDITS = ("", 'tokenizer.chat_template = "{{ messages }}"', "tokenizer.pad_token = tokenizer.eos_token")
_GIVEN = ("", ", processing_class=tokenizer", ", tokenizer=tokenizer", ", processing_class=AutoProcessor(MODEL)")
_PINS = ("", "trl==0.12.2\n", "trl==0.21.0\n", "trl==1.9.2\ntransformers==5.14.1\n", "trl>=0.15\n", "trl\n")
_ROWS = ({"messages": [{"role": "user", "content": "a"}]}, {"text": "a"}, {"prompt": "a", "completion": "b"})


@dataclass(frozen=True)
class Result:
    """The exit code of a call, and what it printed on standard output."""

    code: int
    out: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of a call with `--output-format json`."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


def trl_lint(*arguments: str | Path) -> Result:
    """Call the real entry point in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(out):
        code = main([str(argument) for argument in arguments])
    out.seek(0)
    return Result(code, out.read())


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one folder for each project. Tests that change files work on a copy."""
    folder = tmp_path_factory.mktemp("projects")
    shutil.copytree(ROOT / "examples/founding-case", folder / "founding-case")
    for info in Registry().all_rules():
        for number, example in enumerate(examples(info.page()), 1):
            for name, text in example.files.items():
                _write(folder / f"{info.code}-{number}" / name, text)
    for number in range(MADE):
        _make(folder / f"made-{number}", random.Random(number))
    return folder


def _make(folder: Path, chance: random.Random) -> None:
    first, *others = chance.sample(_SETTINGS, 3)
    script = _SCRIPT.format(
        trainer=chance.choice(_TRAINERS),
        model=chance.choice(_MODELS),
        edit=chance.choice(_EDITS),
        first=first,
        second=", ".join(others),
        given=chance.choice(_GIVEN),
    )
    _write(folder / "train.py", script)
    _write(folder / "requirements.txt", chance.choice(_PINS))
    _write(folder / "rows.jsonl", json.dumps(chance.choice(_ROWS)) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


@pytest.fixture
def copy(projects: Path, tmp_path: Path) -> Path:
    """The projects, to be changed."""
    return Path(shutil.copytree(projects, tmp_path / "projects"))
