"""The tables behind the rules on names and arguments, and what the pages do not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.engine import Engine, Options
from trl_lint.model.finding import Applicability, Finding
from trl_lint.model.release import Release
from trl_lint.model.target import Environment
from trl_lint_rules import facts
from trl_lint_rules.facts import store
from trl_lint_rules.knowledge import allowed_values, fates, missing_names, moves
from trl_lint_rules.knowledge.calls import known
from trl_lint_rules.knowledge.renames import MEANT, RENAMES, Rename

TODAY = Environment(facts.releases("trl")[-1], facts.releases("transformers")[-1])


def environment(trl: str, transformers: str = "4.57.6") -> Environment:
    return Environment(Release.parse(trl), Release.parse(transformers))


def classes() -> set[str]:
    folder = Path(store.__file__).parent / "data" / "trl"
    found = {path.stem for kind in ("configs", "trainers") for path in (folder / kind).glob("*.json")}
    return found | {"TrainingArguments"}


def ever(cls: str) -> set[str]:
    """Every argument that a class ever had."""
    package = "transformers" if cls == "TrainingArguments" else "trl"
    return set(facts.class_timeline(cls, package)) | set(facts.parameter_timeline(cls))


ALL = {cls: ever(cls) for cls in sorted(classes())}


@pytest.mark.parametrize("row", RENAMES, ids=lambda row: f"{row.old}-{row.new}")
def test_a_renamed_argument_had_both_names(row: Rename) -> None:
    meant = row.classes & ALL.keys() if row.classes else ALL.keys()
    assert row.classes <= ALL.keys()
    assert any(row.old in ALL[cls] for cls in meant)
    assert any(row.new in ALL[cls] for cls in meant)


@pytest.mark.parametrize("name", moves.GONE)
def test_an_argument_that_is_gone_was_there(name: str) -> None:
    for row in moves.GONE[name]:
        assert row.classes <= ALL.keys()
        assert any(name in ALL[cls] for cls in row.classes or ALL)


@pytest.mark.parametrize("name", MEANT)
def test_a_name_that_nothing_has_stands_for_one_that_something_has(name: str) -> None:
    lora = set(facts.class_timeline("LoraConfig", "peft"))
    for meant in MEANT[name]:
        assert any(meant in names for names in ALL.values()) or meant in lora


@pytest.mark.parametrize("name", sorted({*moves.NAMES_GONE, *moves.NAMES_RENAMED}))
def test_a_name_that_left_was_there(name: str) -> None:
    modules = [*store.load("trl/names.json"), *store.load("trl/submodules.json")]
    assert facts.name_timeline(name) or any(facts.provided(module, name) for module in modules)


@pytest.mark.parametrize(
    ("cls", "name", "where", "kind", "new"),
    [
        ("SFTTrainer", "tokenizer", environment("1.16.0"), fates.RENAMED, "processing_class"),
        ("DPOTrainer", "tokenizer", environment("0.16.0"), fates.RENAMED, "processing_class"),
        ("KTOTrainer", "tokenizer", environment("0.14.0"), fates.RENAMED, "processing_class"),
        ("SFTTrainer", "max_seq_length", environment("0.13.0", "4.48.0"), fates.MISPLACED, "max_seq_length"),
        ("SFTTrainer", "max_seq_length", environment("0.20.0"), fates.MISPLACED, "max_length"),
        ("SFTTrainer", "learning_rate", environment("1.16.0"), fates.MISPLACED, "learning_rate"),
        ("SFTTrainer", "infinite", environment("1.16.0"), fates.GONE, None),
        ("DPOTrainer", "beta", environment("0.13.0", "4.48.0"), fates.MISPLACED, "beta"),
        ("DPOTrainer", "model_init", environment("0.19.0"), fates.GONE, None),
        ("SFTConfig", "max_seq_length", environment("0.20.0"), fates.RENAMED, "max_length"),
        ("SFTConfig", "max_length", environment("0.12.2", "4.46.3"), fates.TOO_NEW, "max_seq_length"),
        ("SFTConfig", "assistant_only_loss", environment("0.18.2"), fates.TOO_NEW, None),
        ("SFTConfig", "warmup_ratio", environment("1.16.0", "5.15.0"), fates.RENAMED, "warmup_steps"),
        ("SFTConfig", "max_lenght", environment("1.16.0"), fates.MISSPELT, "max_length"),
        ("SFTConfig", "nonsense", environment("1.16.0"), fates.UNKNOWN, None),
        ("GRPOConfig", "max_prompt_length", environment("0.28.0"), fates.GONE, None),
        ("GRPOConfig", "use_liger_loss", environment("0.28.0"), fates.RENAMED, "use_liger_kernel"),
        ("GRPOConfig", "max_new_tokens", environment("1.16.0"), fates.MISSPELT, "max_completion_length"),
        ("RLOOConfig", "rloo_k", environment("0.25.0"), fates.RENAMED, "num_generations"),
        ("ModelConfig", "torch_dtype", environment("0.27.0"), fates.RENAMED, "dtype"),
        ("ModelConfig", "trust_remote_code", environment("1.7.0"), fates.GONE, None),
        ("DPOConfig", "model_name_or_path", environment("1.16.0"), fates.MISPLACED, "model_name_or_path"),
        ("GRPOConfig", "train_dataset", environment("1.16.0"), fates.MISPLACED, "train_dataset"),
    ],
)
def test_why_an_argument_is_not_taken(cls: str, name: str, where: Environment, kind: str, new: str | None) -> None:
    found = fates.fate(name, cls, "trl", where)
    assert (found.kind, found.new) == (kind, new)


@pytest.mark.parametrize("cls", ["SFTConfig", "DPOConfig", "GRPOConfig", "KTOConfig", "RewardConfig", "RLOOConfig"])
def test_every_argument_that_a_main_config_lost_is_explained(cls: str) -> None:
    takes = known(cls, "trl", TODAY)
    assert takes is not None
    lost = sorted(ALL[cls] - takes.names.keys())
    kinds = {name: fates.fate(name, cls, "trl", TODAY).kind for name in lost}
    assert {name: kind for name, kind in kinds.items() if kind not in (fates.RENAMED, fates.GONE)} == {}


def test_every_argument_that_transformers_dropped_has_advice() -> None:
    takes = facts.training_arguments(TODAY.transformers)
    lost = [name for name in ALL["TrainingArguments"] if name not in takes and not name.startswith("_")]
    renamed = {row.old for row in RENAMES}
    assert [name for name in lost if name not in renamed and moves.gone(name, "TrainingArguments") is None] == []


def test_every_name_that_trl_dropped_is_explained() -> None:
    now = facts.names("trl", TODAY.trl) or frozenset()
    once = set(store.load("trl/names.json")["trl"]) - {"", *now}
    assert once
    explained = {missing_names.MOVED, missing_names.RENAMED, missing_names.GONE}
    found = {name: missing_names.whereabouts("trl", name, TODAY.trl) for name in once}
    assert {name for name, where in found.items() if where.kind not in explained} == set()


def test_the_successor_of_a_value_is_a_member() -> None:
    before, after = Release.parse("4.49.0"), Release.parse("4.50.0")
    assert "adamw_hf" in allowed_values.members("optim", before)
    assert "adamw_hf" not in allowed_values.members("optim", after)
    assert allowed_values.SUCCESSORS["adamw_hf"] in allowed_values.members("optim", after)
    assert allowed_values.members("save_strategy", Release.parse("4.46.3")) == ("no", "steps", "epoch")
    assert "best" in allowed_values.members("save_strategy", Release.parse("4.47.0"))


def check(folder: Path, text: str, trl: str = "1.16.0", transformers: str | None = "5.23.0") -> tuple[Finding, ...]:
    path = folder / "train.py"
    path.write_text(text, encoding="utf-8")
    engine = Engine(Options(trl, transformers), root=folder)
    found = engine.check_file(path, "train.py").findings
    assert not engine.failed
    return tuple(finding for finding in found if finding.code.startswith("TRL1"))


QUIET = {
    "a helper looks at the fields": """
