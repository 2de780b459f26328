"""Hostile templates through the commands: each ends within its limits, is named, and reaches nothing."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import pytest
from tests.preview.conftest import write_tokenizer

from trl_lint.cli.main import main
from trl_lint.templates import probing

from .hostile import CANARY, SECRET, TEMPLATES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("patience")]

MOST_CPU = 30.0  # seconds: what a command may need, with every child that it starts
MOST_MEMORY = 700 * 1024  # KiB resident: that of a child, which has 512 MiB of addresses
ROWS = [{"messages": [{"role": "user", "content": "Two and two?"}, {"role": "assistant", "content": "Four."}]}] * 3
SHOWN_ALL_THE_SAME = ("longer-than-any",)  # it only looks hostile
TRAIN = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

trainer = SFTTrainer(
    model="model",
    args=SFTConfig(output_dir="out"),
    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),
)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose template is still to be written, in a folder beside a secret."""
    (tmp_path / "secret.txt").write_text(SECRET)
    made = tmp_path / "project"
    made.mkdir()
    write_tokenizer(made / "model", None)
    (made / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (made / "train.py").write_text(TRAIN)
    (made / "requirements.txt").write_text("trl==1.16.0\ntransformers==5.20.0\n")
    monkeypatch.chdir(made)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("HF_TOKEN", SECRET)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-cache"))
    return made


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time enough for a child on a machine that is busy with other tests."""
    monkeypatch.setattr(probing, "WALL_SECONDS", 300.0)


def test_they_are_many() -> None:
    assert len(TEMPLATES) >= 20


@pytest.mark.parametrize("name", TEMPLATES)
def test_check_names_it(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model" / "chat_template.jinja").write_text(TEMPLATES[name], encoding="utf-8")
    before = _spent()
    code = main(["check", "--output-format", "json", "train.py"])
    spent = _spent() - before
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert code == (0 if name in SHOWN_ALL_THE_SAME else 1)
    assert [finding["name"] for finding in found] == ["template-fails"]
    _nothing_escaped(printed.out + printed.err, folder)
    assert spent < MOST_CPU


@pytest.mark.parametrize("name", TEMPLATES)
def test_preview_says_so(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "model" / "chat_template.jinja").write_text(TEMPLATES[name], encoding="utf-8")
    before = _spent()
    code = main(["preview", "train.py"])
    spent = _spent() - before
    printed = capsys.readouterr()
    assert code == 0
    assert ("stops: row 1: the chat template: " in printed.out) is (name not in SHOWN_ALL_THE_SAME)
    _nothing_escaped(printed.out + printed.err, folder)
    assert spent < MOST_CPU


def _spent() -> float:
    """Processor seconds of this process and of all children that have ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _nothing_escaped(printed: str, folder: Path) -> None:
    assert SECRET not in printed
    assert not any(char in printed for char in "\x1b\x07\u202e")
    assert not list(folder.parent.rglob(CANARY))
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_MEMORY
