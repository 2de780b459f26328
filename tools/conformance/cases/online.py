"""GRPO and RLOO: trainers that generate what they train on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .case import AWAY, Case, Code

_REWARD = "def longer(completions, **kwargs):\n    return [float(len(str(completion))) for completion in completions]"
_SMALL: Mapping[str, object] = {"per_device_train_batch_size": 4, "num_generations": 2, "max_completion_length": 4}
_EVAL: Mapping[str, object] = {"eval_strategy": "steps", "eval_steps": 1, "per_device_eval_batch_size": 4}
_EVAL_DATA = {"eval_dataset": Code("dataset")}
# RLOO is a trainer like GRPO since this release.
_SINCE = {"GRPO": "", "RLOO": ">=0.22"}


# RLOO shares its arithmetic with GRPO: of its cases that only run, a few are enough.
# fmt: off
_SPARED = [
    "chat", "defaults", "default-batch", "generations-2", "generations-4", "generations-8",
    "generations-3-accumulated", "generations-8-accumulated", "generations-6-steps", "batch-4", "batch-8", "batch-12",
    "eval-default-batch", "eval-off-3", "eval-own-generations", "weights", "weights-one", "reward-model",
    "reward-list", "beta-0.0", "beta-0.1", "beta-0.1-synchronised", "adapter", "log", "loaded", "loaded-init-kwargs",
    "unpadded", "shuffled-not", "disable-dropout",
]
# fmt: on


def _case(
    kind: str,
    name: str,
    config: Mapping[str, object] | None = None,
    arguments: Mapping[str, object] | None = None,
    imports: Sequence[str] = (),
    setup: Sequence[str] = (),
    **more: Any,
) -> Case:
    more.setdefault("model", "plain")
    more.setdefault("data", "prompts")
    more.setdefault("releases", _SINCE[kind])
    return Case(
        f"{kind.lower()}/{name}",
        trainer=f"{kind}Trainer",
        config_class=f"{kind}Config",
        config={**_SMALL, **(config or {})},
        arguments={"reward_funcs": Code("longer"), **(arguments or {})},
        helpers=_REWARD,
        imports=imports,
        setup=setup,
        **more,
    )


def groups() -> Iterator[Case]:
    """The arithmetic of batches and groups."""
    for kind in ("GRPO", "RLOO"):
        yield _case(kind, "usual")
        yield _case(kind, "chat", data="chatprompts")
        yield _case(kind, "bare-chat", data="chatprompts", model="bare", processing="tokenizer")
        yield _case(kind, "defaults", {"num_generations": AWAY, "per_device_train_batch_size": AWAY})
        yield _case(kind, "default-batch", {"num_generations": 4, "per_device_train_batch_size": AWAY})
        for count in (0, 1, 2, 3, 4, 8):
            yield _case(kind, f"generations-{count}", {"num_generations": count})
        yield _case(kind, "generations-3-accumulated", {"num_generations": 3, "gradient_accumulation_steps": 3})
        yield _case(kind, "generations-8-accumulated", {"num_generations": 8, "gradient_accumulation_steps": 2})
        yield _case(kind, "generations-6-steps", {"num_generations": 6, "steps_per_generation": 3})
        yield _case(
            kind,
            "steps-less-than-accumulated",
            {"num_generations": 8, "steps_per_generation": 1, "gradient_accumulation_steps": 2},
        )
        yield _case(kind, "one-row", {"per_device_train_batch_size": 1, "gradient_accumulation_steps": 2})
        for size in (4, 6, 8, 10, 12):
            yield _case(kind, f"batch-{size}", {"generation_batch_size": size})
        yield _case(kind, "batch-8-generations-3", {"generation_batch_size": 8, "num_generations": 3})
        yield _case(kind, "batch-and-steps", {"generation_batch_size": 8, "steps_per_generation": 2})
        yield _case(kind, "batch-and-steps-agree", {"generation_batch_size": 4, "steps_per_generation": 1})
        yield _case(kind, "search", {"auto_find_batch_size": True})
        yield _case(kind, "eval", {**_EVAL}, _EVAL_DATA)
        yield _case(kind, "eval-3", {**_EVAL, "per_device_eval_batch_size": 3}, _EVAL_DATA)
        yield _case(
            kind, "eval-default-batch", {**_EVAL, "per_device_eval_batch_size": AWAY, "num_generations": 4}, _EVAL_DATA
        )
        yield _case(kind, "eval-own-generations", {**_EVAL, "num_generations_eval": 1}, _EVAL_DATA)
        yield _case(kind, "eval-own-generations-3", {**_EVAL, "num_generations_eval": 3}, _EVAL_DATA)
        yield _case(kind, "eval-off-3", {"per_device_eval_batch_size": 3}, _EVAL_DATA)
        yield _case(kind, "eval-no-data", {**_EVAL})


def rewards() -> Iterator[Case]:
    """Reward functions and their weights."""
    two = {"reward_funcs": Code("[longer, longer]")}
    for kind in ("GRPO", "RLOO"):
        yield _case(kind, "weights", {"reward_weights": [1.0, 0.5]}, two)
        yield _case(kind, "weights-one-for-two", {"reward_weights": [1.0]}, two)
        yield _case(kind, "weights-two-for-one", {"reward_weights": [1.0, 0.5]})
        yield _case(kind, "weights-one", {"reward_weights": [1.0]})
        yield _case(kind, "no-reward", arguments={"reward_funcs": None})
        yield _case(kind, "reward-model", arguments={"reward_funcs": "./model"})
        yield _case(kind, "reward-list", arguments={"reward_funcs": Code("[longer]")})
        yield _case(kind, "reward-processing-two-for-one", {}, {"reward_processing_classes": Code("[None, None]")})
    yield _case("GRPO", "aggregated", {"multi_objective_aggregation": "normalize_then_sum"}, two)
    yield _case("GRPO", "aggregated-unknown", {"multi_objective_aggregation": "sum"}, two)


def losses() -> Iterator[Case]:
    """Losses, scales and levels."""
    for loss in ("grpo", "bnpo", "dr_grpo", "dapo", "cispo", "sapo", "luspo", "vespo", "gspo", "DAPO"):
        yield _case("GRPO", f"loss-{loss}", {"loss_type": loss})
    for scale in (True, False, "group", "batch", "none", "row"):
        yield _case("GRPO", f"scale-{scale}", {"scale_rewards": scale})
    for level in ("token", "sequence", "sequence_token", "word"):
        yield _case("GRPO", f"level-{level}", {"importance_sampling_level": level})
    yield _case("GRPO", "delta", {"delta": 1.5})
    yield _case("GRPO", "delta-liger", {"delta": 1.5, "use_liger_loss": True})
    yield _case("GRPO", "delta-liger-kernel", {"delta": 1.5, "use_liger_kernel": True})
    yield _case("GRPO", "entropy", {"top_entropy_quantile": 0.5})
    yield _case("GRPO", "entropy-high", {"top_entropy_quantile": 2.0})
    yield _case("GRPO", "epsilon-high", {"epsilon": 0.2, "epsilon_high": 0.28})
    yield _case("GRPO", "mask-truncated", {"mask_truncated_completions": True})
    yield _case("GRPO", "off-policy", {"off_policy_mask_threshold": 0.5})
    yield _case("GRPO", "iterations", {"num_iterations": 2})
    for mode in ("server", "colocate", "elsewhere"):
        yield _case("GRPO", f"vllm-mode-{mode}", {"vllm_mode": mode})
    yield _case("GRPO", "prompt-length", {"max_prompt_length": 16})
    yield _case("GRPO", "cache", {"use_cache": True})
    yield _case("GRPO", "generation-kwargs", {"generation_kwargs": {"top_k": 5}})
    for name in ("temperature", "top_p", "top_k", "min_p", "repetition_penalty"):
        value = {"temperature": 0.7, "top_p": 0.9, "top_k": 5, "min_p": 0.1, "repetition_penalty": 1.1}[name]
        yield _case("GRPO", f"sampling-{name}", {name: value})
    for kind in ("GRPO", "RLOO"):
        yield _case(kind, "completion-length-zero", {"max_completion_length": 0})
    yield _case("RLOO", "normalised", {"normalize_advantages": True})
    yield _case("RLOO", "clip", {"reward_clip_range": Code("(-1.0, 1.0)")})
    yield _case("RLOO", "token-level-kl", {"token_level_kl": True})
    yield _case("RLOO", "older-count", {"num_generations": AWAY, "rloo_k": 2})
    yield _case("RLOO", "older-count-3", {"num_generations": AWAY, "rloo_k": 3})
    yield _case("RLOO", "older-batches", {"num_mini_batches": 2})
    yield _case("RLOO", "unbiased-kl", {"use_bias_correction_kl": True})


def references() -> Iterator[Case]:
    """The reference model and its synchronisation."""
    lora = Code('LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")')
    peft = ["from peft import LoraConfig"]
    for kind in ("GRPO", "RLOO"):
        for beta in (0.0, 0.1):
            yield _case(kind, f"beta-{beta}", {"beta": beta})
            yield _case(
                kind, f"beta-{beta}-synchronised", {"beta": beta, "sync_ref_model": True, "ref_model_sync_steps": 1}
            )
        yield _case(kind, "synchronised", {"sync_ref_model": True, "ref_model_sync_steps": 1})
        yield _case(kind, "adapter", {"beta": 0.1}, {"peft_config": lora}, peft)
        yield _case(
            kind,
            "adapter-synchronised",
            {"beta": 0.1, "sync_ref_model": True, "ref_model_sync_steps": 1},
            {"peft_config": lora},
            peft,
        )
        yield _case(kind, "reference-argument", {"beta": 0.1}, {"ref_model": "./model"})


def sampling() -> Iterator[Case]:
    """Importance sampling, which is checked whether vLLM is used or not."""
    low, high = "vllm_importance_sampling_clip_min", "vllm_importance_sampling_clip_max"
    cap, mode = "vllm_importance_sampling_cap", "vllm_importance_sampling_mode"
    older_low, older_high = "vllm_importance_sampling_min", "vllm_importance_sampling_max"
    for name, config in (
        ("cap", {cap: 2.0}),
        ("cap-low", {cap: 0.5}),
        ("bounds", {low: 0.5, high: 2.0}),
        ("bounds-equal", {low: 2.0, high: 2.0}),
        ("bounds-crossed", {low: 3.0, high: 2.0}),
        ("older-bounds-crossed", {older_low: 3.0, older_high: 2.0}),
        ("low-and-cap", {low: 3.0, cap: 2.0}),
        ("truncate-unbounded", {mode: "token_truncate", high: None}),
        ("sequence-truncate-unbounded", {mode: "sequence_truncate", high: None}),
        ("mask-unbounded", {mode: "token_mask", high: None}),
        ("truncate-unbounded-off", {mode: "token_truncate", high: None, "vllm_importance_sampling_correction": False}),
        ("mode-unknown", {mode: "word_mask"}),
    ):
        yield _case("GRPO", f"sampling/{name}", config)


def tools() -> Iterator[Case]:
    """Features that need a newer transformers, and logging."""
    tide = (
        'def tide(place: str) -> str:\n    """The tide.\n\n    Args:\n        place: where\n    """\n    return "high"'
    )
    yield _case(
        "GRPO",
        "tools",
        arguments={"tools": Code("[tide]")},
        setup=["", "", *tide.split("\n"), "", ""],
        data="chatprompts",
        model="tooled",
    )
    yield _case("GRPO", "tools-empty", arguments={"tools": Code("[]")})
    world = "class World:\n    def reset(self, **kwargs):\n        return None"
    yield _case(
        "GRPO",
        "environment",
        arguments={"environment_factory": Code("World")},
        setup=["", "", *world.split("\n"), "", ""],
        data="chatprompts",
        model="tooled",
    )
    yield _case("RLOO", "paged", {"use_transformers_paged": True}, releases=">=0.22,<1.0")  # minutes in newer ones
    for kind in ("GRPO", "RLOO"):
        yield _case(kind, "log-repository", {"log_completions_hub_repo": "someone/completions"})
        yield _case(kind, "log", {"log_completions": True, "log_completions_steps": AWAY})
        yield _case(kind, "streamed", streamed=True)
        yield _case(kind, "messages-data", data="chat")
        yield _case(kind, "no-data", data="none")
        yield _case(kind, "dict-of-splits", setup=["dataset = dataset.train_test_split(test_size=1)"])
        yield _case(kind, "pad-unknown", {"pad_token": "<|nowhere|>"})
        yield _case(kind, "loaded", loaded="AutoModelForCausalLM")
        yield _case(
            kind,
            "loaded-init-kwargs",
            {"model_init_kwargs": {"attn_implementation": "eager"}},
            loaded="AutoModelForCausalLM",
            hidden="`model_init_kwargs` has no effect",
        )
        yield _case(kind, "unpadded", model="unpadded")
        yield _case(kind, "tokenizer-keyword", arguments={"tokenizer": Code("None")})
        yield _case(kind, "shuffled-not", {"shuffle_dataset": False})
        yield _case(kind, "disable-dropout", {"disable_dropout": True})


def every() -> Iterator[Case]:
    """All groups, without what is spared."""
    for group in (groups, rewards, losses, references, sampling, tools):
        yield from (case for case in group() if case.name.partition("rloo/")[2] not in _SPARED)
