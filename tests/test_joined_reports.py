"""Runs of several files in one report: whichever files are named, in whatever order, and while fixes are applied."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from trl_lint.cli.main import main

FILES = {
    "requirements.txt": "trl==1.5.1\ntransformers==5.8.0\n",
    "config.py": "from trl import SFTConfig\n\nARGS = SFTConfig(max_seq_length=512, packing=False)\n",
    "build.py": (
        "from config import ARGS\nfrom trl import SFTTrainer\n\n\n"
        "def build(model, rows, tokenizer):\n"
        "    return SFTTrainer(model, args=ARGS, train_dataset=rows, tokenizer=tokenizer)\n"
    ),
    "train.py": (
        "from build import build\nfrom datasets import load_dataset\nfrom transformers import AutoTokenizer\n"
        "from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser\n\n"
        "parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig))\n"
        "script, args, model = parser.parse_args_and_config()\n"
        'rows = load_dataset(script.dataset_name)["train"]\n'
        "tokenizer = AutoTokenizer.from_pretrained(model.model_name_or_path)\n"
        "SFTTrainer(model.model_name_or_path, args=args, train_dataset=rows, tokenizer=tokenizer)\n"
        "build(model.model_name_or_path, rows, tokenizer)\n"
    ),
    "recipe.yaml": "model_name_or_path: tiny\ndataset_name: data\nmax_seq_length: 64\n",
    "run.sh": "python train.py --config recipe.yaml --overwrite_output_dir True\n",
    "sft.sh": "trl sft --config recipe.yaml --overwrite_output_dir\n",
}
NAMED = ("train.py", "build.py", "config.py", "recipe.yaml", "run.sh")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int, int, str]]:
    main(["check", "--output-format", "json", "--isolated", *arguments])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [(f["filename"], f["location"]["row"], f["location"]["column"], f["code"]) for f in found]


def test_each_finding_is_told_once_whichever_files_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    whole = check(capsys, ".")
    assert len(whole) == len(set(whole))
    assert {name for name, *_ in whole} == {"train.py", "build.py", "config.py", "recipe.yaml", "run.sh", "sft.sh"}
    for first, second in permutations(NAMED, 2):
        found = check(capsys, first, second)
        assert len(found) == len(set(found))
        assert found == check(capsys, second, first)
        assert set(found) <= set(whole)
        for name in (first, second):
            assert [each for each in found if each[0] == name] == [each for each in whole if each[0] == name]


def test_fixes_of_one_file_leave_the_findings_that_others_have_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config.py").write_text(FILES["config.py"].replace("packing=False", "load_best_model_at_end=True"))
    before = check(capsys, ".")
    after = check(capsys, ".", "--fix")
    assert "max_length=512" in (project / "config.py").read_text()
    assert "processing_class=tokenizer" in (project / "build.py").read_text()
    assert "max_length: 64" in (project / "recipe.yaml").read_text()
    kept = ("config.py", 3, "TRL812")
    assert kept in [(name, row, code) for name, row, _, code in before]
    assert kept in [(name, row, code) for name, row, _, code in after]
    assert after == check(capsys, ".")
    assert check(capsys, ".", "--fix") == after


def test_fixes_that_stand_in_a_file_for_the_runs_of_another_are_applied(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "settings.py").write_text("SETTINGS = dict(max_seq_length=512)\n")
    (project / "train.py").write_text(
        "from settings import SETTINGS\nfrom trl import SFTConfig\n\nSFTConfig('out', **SETTINGS)\n"
    )
    assert ("settings.py", 1, 17, "TRL103") in check(capsys, "train.py", "settings.py")
    main(["check", "--isolated", "--diff", "train.py", "settings.py", "--unsafe-fixes"])
    assert "+SETTINGS = dict(max_length=512)" in capsys.readouterr().out
    check(capsys, "train.py", "settings.py", "--fix", "--unsafe-fixes")
    assert (project / "settings.py").read_text() == "SETTINGS = dict(max_length=512)\n"


def test_a_suppression_counts_in_a_named_file_that_makes_no_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "settings.py").write_text("SETTINGS = dict(max_seq_length=512)  # trl-lint: ignore[TRL103]\n")
    (project / "train.py").write_text(
        "from settings import SETTINGS\nfrom trl import SFTConfig\n\nSFTConfig('out', **SETTINGS)\n"
    )
    assert check(capsys, "train.py", "settings.py") == check(capsys, "train.py") == []
