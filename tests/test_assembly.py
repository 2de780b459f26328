"""From code to runs: which config and which model a trainer gets."""

from __future__ import annotations

import pytest

from trl_lint.assembly.python_runs import runs
from trl_lint.model.run import How, Run
from trl_lint.model.source import Kind
from trl_lint.python.front import understand
from trl_lint.sources.read import from_text


def one_run(text: str) -> Run:
    (run,) = runs(understand(from_text(text, "train.py", Kind.PYTHON).source))
    return run


@pytest.mark.parametrize(
    "call",
    [
        "DPOTrainer('m', None, DPOConfig(beta=0.2))",
        "DPOTrainer('m', args=DPOConfig(beta=0.2))",
        "GRPOTrainer('m', [len], DPOConfig(beta=0.2))",
    ],
)
def test_a_config_passed_by_position_is_known_by_its_class(call: str) -> None:
    run = one_run(f"from trl import DPOConfig, DPOTrainer, GRPOTrainer\n{call}\n")
    assert (run.config, list(run.settings.items)) == ("DPOConfig", ["beta"])
    assert run.model.how is How.NAME


def test_an_unknown_argument_by_position_may_be_the_config() -> None:
    run = one_run("from trl import RewardTrainer\nRewardTrainer('m', given)\n")
    assert (run.config, run.settings.open) == (None, "an argument passed by position may be the config")


def test_without_args_the_trainer_takes_its_default_config() -> None:
    run = one_run("from trl import SFTTrainer\nSFTTrainer('m', train_dataset=None)\n")
    assert (run.config, run.config_call, run.settings.items) == ("SFTConfig", None, {})


def test_assignments_after_construction_are_settings() -> None:
    run = one_run(
        "from trl import SFTConfig, SFTTrainer\nargs = SFTConfig(packing=False)\nargs.packing = True\n"
        "SFTTrainer('m', args)\n"
    )
    setting = run.settings.items["packing"]
    assert (setting.origin.value, getattr(setting.value, "value", None)) == ("assigned afterwards", True)


def test_two_configs_by_branch_are_two_runs() -> None:
    text = (
        "from trl import SFTConfig, SFTTrainer\n"
        "if flag:\n    args = SFTConfig(packing=True)\nelse:\n    args = SFTConfig(packing=False)\n"
        "SFTTrainer('m', args)\n"
    )
    found = runs(understand(from_text(text, "train.py", Kind.PYTHON).source))
    assert [getattr(run.settings.items["packing"].value, "value", None) for run in found] == [True, False]


def test_a_model_from_a_written_out_configuration_has_no_name() -> None:
    run = one_run(
        "from transformers import LlamaConfig, LlamaForCausalLM\nfrom trl import SFTTrainer\n"
        "SFTTrainer(LlamaForCausalLM(LlamaConfig(hidden_size=8)), train_dataset=None)\n"
    )
    assert (run.model.how, run.model.nameless) == (How.MADE, True)


def test_the_tokenizer_that_is_not_passed_is_spare() -> None:
    run = one_run(
        "from transformers import AutoTokenizer\nfrom trl import SFTTrainer\n"
        "tok = AutoTokenizer.from_pretrained('m')\ntok.chat_template = 'x'\nSFTTrainer('m')\n"
    )
    assert run.processing.how is How.ABSENT
    assert [(spare.variable, [edit.name for edit in spare.edits]) for spare in run.spare] == [
        ("tok", ["chat_template"])
    ]
