"""What would silently change: by the facts, and only what the run meets."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Upgrade, project


@pytest.mark.parametrize(
    ("trainer", "trl", "arguments", "name", "old", "new", "since"),
    [
        ("SFTTrainer", "0.18.2", "", "bf16", "False", "True unless `fp16` is set", "0.19.0"),
        ("SFTTrainer", "0.21.0", "", "gradient_checkpointing", "False", "True", "0.22.0"),
        ("SFTTrainer", "0.11.4", "", "learning_rate", "5e-05", "2e-05", "0.12.0"),
        ("SFTTrainer", "0.18.2", "packing=True", "packing_strategy", '"wrapped"', '"bfd"', "0.20.0"),
        ("DPOTrainer", "0.13.0", "", "max_length", "None", "1024", "0.14.0"),
        ("DPOTrainer", "0.11.4", "", "max_length", "512", "1024", "0.14.0"),
        ("DPOTrainer", "0.28.0", "", "truncation_mode", '"keep_end"', '"keep_start"', "0.29.0"),
        ("RewardTrainer", "0.23.1", "", "learning_rate", "5e-05", "0.0001", "0.24.0"),
        ("GRPOTrainer", "0.18.2", "", "beta", "0.04", "0.0", "0.19.0"),
        ("GRPOTrainer", "0.15.2", "", "loss_type", '"grpo"', '"dapo"', "0.22.0"),
        ("GRPOTrainer", "0.16.1", "", "loss_type", '"bnpo"', '"dapo"', "0.22.0"),
        ("GRPOTrainer", "0.21.0", "", "max_prompt_length", "512", "not cut", "0.26.0"),
        ("GRPOTrainer", "1.9.2", "", "max_completion_length", "256", "512", "1.10.0"),
        ("GRPOTrainer", "1.9.2", "beta=0.1", "use_bias_correction_kl", "False", "True", "1.10.0"),
        ("GRPOTrainer", "0.29.1", "use_vllm=True", "vllm_mode", '"server"', '"colocate"', "1.0.0"),
        ("GRPOTrainer", "0.17.0", "", "temperature", "0.9", "1.0", "0.18.0"),
        ("GRPOTrainer", "0.16.1", "", "top_k", "50", "0", "0.18.0"),
    ],
)
def test_a_default_that_the_code_relies_on(
    upgrade: Upgrade, trainer: str, trl: str, arguments: str, name: str, old: str, new: str, since: str
) -> None:
    project(arguments, trainer, trl, "4.56.2")
    found = upgrade("--output-format", "json").changes
    assert name in found
    change = found[name]
    if name != "top_k":
        assert change["to"] == new
        assert change["since"] == {"package": "trl", "release": since}
    assert change["from"] == old
    assert change["weight"] == "matters"
    assert change["means"]
    assert change["source"]


@pytest.mark.parametrize(
    ("trainer", "trl", "arguments", "name"),
    [
        ("SFTTrainer", "0.18.2", "bf16=True", "bf16"),
        ("SFTTrainer", "0.18.2", "fp16=True", "bf16"),
        ("SFTTrainer", "0.18.2", "", "packing_strategy"),
        ("SFTTrainer", "0.18.2", "", "lr_scheduler_kwargs"),
        ("SFTTrainer", "1.9.2", "", "loss_type"),
        ("SFTTrainer", "1.9.2", "", "pad_to_multiple_of"),
        ("DPOTrainer", "0.18.2", "", "loss_type"),
        ("DPOTrainer", "0.28.0", "max_length=None", "truncation_mode"),
        ("DPOTrainer", "0.28.0", "", "f_alpha_divergence_coef"),
        ("GRPOTrainer", "0.21.0", "", "scale_rewards"),
        ("GRPOTrainer", "0.26.2", "", "top_k"),
        ("GRPOTrainer", "1.9.2", "", "use_bias_correction_kl"),
        ("GRPOTrainer", "0.29.1", "", "vllm_mode"),
    ],
)
def test_what_the_run_does_not_meet_is_not_said(
    upgrade: Upgrade, trainer: str, trl: str, arguments: str, name: str
) -> None:
    project(arguments, trainer, trl, "4.56.2")
    assert name not in upgrade("--output-format", "json").changes


def test_transformers_changes_defaults_too(upgrade: Upgrade) -> None:
    project(trl="0.27.2", transformers="4.57.1")
    change = upgrade("--target-transformers", "5.18.0", "--output-format", "json").changes["report_to"]
    assert change["since"] == {"package": "transformers", "release": "5.0.0"}
    assert change["pins"] == {"report_to": '"all"'}
    assert "report_to" not in upgrade("--output-format", "json").changes  # 1.16 accepts the pinned release


@pytest.mark.parametrize(
    ("trainer", "trl", "transformers", "arguments", "name", "since"),
    [
        ("SFTTrainer", "0.28.0", "4.56.2", "packing=True", "long rows when packing", "0.29.0"),
        ("SFTTrainer", "0.26.2", "4.56.2", "", "the type of the weights", "0.27.0"),
        ("SFTTrainer", "0.25.1", "5.0.0", "", "the type of the weights", "0.27.0"),
        ("DPOTrainer", "0.28.0", "4.56.2", "padding_free=True", "`padding_free` of DPO", "0.29.0"),
        ("GRPOTrainer", "0.14.0", "4.56.2", "", "what `per_device_train_batch_size` counts", "0.15.0"),
    ],
)
def test_behaviour_that_no_default_tells(
    upgrade: Upgrade, trainer: str, trl: str, transformers: str, arguments: str, name: str, since: str
) -> None:
    project(arguments, trainer, trl, transformers)
    change = upgrade("--output-format", "json").changes[name]
    assert change["kind"] == "behaviour"
    assert change["since"]["release"] == since


@pytest.mark.parametrize(
    ("trl", "transformers", "arguments", "name"),
    [
        ("0.25.1", "4.56.2", "", "the type of the weights"),  # float32 either way
        ("0.26.2", "4.56.2", 'model_init_kwargs={"dtype": "auto"}', "the type of the weights"),
        ("0.28.0", "4.56.2", 'packing=True, packing_strategy="wrapped"', "long rows when packing"),
        ("0.26.2", "4.56.2", "packing=True", "long rows when packing"),  # dropped, split, dropped again
    ],
)
def test_behaviour_that_is_the_same_or_not_met(
    upgrade: Upgrade, trl: str, transformers: str, arguments: str, name: str
) -> None:
    project(arguments, "SFTTrainer", trl, transformers)
    assert name not in upgrade("--output-format", "json").changes


def test_reward_functions_of_the_project_get_more_keywords(upgrade: Upgrade) -> None:
    project(trainer="GRPOTrainer", trl="0.17.0")
    code = Path("train.py").read_text().replace("    args=", "    reward_funcs=[good],\n    args=")
    Path("train.py").write_text(f"def good(completions):\n    return [1.0 for _ in completions]\n\n\n{code}")
    change = upgrade("--output-format", "json").changes["what reward functions are given"]
    assert change["condition"] == "if a reward function takes no `**kwargs`"


def test_known_rows_decide_about_the_loss(upgrade: Upgrade) -> None:
    project(trl="0.16.1")
    Path("rows.jsonl").write_text('{"prompt": "a", "completion": "b"}\n')
    code = (
        Path("train.py").read_text().replace('load_dataset("org/rows"', 'load_dataset("json", data_files="rows.jsonl"')
    )
    Path("train.py").write_text(code)
    change = upgrade("--output-format", "json").changes["the loss"]
    assert (change["from"], change["to"]) == ("on all tokens", "on the completion alone")
    assert change["condition"] is None
    assert change["pins"] == {"completion_only_loss": "False"}
    Path("rows.jsonl").write_text('{"text": "a"}\n')
    assert "the loss" not in upgrade("--output-format", "json").changes


def test_a_config_from_elsewhere_is_said_to_be_open(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    code = Path("train.py").read_text().replace("SFTConfig()", "parse()")
    Path("train.py").write_text(f"from elsewhere import parse\n{code}")
    result = upgrade()
    assert "train.py:5:11" not in result.out  # places are lines
    assert "train.py:5, unless it is given from elsewhere" in result.out
    assert "--pin-defaults" not in result.out


def test_a_default_of_trl_counts_where_transformers_has_another_name_for_it(upgrade: Upgrade) -> None:
    project(trl="0.21.0")
    result = upgrade("--from-transformers", "5.23", "--target-transformers", "5.23")
    assert "`gradient_checkpointing`: None -> True (since TRL 0.22)" in result.out


def test_patched_trainers_are_left_aside(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    Path("train.py").write_text("import unsloth\n" + Path("train.py").read_text())
    result = upgrade()
    assert result.code == 0
    assert "unsloth patches the trainers here" in result.out
    assert "gradient_checkpointing" not in result.out


def test_training_arguments_count_as_given(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    code = Path("train.py").read_text().replace("SFTConfig()", "TrainingArguments()")
    Path("train.py").write_text(f"from transformers import TrainingArguments\n{code}")
    found = upgrade("--output-format", "json").changes
    assert "bf16" not in found
    assert "report_to" in found


def test_keys_of_a_recipe_that_are_there_no_more(upgrade: Upgrade) -> None:
    Path("requirements.txt").write_text("trl==0.18.2\ntransformers==4.52.4\n")
    Path("recipe.yaml").write_text(
        "model_name_or_path: org/model\nnum_generations: 8\nmax_prompt_length: 512\nof_this_project: 1\n"
    )
    result = upgrade("--output-format", "json")
    assert result.code == 1
    change = result.changes["max_prompt_length"]
    assert (change["kind"], change["since"]["release"]) == ("lost", "0.28.0")


def test_an_argument_on_some_paths_is_not_certain(upgrade: Upgrade) -> None:
    project(trl="0.18.2")
    branch = "import sys\nif len(sys.argv) > 1:\n    from_flag = None\nelse:\n    from_flag = True\n"
    code = Path("train.py").read_text().replace("SFTConfig()", "SFTConfig(fp16=from_flag)")
    Path("train.py").write_text(branch + code)
    change = upgrade("--output-format", "json").changes["bf16"]
    assert change["condition"] == "on some paths of the code"
    assert change["pins"] == {}
