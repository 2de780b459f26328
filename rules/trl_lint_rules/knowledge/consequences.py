"""What a changed default does to a run, for those that a run would notice.

Whether, when and to what a default changed is never written here: the facts know. `number` is the row in the
reference list of the 43 consequential changes. Sources are the files of the published wheels that were read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from trl_lint.api import UNKNOWN, Release

Read = Callable[[str], Any]  # the value of an argument under the new release: given, or its default there


class Consequence(NamedTuple):
    """What the change means. `means` and `advice` may hold `{old}` and `{new}`.

    `noticed` says whether this run meets it (None: that cannot be told, and `condition` says what it hangs on).
    `keep`: the Python source that keeps the old behaviour (None: the old default, where it is a literal; empty:
    no value does). `was` and `shown`: how the old and the new default are said.
    """

    means: str
    source: str
    classes: frozenset[str] = frozenset()
    noticed: Callable[[Read], bool | None] | None = None
    condition: str = ""
    keep: str | None = None
    advice: str = ""
    was: str = ""
    shown: str = ""
    minor: bool = False
    number: int = 0


def _of(*classes: str) -> frozenset[str]:
    return frozenset(classes)


def _on(name: str) -> Callable[[Read], bool | None]:
    """Whether the argument `name` is true."""

    def noticed(read: Read) -> bool | None:
        value = read(name)
        return None if value is UNKNOWN else value is True

    return noticed


def _half_precision(read: Read) -> bool | None:
    value = read("fp16")
    return None if value is UNKNOWN else value is not True


def _has_kl_term(read: Read) -> bool | None:
    value = read("beta")
    return None if value is UNKNOWN else value not in (0, 0.0, None)


def _cut(read: Read) -> bool | None:
    value = read("max_length")
    return None if value is UNKNOWN else value is not None


def _alpha(read: Read) -> bool | None:
    value = read("f_divergence_type")
    return None if value is UNKNOWN else str(value).lower().endswith("alpha_divergence")


def _always_if(_: Read) -> bool | None:
    return None


_GRPO = "trl/trainer/grpo_config.py"
_DPO = "trl/trainer/dpo_config.py"
_SFT = "trl/trainer/sft_config.py"
_VLLM = _on("use_vllm")
_SYNC = _on("sync_ref_model")
_PREFERENCE = _of("DPOConfig", "KTOConfig", "ORPOConfig", "CPOConfig", "BCOConfig", "RewardConfig")

CONSEQUENCES: Final[Mapping[str, tuple[Consequence, ...]]] = {
    "learning_rate": (
        Consequence("Every step is {ratio} times as large; a rate that was never chosen changes.", _SFT, number=11),
    ),
    "bf16": (
        Consequence(
            "The run trains in bfloat16 mixed precision: other numbers, and hardware without it (T4, V100) "
            "refuses or crawls.",
            _SFT,
            noticed=_half_precision,
            condition="unless `fp16` is set",
            shown="True unless `fp16` is set",
            number=8,
        ),
    ),
    "gradient_checkpointing": (
        Consequence(
            "Activations are computed again in the backward pass: less memory, steps about a fifth longer.",
            _SFT,
            number=9,
        ),
    ),
    "report_to": (
        Consequence(
            "Nothing is sent to wandb, tensorboard or another tracker any more, installed or not, unless it is named.",
            "transformers/training_args.py",
            keep='"all"',
            was="None (all that are installed)",
        ),
    ),
    "logging_steps": (Consequence("", _SFT, minor=True, number=10),),
    "average_tokens_across_devices": (Consequence("", "transformers/training_args.py", minor=True),),
    "max_length": (
        Consequence(
            "Prompt and answer together are cut after {new} tokens, without a word.", _DPO, _PREFERENCE, number=6
        ),
    ),
    "max_prompt_length": (
        Consequence(
            "Prompts were cut to {old} tokens; now they stay whole: more memory, other tokens.",
            _GRPO,
            _of("GRPOConfig", "RLOOConfig"),
            keep="",
            advice="leave out the rows with longer prompts before training (`dataset.filter(...)`)",
            number=30,
        ),
        Consequence(
            "Prompts were cut to {old} tokens by themselves; now `max_length` alone bounds prompt and answer together.",
            _DPO,
            _PREFERENCE,
            keep="",
            advice="leave out the rows with longer prompts before training (`dataset.filter(...)`)",
            number=6,
        ),
    ),
    "truncation_mode": (
        Consequence(
            "Rows longer than `max_length` lose the end of the answer; they lost the beginning of the prompt.",
            _DPO,
            noticed=_cut,
            condition="unless `max_length=None`",
            number=7,
        ),
    ),
    "dataset_text_field": (
        Consequence(
            "Rows with a `text` column are trained on that column without being asked for.",
            _SFT,
            noticed=_always_if,
            condition="if the rows have a `text` column",
            keep="",
            minor=True,
            number=12,
        ),
    ),
    "packing_strategy": (
        Consequence(
            "Rows are no longer cut to fill every batch: whole rows are put together, and what is longer than "
            "`max_length` is dropped.",
            "trl/data_utils.py",
            noticed=_on("packing"),
            condition="if `packing` is on",
            number=16,
        ),
    ),
    "f_alpha_divergence_coef": (Consequence("The alpha divergence is another one.", _DPO, noticed=_alpha, number=37),),
    "ref_model_mixup_alpha": (
        Consequence("The reference model follows the policy at another rate.", _DPO, noticed=_SYNC),
    ),
    "ref_model_sync_steps": (
        Consequence("The reference model follows the policy at another rate.", _DPO, noticed=_SYNC),
    ),
    "router_aux_loss_coef": (
        Consequence(
            "The load-balancing loss takes the coefficient of the model's own configuration.",
            _SFT,
            noticed=_always_if,
            condition="if the model is a mixture of experts",
            keep="",
            advice="for a mixture of experts, set `router_aux_loss_coef={old}` (other models refuse it)",
            number=39,
        ),
    ),
    # -- GRPO and RLOO
    "beta": (
        Consequence(
            "No KL term and no reference model: nothing holds the policy near the model that it started from.",
            _GRPO,
            _of("GRPOConfig"),
            number=26,
        ),
    ),
    "loss_type": (
        Consequence(
            "Token losses are summed and divided by other counts: long answers weigh differently, and the gradient "
            "has another scale.",
            "trl/trainer/grpo_trainer.py",
            _of("GRPOConfig"),
            number=27,
        ),
    ),
    "temperature": (Consequence("Completions are drawn with more randomness.", _GRPO, number=29),),
    "top_k": (
        Consequence(
            "Completions are drawn from the whole vocabulary, no longer from the {old} likeliest tokens.",
            _GRPO,
            shown="off",
            number=29,
        ),
    ),
    "max_completion_length": (
        Consequence(
            "Completions may be {new} tokens long: more memory and time, and fewer of them are cut off.",
            _GRPO,
            _of("GRPOConfig", "RLOOConfig"),
            number=31,
        ),
    ),
    "use_bias_correction_kl": (
        Consequence(
            "The KL term is weighted by the importance ratio.",
            _GRPO,
            noticed=_has_kl_term,
            condition="if `beta` is not 0",
            number=34,
        ),
    ),
    "vllm_mode": (
        Consequence(
            "vLLM starts inside the training process and takes its memory; a server that was started is not used.",
            _GRPO,
            noticed=_VLLM,
            condition="if `use_vllm` is on",
            number=32,
        ),
    ),
    "vllm_gpu_memory_utilization": (
        Consequence(
            "vLLM takes this share of the GPU's memory.", _GRPO, noticed=_VLLM, condition="if `use_vllm` is on", keep=""
        ),
    ),
    "vllm_importance_sampling_correction": (
        Consequence(
            "The loss corrects for the difference between vLLM's probabilities and the model's own.",
            _GRPO,
            noticed=_VLLM,
            condition="if `use_vllm` is on",
        ),
    ),
    "vllm_server_timeout": (Consequence("", _GRPO, noticed=_VLLM, minor=True),),
    "vllm_server_port": (Consequence("", _GRPO, noticed=_VLLM, minor=True),),
}


def consequence(name: str, cls: str) -> Consequence | None:
    """What is known of a changed default of the argument `name` of `cls`."""
    rows = CONSEQUENCES.get(name, ())
    return next((row for row in rows if not row.classes or cls in row.classes), None)


class Former(NamedTuple):
    """What a class did before it had an argument: `value`, from the release `since` on."""

    since: Release
    value: object


_ANY: Final = Release(0, 0)

# (class, argument): what was done in releases without the argument, oldest first (`grpo_trainer.py`: `loss = ...`).
FORMER: Final[Mapping[tuple[str, str], tuple[Former, ...]]] = {
    ("GRPOConfig", "loss_type"): (Former(_ANY, "grpo"), Former(Release(0, 16), "bnpo")),
    ("SFTConfig", "packing_strategy"): (Former(_ANY, "wrapped"),),
    ("GRPOConfig", "vllm_mode"): (Former(Release(0, 16), "server"),),
    ("GRPOConfig", "vllm_importance_sampling_correction"): (Former(_ANY, False),),
}

# Arguments that went, and whose default did something: nothing of it is done any more.
ENDED: Final = frozenset({"max_prompt_length"})

# (class, argument, first release where the default is what it does): before it, the trainer filled in another value
# for None (`dpo_trainer.py` up to 0.11, the others up to 0.13).
FILLED_IN: Final[Mapping[tuple[str, str], tuple[Release, object]]] = {
    ("DPOConfig", "max_length"): (Release(0, 12), 512),
    ("DPOConfig", "max_prompt_length"): (Release(0, 12), 128),
    **{
        (cls, name): (Release(0, 14), value)
        for cls in ("KTOConfig", "ORPOConfig", "CPOConfig", "BCOConfig")
        for name, value in (("max_length", 512), ("max_prompt_length", 128))
    },
    ("RewardConfig", "max_length"): (Release(0, 14), 512),
}

# Two spellings of one behaviour: of the argument, from a value to another (in either order).
SAME: Final[Mapping[str, tuple[tuple[object, object], ...]]] = {
    "lr_scheduler_kwargs": (({}, None),),
    "fsdp": (("", None), ([], None)),
    "include_num_input_tokens_seen": ((False, "no"),),
    "gradient_checkpointing": ((False, None),),
    "warmup_ratio": ((0.0, None),),
    "hub_private_repo": ((False, None),),
    "scale_rewards": ((True, "group"),),
    "top_k": ((None, 0),),
    "pad_to_multiple_of": ((None, "auto"),),  # "auto" pads on AWS Neuron alone
    "packing_strategy": (("ffd", "bfd"),),  # which rows share a sequence; what is dropped is the same
}

# Arguments of these classes whose values mean the same: the loss of SFT and of DPO under their old and new names.
SAME_IN: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("SFTConfig", "loss_type"): frozenset({"'nll'", "None", "'chunked_nll'"}),
    ("GKDConfig", "loss_type"): frozenset({"'nll'", "None", "'chunked_nll'"}),
    ("DPOConfig", "loss_type"): frozenset({"'sigmoid'", "['sigmoid']"}),
    ("DPOConfig", "f_divergence_type"): frozenset({"Source('FDivergenceType.REVERSE_KL')", "'reverse_kl'"}),
}
