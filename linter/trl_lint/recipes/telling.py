"""Is this mapping a TRL recipe? Decided by the top-level keys alone.

Of 460 YAML files in public TRL projects 107 are recipes; the rest are other tools' files that share many keys.
A wrong yes makes false alarms, so a recipe must name a model or a data set as TRL's own parsers do, must hold a
key that comes from TRL, and must hold none that only another tool has.
"""

from __future__ import annotations

from collections.abc import Iterable

# `ScriptArguments`, `ModelConfig` and `DatasetMixtureConfig` of TRL; `dataset_mixer` is the alignment handbook's,
# `dataset_id_or_path` that of the widespread scripts which wrap `TrlParser`.
ENTRY = frozenset(
    {"model_name_or_path", "dataset_name", "dataset_mixture", "dataset_mixer", "dataset_id_or_path", "datasets"}
)

# Fields of TRL's classes that transformers' `TrainingArguments` and example scripts do not have.
OWN = frozenset(
    # ScriptArguments, ModelConfig and the `trl` command
    {"dataset_train_split", "dataset_test_split", "dataset_streaming", "dataset_config", "dataset_mixture"}
    | {"dataset_mixer", "dataset_id_or_path", "gradient_checkpointing_use_reentrant", "ignore_bias_buffers"}
    | {"use_peft", "lora_r", "lora_target_modules", "lora_modules_to_save", "lora_target_parameters", "lora_task_type"}
    | {"use_rslora", "use_dora", "load_in_4bit", "load_in_8bit", "bnb_4bit_quant_type", "use_bnb_nested_quant"}
    | {"model_revision", "attn_implementation", "accelerate_config", "reward_funcs", "reward_model_name_or_path"}
    # configs
    | {"max_length", "max_seq_length", "packing", "packing_strategy", "eval_packing", "padding_free"}
    | {"assistant_only_loss", "completion_only_loss", "dataset_text_field", "dataset_kwargs", "dataset_num_proc"}
    | {"chat_template_path", "model_init_kwargs", "eos_token", "pad_token", "activation_offloading", "use_liger"}
    | {"beta", "loss_type", "loss_weights", "label_smoothing", "max_prompt_length", "max_completion_length"}
    | {"precompute_ref_log_probs", "sync_ref_model", "ref_model_init_kwargs", "f_divergence_type", "rpo_alpha"}
    | {"num_generations", "use_vllm", "vllm_mode", "vllm_server_host", "scale_rewards", "reward_weights", "epsilon"}
    | {"num_iterations", "steps_per_generation", "log_completions", "mask_truncated_completions", "rloo_k"}
    | {"desirable_weight", "undesirable_weight", "center_rewards_coefficient", "disable_dropout", "truncation_mode"}
    | {"cpo_alpha", "simpo_gamma", "lmbda", "seq_kd", "teacher_model_name_or_path", "teacher_model_init_kwargs"}
    | {"ref_model_name_or_path", "missing_eos_penalty", "sft_model_path", "reward_model_path", "kl_coef"}
)

# One key that settles it, and whose file that is.
FOREIGN = {
    "base_model": "axolotl",
    "sequence_len": "axolotl",
    "sample_packing": "axolotl",
    "val_set_size": "axolotl",
    "dataset_prepared_path": "axolotl",
    "stage": "LLaMA-Factory",
    "finetuning_type": "LLaMA-Factory",
    "template": "LLaMA-Factory",
    "dataset_dir": "LLaMA-Factory",
    "cutoff_len": "LLaMA-Factory",
    "train_type": "ms-swift",
    "tuner_type": "ms-swift",
    "rlhf_type": "ms-swift",
    "sft_type": "ms-swift",
    "distributed_type": "accelerate",
    "compute_environment": "accelerate",
    "zero_optimization": "DeepSpeed",
    "train_micro_batch_size_per_gpu": "DeepSpeed",
    "architectures": "a model's config.json",
    "transformers_version": "a model's config.json",
    "hidden_size": "a model's config.json",
    "peft_type": "an adapter_config.json",
    "base_model_name_or_path": "an adapter_config.json",
    "log_history": "a trainer_state.json",
    "_n_gpu": "saved training arguments",
    "services": "docker compose",
    "jobs": "a GitHub workflow",
    "apiVersion": "Kubernetes",
    "dependencies": "a package manifest",
    "scripts": "a package manifest",
    "defaults": "Hydra",
    "hydra": "Hydra",
    "actor_rollout_ref": "verl",
    "_component_": "torchtune",
    "train_file": "transformers' example scripts",
    "validation_file": "transformers' example scripts",
    "task_type": "an adapter_config.json",
    "_wandb": "a Weights & Biases log",
    "wandb_version": "a Weights & Biases log",
}


def looks_like_recipe(keys: Iterable[str]) -> bool:
    """Whether a mapping with these top-level keys is a recipe for TRL's trainers.

    `datasets` alone is no entry: half of the other tools have it too, so it needs two keys of TRL's own.
    """
    found = set(keys)
    if any(key in FOREIGN for key in found):
        return False
    entries, own = found & ENTRY, found & OWN
    if entries <= {"datasets"}:
        return bool(entries) and len(own) >= 2
    # A model and a data set together are what the `trl` command needs, and complete.
    return bool(own) or {"model_name_or_path", "dataset_name"} <= entries
