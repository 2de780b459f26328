"""`del globals()[...]`, with which notebooks free memory, takes one name and leaves the others known."""

from __future__ import annotations

from pathlib import Path

from trl_lint.engine import Engine
from trl_lint.model.source import Kind, Source

CODE = """\
from trl import SFTConfig, SFTTrainer
model = "m"
def clear_memory():
    if "model" in globals(): del globals()["model"]
clear_memory()
model = "n"
SFTTrainer(model=model, args=SFTConfig(output_dir="o"))
"""


def test_the_trainer_is_still_seen() -> None:
    (run,) = Engine(isolated=True).understand(Source("train.py", Kind.PYTHON, CODE), Path.cwd()).runs
    assert run.trainer == "SFTTrainer"
