"""What one file costs: `python bench/startup.py [--repeat N] [--parts]`.

Checks a file without a run, a clean script of 50 lines, and the founding case, as a commit hook does: one process, one
file. The unit is the start of a bare Python, `python -c pass`, in the same run; beside it stands what no Python linter
can go below, an interpreter that imports `ast`, `argparse`, `json`, `re` and `pathlib` and does nothing. Processor time
of the child, the least of N runs. The goal is 4 times the unit for the clean script; 1 is returned where it is missed.

`--parts` says where the time of the clean script goes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from children import cheapest
from scripts import PROJECT

GOAL = 4.0
_FLOOR = "import ast, argparse, json, re, pathlib"
_CLEAN = '''\
"""Fine-tune a small model on our own conversations."""

import argparse

from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="Qwen/Qwen2.5-0.5B")
    parser.add_argument("--output", default="out")
    parser.add_argument("--epochs", type=int, default=1)
    return parser.parse_args()


def main():
    args = arguments()
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model)
    dataset = load_dataset("trl-lib/Capybara", split="train")
    config = SFTConfig(
        output_dir=args.output,
        num_train_epochs=args.epochs,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=8,
        learning_rate=2e-4,
        max_length=1024,
        packing=False,
        bf16=True,
        logging_steps=10,
        save_steps=100,
        report_to="none",
    )
    trainer = SFTTrainer(
        model=model,
        args=config,
        train_dataset=dataset,
        processing_class=tokenizer,
        peft_config=LoraConfig(r=16, lora_alpha=32, task_type="CAUSAL_LM"),
    )
    trainer.train()
    trainer.save_model(args.output)


if __name__ == "__main__":
    main()
'''


def main() -> int:
    """Measure and print; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--parts", action="store_true")
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles the linter anew for every file
    os.environ["HF_HUB_CACHE"] = os.devnull
    with tempfile.TemporaryDirectory() as made:
        return measure(Path(made), arguments.repeat, arguments.parts)


def measure(folder: Path, repeat: int, parts: bool) -> int:
    """The same in an empty folder."""
    (folder / "clean.py").write_text(_CLEAN)
    (folder / "nothing.py").write_text(_CLEAN.replace("trl", "other").replace("SFT", "Other"))
    (folder / "requirements.txt").write_text("trl==1.9.2\ntransformers==5.14.1\n")
    founding = folder / "founding"
    shutil.copytree(PROJECT, founding)
    check = [str(Path(sys.executable).with_name("trl-lint")), "check"]
    unit = 0.0
    times: dict[str, float] = {}
    for name, command, where in (
        ("python -c pass", [sys.executable, "-c", "pass"], folder),
        ("python -S -E -c pass", [sys.executable, "-S", "-E", "-c", "pass"], folder),
        (f'python -c "{_FLOOR}"', [sys.executable, "-c", _FLOOR], folder),
        ("a file without a run", [*check, "nothing.py"], folder),
        ("a clean script of 50 lines", [*check, "clean.py"], folder),
        ("the founding case", [*check, "train.py"], founding),
    ):
        cost = cheapest(command, where, repeat)
        times[name] = cost.processor
        unit = unit or cost.processor
        print(f"{name:56} {cost.processor * 1000:7.1f} ms {cost.processor / unit:6.2f} x {cost.largest:7.1f} MB")
    if parts:
        show_parts(folder, times["a clean script of 50 lines"], unit)
    reached = times["a clean script of 50 lines"] <= GOAL * unit
    print(f"goal {GOAL:g} x: {'reached' if reached else 'missed'}")
    return 0 if reached else 1


def show_parts(folder: Path, whole: float, unit: float) -> None:
    """How much of the clean script's time is importing what; each module counts with its fastest of some runs."""
    least: dict[str, int] = {}
    command = [sys.executable, "-X", "importtime", "-m", "trl_lint", "check", "clean.py"]
    for _ in range(8):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        for line in done.stderr.splitlines():
            own, *_, name = line.removeprefix("import time:").split("|")
            if own.strip().isdigit():
                least[name.strip()] = min(int(own), least.get(name.strip(), int(own)))
    bare = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "pass"], capture_output=True, text=True, check=True
    )
    started = {line.rpartition("|")[2].strip() for line in bare.stderr.splitlines()}
    groups = {"the standard library": 0, "the engine": 0, "the rules and facts": 0}
    counts = dict.fromkeys(groups, 0)
    for name, own in least.items():
        root = name.partition(".")[0]
        kind = {"trl_lint": "the engine", "trl_lint_rules": "the rules and facts"}.get(root, "the standard library")
        if name not in started:
            groups[kind] += own
            counts[kind] += 1
    print(f"of the clean script's {whole * 1000:.0f} ms, {unit * 1000:.0f} are the start of Python. Imports, with what")
    print("measuring them adds, and without the modules of the rules themselves, which Python does not list:")
    for kind, took in groups.items():
        print(f"  {kind:24} {counts[kind]:4} modules {took / 1000:6.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
