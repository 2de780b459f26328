"""A module that imports Unsloth is judged on what that release of Unsloth makes of TRL's classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from trl_lint.engine import Engine, Options
from trl_lint.model.finding import Confidence, Finding, Severity
from trl_lint.model.release import Release
from trl_lint_rules import facts

LOADED = """\
from unsloth import FastLanguageModel
from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

model, tokenizer = FastLanguageModel.from_pretrained("unsloth/Llama-3.2-1B-Instruct", max_seq_length=2048)
"""
# A release of Unsloth, and a TRL and a transformers that it accepts.
OLD = "unsloth==2025.11.6\ntrl==0.22.2\ntransformers==4.56.2\n"
NEW = "unsloth==2026.10.9\ntrl==1.15.0\ntransformers==5.16.0\n"

Check: TypeAlias = "Callable[..., list[Finding]]"


@pytest.fixture
def said(tmp_path: Path) -> Check:
    """The findings on a script in a project with these requirements."""

    def check(code: str, pins: str = NEW) -> list[Finding]:
        (tmp_path / "requirements.txt").write_text(pins)
        (tmp_path / "train.py").write_text(code)
        return list(Engine(Options(), root=tmp_path).check_file(tmp_path / "train.py", "train.py").findings)

    return check


@pytest.mark.parametrize("releases", [OLD, NEW])
def test_what_unsloth_takes_is_taken(said: Check, releases: str) -> None:
    code = LOADED + (
        "trainer = SFTTrainer(model=model, tokenizer=tokenizer, train_dataset=rows, dataset_text_field='text',\n"
        "    max_seq_length=2048, dataset_num_proc=2, packing=False,\n"
        "    args=SFTConfig(output_dir='out', max_seq_length=2048))\n"
        "args = GRPOConfig(output_dir='out', vllm_sampling_params=None, unsloth_num_chunks=4)\n"
    )
    assert [finding.code for finding in said(code, releases) if finding.severity is not Severity.INFO] == []


def test_an_unknown_argument_of_a_config_is_a_type_error_in_older_releases(said: Check) -> None:
    (finding,) = said(LOADED + "args = SFTConfig(output_dir='out', pakcing=True)\n", OLD)
    assert (finding.code, finding.severity, finding.confidence) == ("TRL102", Severity.ERROR, Confidence.CERTAIN)


def test_and_is_dropped_with_a_line_in_newer_ones(said: Check) -> None:
    (finding,) = said(LOADED + "args = SFTConfig(output_dir='out', pakcing=True)\n")
    assert (finding.code, finding.severity) == ("TRL102", Severity.WARNING)
    assert any("prints a line" in line for line in finding.why)


def test_an_unknown_argument_of_a_trainer_is_a_type_error_in_newer_releases(said: Check) -> None:
    code = LOADED + "SFTTrainer(model=model, tokenizer=tokenizer, pakcing=True, args=SFTConfig(output_dir='out'))\n"
    assert [(f.code, f.severity) for f in said(code)] == [("TRL101", Severity.ERROR)]
    assert [(f.code, f.severity) for f in said(code, OLD)] == [("TRL120", Severity.WARNING)]


def test_arguments_of_adapters_are_judged_as_ever(said: Check) -> None:
    code = LOADED + "from peft import LoraConfig\npeft_config = LoraConfig(r=8, lora_alhpa=16)\n"
    assert [finding.code for finding in said(code)] == ["TRL102"]


def test_names_that_the_release_does_not_have_are_found(said: Check) -> None:
    code = "import unsloth\nfrom trl import DataCollatorForCompletionOnlyLM, SFTTrainer\n"
    assert [finding.code for finding in said(code)] == ["TRL109"]


def test_nothing_is_said_where_trl_is_imported_first(said: Check) -> None:
    code = LOADED.split("\n")
    swapped = "\n".join([code[1], code[0], *code[2:]])
    assert said(swapped + "args = SFTConfig(output_dir='out', pakcing=True)\n") == []


def test_the_newest_release_that_unsloth_accepts_is_assumed(said: Check) -> None:
    found = said(LOADED + "args = SFTConfig(output_dir='out', pakcing=True)\n", "unsloth==2026.7.6\n")
    assert [finding.releases for finding in found] == ["==0.24.0"]
    assert "accepts none newer" in found[0].released


def test_a_range_is_narrowed(said: Check) -> None:
    found = said(LOADED + "args = SFTConfig(output_dir='out', pakcing=True)\n", "unsloth==2026.7.6\ntrl>=0.20\n")
    assert "TRL 0.20 to 0.24" in found[0].message


def test_a_pin_of_a_script_that_does_not_import_unsloth_is_as_it_was(said: Check) -> None:
    code = "from trl import SFTConfig\nargs = SFTConfig(output_dir='out', pakcing=True)\n"
    assert "TRL 1.16" in said(code, "unsloth==2026.7.6\n")[0].message


def test_two_pins_that_do_not_go_together(said: Check) -> None:
    (finding,) = said(LOADED, "unsloth==2026.7.6\ntrl==1.15.0\ntransformers==5.3.0\n")
    assert (finding.code, finding.severity, finding.confidence) == ("TRL830", Severity.WARNING, Confidence.CERTAIN)
    assert any("2026.10.9 accepts it" in fix.message for fix in finding.fixes)


def test_a_release_between_two_known_ones_is_judged_by_its_month() -> None:
    patches = facts.unsloth_patches(Release(2025, 11, 3))
    assert (patches.trainer, patches.drops_unknown) == ("dropped", False)


def test_the_preparations_that_an_old_release_may_get_include_the_newest() -> None:
    old, new = facts.preparations(Release(2025, 11, 6)), facts.preparations(Release(2026, 10, 9))
    assert {each.assistant_only_loss for each in old} == {False, True}
    assert {each.assistant_only_loss for each in new} == {True}
    assert facts.preparations(Release(2025, 1, 8)) == ()


def test_a_trainer_and_a_config_of_its_own(said: Check) -> None:
    code = (
        "from unsloth import FastLanguageModel, UnslothTrainer, UnslothTrainingArguments\n"
        "from datasets import Dataset\n"
        "model, tokenizer = FastLanguageModel.from_pretrained('unsloth/Llama-3.2-1B-Instruct')\n"
        "trainer = UnslothTrainer(model=model, tokenizer=tokenizer, train_dataset=Dataset.from_list([{'text': 'a'}]),\n"
        "    args=UnslothTrainingArguments('out', embedding_learning_rate=1e-5, assistant_only_loss=True))\n"
    )
    assert [finding.code for finding in said(code)] == ["TRL205"]
