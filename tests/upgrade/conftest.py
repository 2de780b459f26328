"""A project in an empty folder, and the command on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main

TRAIN = """\
from datasets import load_dataset
from trl import {config}, {trainer}

trainer = {trainer}(
    model="org/model",
    args={config}({arguments}),
    train_dataset=load_dataset("org/rows", split="train"),
)
"""


@dataclass(frozen=True)
class Result:
    """What a call printed and answered."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """The changes of all runs by name."""
        runs = [run for up in self.data["upgrades"] for file in up["files"] for run in file["runs"]]
        return {change["name"]: change for run in runs for change in run["changes"]}


Upgrade = Callable[..., Result]


@pytest.fixture
def upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Upgrade:
    """Calls `trl-lint upgrade` on a script of this trainer, in the folder of a project with these pins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-cache"))

    def call(*flags: str, to: str = "1.16") -> Result:
        code = main(["upgrade", ".", "--to", to, *flags])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def project(
    arguments: str = "", trainer: str = "SFTTrainer", trl: str = "0.18.2", transformers: str = "4.52.4"
) -> None:
    """Writes the project."""
    config = trainer.replace("Trainer", "Config")
    text = TRAIN.format(config=config, trainer=trainer, arguments=arguments)
    Path("train.py").write_text(text, encoding="utf-8")
    Path("requirements.txt").write_text(f"trl=={trl}\ntransformers=={transformers}\n", encoding="utf-8")
