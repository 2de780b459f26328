"""Which values and combinations the config classes refuse, on both sides of each release at which that changed.

What is stated here was compared with the `__post_init__` of the published packages, run on the same arguments.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from trl_lint.packs.registry import BUILTIN, Registry
from trl_lint.testing import Example, run

REGISTRY = Registry([BUILTIN])
FAMILIES = ("TRL5", "TRL6", "TRL81")


def _found(folder: Path, trl: str, transformers: str, code: str) -> list[str]:
    """The findings of these families, `?` behind those that are only possible."""
    files = {"requirements.txt": f"trl=={trl}\ntransformers=={transformers}\n", "train.py": code}
    outcome = run(Example("", 0, files), folder, REGISTRY)
    return sorted(
        f"{each.code}{'?' if each.possible else ''}" for each in outcome.found if each.code.startswith(FAMILIES)
    )


def _config(call: str) -> str:
    name = call.partition("(")[0]
    package = "transformers" if name == "TrainingArguments" else "trl"
    return f"import trl\nfrom {package} import {name}\n\nargs = {call}\n"


CASES = [
    # GRPO and RLOO: too few generations
    ("0.17.0", "4.51.3", "GRPOConfig(num_generations=1)", []),
    ("0.18.0", "4.52.4", "GRPOConfig(num_generations=1)", ["TRL501"]),
    ("1.16.0", "5.20.0", "GRPOConfig(num_generations=0)", ["TRL501"]),
    ("0.22.0", "4.56.0", "RLOOConfig(rloo_k=1)", ["TRL501"]),
    ("0.21.0", "4.55.0", "RLOOConfig(rloo_k=1)", []),
    # the batch, given twice or no whole number of steps
    ("0.18.2", "4.52.4", "GRPOConfig(generation_batch_size=8, steps_per_generation=1)", ["TRL502"]),
    ("0.22.2", "4.56.0", "RLOOConfig(generation_batch_size=8, num_mini_batches=1)", ["TRL502"]),
    ("0.20.0", "4.55.0", "GRPOConfig(generation_batch_size=9, num_generations=3)", ["TRL503"]),
    ("0.20.0", "4.55.0", "GRPOConfig(generation_batch_size=16, steps_per_generation=None)", []),
    # groups
    ("0.20.0", "4.55.0", "GRPOConfig(num_generations=5)", ["TRL504?"]),
    ("0.20.0", "4.55.0", "GRPOConfig(num_generations=5, generation_batch_size=8)", ["TRL504"]),
    ("0.20.0", "4.55.0", "GRPOConfig(per_device_train_batch_size=1)", ["TRL504?"]),
    ("0.20.0", "4.55.0", "GRPOConfig(per_device_train_batch_size=1, gradient_accumulation_steps=8)", []),
    ("1.16.0", "5.20.0", "GRPOConfig(per_device_train_batch_size=1, steps_per_generation=8)", []),
    ("0.17.0", "4.51.3", "GRPOConfig(num_generations=5)", []),
    # evaluation
    ("0.19.1", "4.53.1", 'GRPOConfig(eval_strategy="steps", per_device_eval_batch_size=3)', ["TRL505?"]),
    ("0.21.0", "4.55.0", 'GRPOConfig(eval_strategy="steps", per_device_eval_batch_size=3)', []),
    ("0.22.0", "4.56.0", 'GRPOConfig(eval_strategy="epoch", per_device_eval_batch_size=3)', ["TRL505?"]),
    ("0.26.0", "4.57.1", 'GRPOConfig(eval_strategy="steps", num_generations=4, per_device_eval_batch_size=4)', []),
    ("0.26.1", "4.57.1", 'GRPOConfig(eval_strategy="steps", num_generations_eval=3)', ["TRL505?"]),
    ("0.26.1", "4.57.1", 'GRPOConfig(eval_strategy="no", num_generations_eval=3)', []),
    # other values of GRPO
    ("0.24.0", "4.56.0", "GRPOConfig(delta=1.5, use_liger_loss=True)", ["TRL506"]),
    ("0.27.0", "4.57.1", "GRPOConfig(delta=1.5, use_liger_loss=False, use_liger_kernel=True)", []),
    ("1.3.0", "5.4.0", "GRPOConfig(delta=1.5, use_liger_kernel=True)", ["TRL506"]),
    ("1.4.0", "5.4.0", "GRPOConfig(delta=1.5, use_liger_kernel=True)", []),
    ("1.8.0", "5.14.1", "RLOOConfig(auto_find_batch_size=True)", []),
    ("1.9.0", "5.14.1", "RLOOConfig(auto_find_batch_size=True)", ["TRL508"]),
    ("0.27.0", "4.57.1", 'GRPOConfig(log_completions_hub_repo="me/x")', []),
    ("0.28.0", "4.57.1", 'GRPOConfig(log_completions_hub_repo="me/x")', ["TRL510"]),
    # DPO, CPO, GKD, PPO
    ("0.20.0", "4.55.0", 'DPOConfig(loss_type="sigmoid", loss_weights=[1.0, 0.5])', ["TRL507"]),
    ("0.20.0", "4.55.0", 'DPOConfig(loss_type=["sigmoid"], loss_weights=[1.0])', []),
    ("0.9.4", "4.46.3", 'DPOConfig(loss_type="kto_pair")', []),
    ("0.9.6", "4.46.3", 'DPOConfig(loss_type="kto_pair")', ["TRL511"]),
    ("0.11.0", "4.46.3", 'CPOConfig(loss_type="kto_pair")', []),
    ("0.24.0", "4.57.1", 'DPOConfig(f_divergence_type="nope")', ["TRL511"]),
    ("0.28.0", "4.57.1", 'DPOConfig(f_divergence_type="nope")', []),
    ("0.11.0", "4.46.3", "GKDConfig(beta=1.5)", ["TRL520"]),
    ("0.11.4", "4.46.3", "PPOConfig(batch_size=100, mini_batch_size=3)", ["TRL521"]),
    ("0.11.4", "4.46.3", "PPOConfig(batch_size=96, mini_batch_size=3, gradient_accumulation_steps=2)", []),
    # precision
    ("1.9.2", "5.14.1", "SFTConfig(fp16=True)", []),
    ("1.9.2", "5.14.1", "SFTConfig(fp16=True, bf16=True)", ["TRL601"]),
    ("1.9.2", "5.14.1", "TrainingArguments(fp16_full_eval=True, bf16_full_eval=True)", ["TRL601"]),
    # steps
    ("1.9.2", "5.14.1", "SFTConfig(logging_steps=0)", ["TRL811"]),
    ("1.9.2", "5.14.1", 'SFTConfig(logging_steps=0, logging_strategy="epoch")', []),
    ("1.9.2", "5.14.1", "SFTConfig(save_steps=2.5)", ["TRL811"]),
    ("1.9.2", "5.14.1", "SFTConfig(save_steps=50.0)", []),
    ("0.16.0", "4.49.0", "SFTConfig(torch_empty_cache_steps=0)", []),
    ("0.16.1", "4.50.0", "SFTConfig(torch_empty_cache_steps=0)", ["TRL811"]),
    # the best model
    ("1.9.2", "5.14.1", "SFTConfig(load_best_model_at_end=True)", ["TRL812"]),
    ("1.9.2", "5.14.1", 'SFTConfig(load_best_model_at_end=True, eval_strategy="steps")', []),
    ("1.9.2", "5.14.1", 'SFTConfig(load_best_model_at_end=True, eval_strategy="steps", logging_steps=7)', ["TRL812"]),
    (
        "0.18.2",
        "4.52.4",
        'SFTConfig(load_best_model_at_end=True, eval_strategy="steps", eval_steps=0.1, save_steps=0.3)',
        ["TRL812"],
    ),
    (
        "0.19.1",
        "4.53.1",
        'SFTConfig(load_best_model_at_end=True, eval_strategy="steps", eval_steps=0.1, save_steps=0.3)',
        [],
    ),
    ("0.13.0", "4.47.1", 'SFTConfig(load_best_model_at_end=True, save_strategy="best")', ["TRL812"]),
    ("0.14.0", "4.48.0", 'SFTConfig(load_best_model_at_end=True, save_strategy="best")', []),
    # schedule, loader, shards
    ("1.9.2", "5.14.1", 'SFTConfig(lr_scheduler_type="reduce_lr_on_plateau")', ["TRL813"]),
    ("1.0.0", "5.3.0", 'SFTConfig(lr_scheduler_type="reduce_lr_on_plateau", eval_strategy="epoch")', []),
    ("1.9.2", "5.14.1", 'SFTConfig(lr_scheduler_type="greedy")', ["TRL813"]),
    ("0.22.2", "4.56.0", "SFTConfig(warmup_steps=0.1)", ["TRL814"]),
    ("0.29.1", "5.0.0", "SFTConfig(warmup_steps=0.1)", []),
    ("0.22.2", "4.56.0", "SFTConfig(warmup_ratio=1.5)", ["TRL814"]),
    ("0.29.1", "5.0.0", "SFTConfig(warmup_ratio=1.5)", []),
    ("0.29.1", "5.0.0", "SFTConfig(warmup_steps=-1)", ["TRL814"]),
    ("1.9.2", "5.14.1", "SFTConfig(dataloader_prefetch_factor=2)", ["TRL815"]),
    ("1.9.2", "5.9.0", 'SFTConfig(fsdp="offload")', ["TRL816"]),
    ("1.9.2", "5.10.1", 'SFTConfig(fsdp="offload")', []),
]


@pytest.mark.parametrize(("trl", "transformers", "call", "codes"), CASES, ids=lambda each: str(each))
def test_a_config_alone(tmp_path: Path, trl: str, transformers: str, call: str, codes: list[str]) -> None:
    assert _found(tmp_path, trl, transformers, _config(call)) == codes


def test_what_is_assigned_afterwards_is_not_checked_by_the_class(tmp_path: Path) -> None:
    code = "from trl import GRPOConfig\n\nargs = GRPOConfig()\nargs.num_generations = 1\n"
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == []


def test_a_class_of_the_project_may_mend_it(tmp_path: Path) -> None:
    code = "from trl import GRPOConfig\n\nclass Mine(GRPOConfig):\n    pass\n\nargs = Mine(num_generations=1)\n"
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == ["TRL501?"]


def test_a_branch_of_the_code_makes_it_possible(tmp_path: Path) -> None:
    code = (
        "import torch\nfrom trl import SFTConfig\n\nbrain = False\n"
        "if torch.cuda.is_bf16_supported():\n    brain = True\nargs = SFTConfig(fp16=True, bf16=brain)\n"
    )
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == ["TRL601?"]


def test_an_unknown_value_is_never_refused(tmp_path: Path) -> None:
    code = "import sys\nfrom trl import GRPOConfig\n\nargs = GRPOConfig(num_generations=int(sys.argv[1]))\n"
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == []


def test_patched_trainers_are_left_alone(tmp_path: Path) -> None:
    code = "import unsloth\nfrom trl import GRPOConfig\n\nargs = GRPOConfig(num_generations=1)\n"
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == []


@pytest.mark.parametrize(
    ("strategy", "codes"),
    [("IntervalStrategy.EPOCH", ["TRL812"]), ("IntervalStrategy.STEPS", []), ("IntervalStrategy.NO", ["TRL812"])],
)
def test_strategies_may_be_written_as_members(tmp_path: Path, strategy: str, codes: list[str]) -> None:
    code = (
        "from transformers import IntervalStrategy\nfrom trl import SFTConfig\n\n"
        f"args = SFTConfig(load_best_model_at_end=True, eval_strategy={strategy})\n"
    )
    assert _found(tmp_path, "1.9.2", "5.14.1", code) == codes


@pytest.mark.parametrize(
    ("trl", "transformers", "arguments", "codes"),
    [
        ("0.15.2", "4.49.0", "per_device_train_batch_size=4, gradient_accumulation_steps=2", ["TRL504?"]),
        ("0.17.0", "4.51.3", "per_device_train_batch_size=4, gradient_accumulation_steps=2", []),
        ("0.17.0", "4.51.3", "num_generations=1", ["TRL501"]),
        ("0.14.0", "4.48.0", "num_generations=1", []),
    ],
)
def test_older_grpo_checks_in_the_trainer(
    tmp_path: Path, trl: str, transformers: str, arguments: str, codes: list[str]
) -> None:
    code = (
        "from trl import GRPOConfig, GRPOTrainer\n\n"
        f'trainer = GRPOTrainer("my/model", reward_funcs=len, args=GRPOConfig({arguments}), train_dataset=data)\n'
    )
    assert _found(tmp_path, trl, transformers, code) == codes
