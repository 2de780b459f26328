"""What arguments were called before, in the order in which the names followed one another.

Source of each row: the deprecation text of the last release that had the old name (the facts hold it as the
field's note), or where there is none the commit that replaced it, read by comparing the two releases' wheels.
Whether a release has the old or the new name is never written here: the facts know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Rename(NamedTuple):
    """`old` became `new`. `classes`: of which classes (empty: of any). `values`: where the value changes with the
    name, the new source text by old value (None as text: the argument is to be left out). `share`: the old value
    was a share, and means the same under the new name below 1. `word` explains either. `sure`: nothing but the name
    changed."""

    old: str
    new: str
    classes: frozenset[str] = frozenset()
    values: Mapping[object, str | None] | None = None
    word: str = ""
    share: bool = False
    sure: bool = True


def _of(*classes: str) -> frozenset[str]:
    return frozenset(classes)


_SFT = _of("SFTConfig", "GKDConfig", "SFTTrainer")
_RLOO = _of("RLOOConfig")
_TRAINERS = _of(
    *("SFTTrainer", "DPOTrainer", "KTOTrainer", "RewardTrainer", "ORPOTrainer", "CPOTrainer", "BCOTrainer"),
    *("OnlineDPOTrainer", "XPOTrainer", "NashMDTrainer", "GKDTrainer", "RLOOTrainer", "PPOTrainer", "PPOv2Trainer"),
    *("IterativeSFTTrainer", "PRMTrainer", "GRPOTrainer"),
)

RENAMES: Final = (
    # TRL 0.12: `tokenizer` of every trainer, with transformers 4.46; a decorator took the old name until 0.15
    Rename("tokenizer", "processing_class", _TRAINERS),
    # TRL 0.13: the trainer's config, `PPOTrainer` and `RLOOTrainer`
    Rename("config", "args", _of("PPOTrainer", "RLOOTrainer", "GRPOTrainer", "SFTTrainer", "DPOTrainer")),
    Rename("policy", "model", _of("PPOTrainer", "RLOOTrainer"), sure=False),
    Rename("ref_policy", "ref_model", _of("PPOTrainer")),
    Rename(
        "reward_model",
        "reward_funcs",
        _of("RLOOTrainer", "OnlineDPOTrainer", "XPOTrainer", "NashMDTrainer"),
        sure=False,
    ),
    Rename("reward_processing_class", "reward_processing_classes", _of("OnlineDPOTrainer"), sure=False),
    Rename("max_tool_reponse", "max_tool_response", _of("TextEnvironment")),
    # TRL 0.16 to 0.20
    Rename("max_seq_length", "max_length", _SFT),
    Rename("use_liger", "use_liger_kernel", _SFT),
    Rename("use_num_logits_to_keep", "use_logits_to_keep", _of("DPOConfig")),
    Rename("max_target_length", "max_completion_length", _of("DPOConfig", "CPOConfig", "DPOTrainer")),
    # TRL 0.25 to 0.28
    Rename("use_liger_loss", "use_liger_kernel"),
    Rename("vllm_guided_decoding_regex", "vllm_structured_outputs_regex"),
    Rename("wandb_log_unique_prompts", "log_unique_prompts"),
    Rename("torch_dtype", "dtype", _of("ModelConfig")),
    Rename(
        "gpu_memory_utilization", "vllm_gpu_memory_utilization", _of("OnlineDPOConfig", "XPOConfig", "NashMDConfig")
    ),
    # TRL 1.2 and 1.6: deprecated aliases
    Rename("use_transformers_paged", "use_transformers_continuous_batching"),
    Rename("vllm_importance_sampling_cap", "vllm_importance_sampling_clip_max"),
    Rename("ema_update_rate", "teacher_update_rate", _of("SDPOConfig")),
    # RLOO on top of GRPO's loop (0.22): the compatibility layer of 0.22 to 0.24 names the successors
    Rename("rloo_k", "num_generations", _RLOO, sure=False),
    Rename("cliprange", "epsilon", _RLOO, sure=False),
    Rename("kl_coef", "beta", _RLOO, sure=False),
    Rename("exp_name", "run_name", _RLOO, sure=False),
    Rename("normalize_reward", "normalize_advantages", _RLOO, sure=False),
    Rename("normalize_advantage", "normalize_advantages", _RLOO, sure=False),
    Rename("num_ppo_epochs", "num_iterations", _RLOO, sure=False),
    Rename("num_mini_batches", "steps_per_generation", _RLOO, sure=False),
    Rename("response_length", "max_completion_length", _RLOO, sure=False),
    # transformers.TrainingArguments
    Rename("evaluation_strategy", "eval_strategy"),
    Rename("per_gpu_train_batch_size", "per_device_train_batch_size"),
    Rename("per_gpu_eval_batch_size", "per_device_eval_batch_size"),
    Rename("no_cuda", "use_cpu"),
    Rename("gradient_checkpointing", "activation_checkpointing"),
    Rename("gradient_checkpointing_kwargs", "activation_checkpointing_kwargs"),
    Rename("push_to_hub_token", "hub_token"),
    Rename("push_to_hub_model_id", "hub_model_id"),
    Rename("torchdynamo", "torch_compile_backend"),
    Rename(
        "warmup_ratio",
        "warmup_steps",
        word="a number below 1 is the share of all steps",
        share=True,
    ),
    Rename(
        "group_by_length",
        "train_sampling_strategy",
        values={True: '"group_by_length"', False: None},
        word='the value `"group_by_length"` does the same',
    ),
    Rename("adafactor", "optim", values={True: '"adafactor"', False: None}),
    Rename(
        "include_inputs_for_metrics",
        "include_for_metrics",
        values={True: '["inputs"]', False: None},
    ),
    Rename("tpu_metrics_debug", "debug", values={True: '"tpu_metrics_debug"', False: None}),
)


def renames_of(name: str, cls: str) -> list[Rename]:
    """The rows whose old name this is, for arguments of `cls`."""
    return [row for row in RENAMES if row.old == name and (not row.classes or cls in row.classes)]


def older_names(name: str, cls: str) -> list[str]:
    """What `name` was called before, of `cls`."""
    return [row.old for row in RENAMES if row.new == name and (not row.classes or cls in row.classes)]


# Names that no release had and people write: what they mean. Counted in public code (GRPO's length and KL terms
# above all); the rest are the words of other training libraries and of PyTorch.
MEANT: Final[Mapping[str, tuple[str, ...]]] = {
    "max_new_tokens": ("max_completion_length",),
    "max_tokens": ("max_completion_length", "max_length"),
    "max_seq_len": ("max_length", "max_seq_length"),
    "seq_length": ("max_length", "max_seq_length"),
    "sequence_length": ("max_length", "max_seq_length"),
    "max_sequence_length": ("max_length", "max_seq_length"),
    "kl_coeff": ("beta",),
    "kl_coef": ("beta",),
    "kl_beta": ("beta",),
    "lr": ("learning_rate",),
    "epochs": ("num_train_epochs",),
    "num_epochs": ("num_train_epochs",),
    "batch_size": ("per_device_train_batch_size",),
    "train_batch_size": ("per_device_train_batch_size",),
    "eval_batch_size": ("per_device_eval_batch_size",),
    "micro_batch_size": ("per_device_train_batch_size",),
    "grad_accum_steps": ("gradient_accumulation_steps",),
    "accumulation_steps": ("gradient_accumulation_steps",),
    "gradient_clipping": ("max_grad_norm",),
    "grad_clip": ("max_grad_norm",),
    "lr_scheduler": ("lr_scheduler_type",),
    "scheduler": ("lr_scheduler_type",),
    "optimizer": ("optim",),
    "mixed_precision": ("bf16",),
    "reward_fn": ("reward_funcs",),
    "reward_function": ("reward_funcs",),
    "reward_functions": ("reward_funcs",),
    "reward_func": ("reward_funcs",),
    "dataset": ("train_dataset",),
    "training_args": ("args",),
    "config": ("args",),
    "lora_config": ("peft_config",),
    "lora_rank": ("r",),
    "rank": ("r",),
    "alpha": ("lora_alpha",),
    "dropout": ("lora_dropout",),
}
