"""Which mappings are TRL recipes: whole files' keys, as they are found in public projects."""

from __future__ import annotations

import pytest

from trl_lint.model.source import Kind, Source
from trl_lint.recipes.recipe import read_recipe
from trl_lint.recipes.telling import FOREIGN, OWN, looks_like_recipe


@pytest.mark.parametrize(
    "keys",
    [
        "model_name_or_path dataset_name",
        "model_name_or_path dataset_name learning_rate output_dir bf16",
        "model_name_or_path torch_dtype attn_implementation use_peft dataset_mixer dataset_splits max_seq_length",
        "model_name_or_path dataset_id_or_path max_seq_length packing learning_rate",
        "model_name_or_path reward_funcs num_generations beta",
        "dataset_name packing max_length",
        "datasets packing max_length model_name",
        "model_name_or_path dataset_mixture chat_template assistant_only_loss",
    ],
)
def test_recipes(keys: str) -> None:
    assert looks_like_recipe(keys.split())


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "learning_rate output_dir num_train_epochs",
        "model_name_or_path output_dir learning_rate",
        "base_model datasets sequence_len adapter lora_r lora_alpha",
        "base_model datasets load_in_4bit lora_r",
        "model_name_or_path stage finetuning_type dataset template cutoff_len packing",
        "model_name_or_path dataset_name train_type lora_rank max_length",
        "compute_environment distributed_type mixed_precision num_processes",
        "zero_optimization bf16 train_micro_batch_size_per_gpu",
        "architectures model_type hidden_size attn_implementation",
        "peft_type base_model_name_or_path lora_alpha use_dora use_rslora task_type",
        "log_history global_step max_steps",
        "name version scripts dependencies",
        "services version",
        "name on jobs",
        "model_name_or_path dataset_name train_file validation_file max_length",
        "model_name_or_path dataset_name defaults hydra packing",
    ],
)
def test_other_files(keys: str) -> None:
    assert not looks_like_recipe(keys.split())


def test_no_key_is_both_ours_and_another_tools() -> None:
    assert not OWN & set(FOREIGN)


@pytest.mark.parametrize(
    "text",
    [
        "- model_name_or_path\n- dataset_name\n",
        "sft:\n  model_name_or_path: a\n  dataset_name: b\n",
        "",
        "plain",
        "a: 1",
    ],
)
def test_recipe_keys_count_at_the_top_only(text: str) -> None:
    assert read_recipe(Source("r", Kind.YAML, text)) is None


def test_an_indented_and_a_flow_recipe() -> None:
    for text in ("  model_name_or_path: a\n  dataset_name: b\n", "{model_name_or_path: a, dataset_name: b}"):
        recipe = read_recipe(Source("r", Kind.YAML, text))
        assert recipe is not None
        assert list(recipe.settings) == ["model_name_or_path", "dataset_name"]


def test_python_is_no_recipe() -> None:
    assert read_recipe(Source("r.py", Kind.PYTHON, "model_name_or_path: a\ndataset_name: b\n")) is None