import dataclasses
from trl import SFTConfig
fields = {field.name for field in dataclasses.fields(SFTConfig)}
options = {"max_seq_length": 5, "output_dir": "x"}
args = SFTConfig(**{key: value for key, value in options.items() if key in fields})
""",
    "a call that may fail": """
from trl import SFTConfig
try:
    args = SFTConfig(max_seq_length=5)
except TypeError:
    args = SFTConfig(max_length=5)
""",
    "a class of the project": """
from trl import SFTConfig as Base
class SFTConfig(Base):
    max_seq_length: int = 5
args = SFTConfig(max_seq_length=5)
""",
    "another package": """
import trl
from verl.trainer import SFTConfig, SFTTrainer
args = SFTConfig(max_seq_length=5)
trainer = SFTTrainer(tokenizer=None)
""",
    "unknown keyword arguments": """
from trl import SFTConfig
def make(**options):
    return SFTConfig(output_dir="x", **options)
""",
    "TrainingArguments in a file without TRL": """
from transformers import TrainingArguments
args = TrainingArguments("x", evaluation_strategy="no")
print("trl")
""",
    "a private name": "from trl.trainer.utils import _anything\n",
    "a name that a submodule imports itself": "from trl.trainer.sft_trainer import torch, warnings\n",
    "an unknown name of a submodule": "from trl.trainer.utils import whatever\n",
    "positions that never changed": """
from trl import SFTConfig, SFTTrainer
trainer = SFTTrainer("m", SFTConfig(), None, [])
""",
}


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET.keys())
def test_nothing_is_said(text: str, tmp_path: Path) -> None:
    assert check(tmp_path, text) == ()


def test_an_argument_on_some_paths_is_possible(tmp_path: Path) -> None:
    text = """
import sys
from trl import SFTConfig
options = {"output_dir": "x"}
if len(sys.argv) > 1:
    options["max_seq_length"] = 5
args = SFTConfig(**options)
"""
    (found,) = check(tmp_path, text)
    assert (found.code, found.confidence.value, found.place.row) == ("TRL103", "possible", 6)


def test_transformers_that_nothing_pins_makes_it_possible(tmp_path: Path) -> None:
    (found,) = check(
        tmp_path, 'from trl import SFTConfig\nargs = SFTConfig("x", warmup_ratio=0.1)\n', transformers=None
    )
    assert found.confidence.value == "possible"
    assert any("nothing pins transformers" in doubt for doubt in found.doubts)


def test_a_share_of_one_or_more_is_not_renamed_without_asking(tmp_path: Path) -> None:
    (found,) = check(tmp_path, 'from trl import SFTConfig\nargs = SFTConfig("x", warmup_ratio=1.0)\n')
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE


def test_both_names_at_once_lose_the_old_one(tmp_path: Path) -> None:
    (found,) = check(tmp_path, "from trl import SFTConfig\nargs = SFTConfig(max_seq_length=5, max_length=6)\n")
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert [edit.text for edit in found.fix.edits] == [""]


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("512", True),
        ("LENGTH", True),
        ("later", False),
        ("LENGTH * 2", False),
    ],
)
def test_an_argument_moves_safely_where_its_value_means_the_same(value: str, safe: bool, tmp_path: Path) -> None:
    text = f"""
from trl import SFTConfig, SFTTrainer
LENGTH = 5
args = SFTConfig(output_dir="x")
later = 6
trainer = SFTTrainer("m", args=args, train_dataset=[], max_seq_length={value})
"""
    found = next(finding for finding in check(tmp_path, text) if finding.code == "TRL104")
    assert found.fix is not None
    assert (found.fix.applicability is Applicability.SAFE) == safe


@pytest.mark.parametrize(
    "statement",
    [
        "from trl import (  # why\n    ORPOConfig,\n    SFTConfig,\n)",
        "import os; from trl import ORPOConfig",
        "if True: from trl import ORPOConfig",
    ],
)
def test_an_import_that_is_not_edited_is_still_reported(statement: str, tmp_path: Path) -> None:
    (found,) = check(tmp_path, statement + "\n")
    assert found.code == "TRL108"
    assert found.fix is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from trl import ORPOConfig as C", "from trl.experimental.orpo import ORPOConfig as C"),
        (
            "from trl import SFTConfig, ORPOConfig",
            "from trl import SFTConfig\nfrom trl.experimental.orpo import ORPOConfig",
        ),
        (
            "def f():\n    from trl import CPOConfig, SFTConfig, CPOTrainer",
            "def f():\n    from trl import SFTConfig\n    from trl.experimental.cpo import CPOConfig, CPOTrainer",
        ),
        (
            "from trl import (\r\n    SFTConfig,\r\n    ORPOTrainer,\r\n)",
            "from trl import (\r\n    SFTConfig,\r\n)\r\nfrom trl.experimental.orpo import ORPOTrainer",
        ),
    ],
)
def test_an_import_is_rewritten(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    newline = "\r\n" if "\r" in before else "\n"
    path.write_bytes(f"{before}{newline}".encode())
    engine = Engine(Options("1.16.0", "5.23.0"), root=tmp_path)
    found = next(f for f in engine.check_file(path, "train.py").findings if f.code == "TRL108")
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    text = f"{before}{newline}"
    for edit in sorted(found.fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == f"{after}{newline}"
