"""The values that an argument may have, by release, where TRL itself compares it with each of them.

Source: the comparisons in the trainers (and in `pack_dataset`) of the published wheels of 0.9.2 to 1.16.0. An entry
holds from its release on, until the next; None: the value is not compared, or not found in time to be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from trl_lint.api import ABSENT, Release, RunView, Stage
from trl_lint_rules.knowledge import arguments, defaults, liger

Values: TypeAlias = "frozenset[str] | None"


class Choice(NamedTuple):
    """One argument: its values by release, where others are refused, and when the comparison is made at all."""

    setting: str
    stage: Stage
    values: Sequence[tuple[Release, Values]]
    compared: Callable[[RunView], bool] | None = None


def _values(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _off(run: RunView, name: str) -> bool:
    return defaults.value(run, name) in (False, ABSENT)


def _fused(run: RunView) -> bool:
    return liger.off(run)


def _packed(run: RunView) -> bool:
    return defaults.value(run, "packing") is True and defaults.value(run, "dataset_kwargs") is None


def _cut(run: RunView) -> bool:
    given = defaults.value(run, "max_length")
    return isinstance(given, int) and arguments.value(run, "data_collator") in (None, ABSENT)


def _cut_rows(run: RunView) -> bool:
    return (
        _cut(run)
        and _off(run, "packing")
        and _off(run, "padding_free")
        and (defaults.value(run, "dataset_kwargs") is None)
    )


def _summed(run: RunView) -> bool:
    return defaults.value(run, "multi_objective_aggregation") in ("sum_then_normalize", ABSENT)


def _generated_by_vllm(run: RunView) -> bool:
    return defaults.value(run, "use_vllm") is True


def _corrected(run: RunView) -> bool:
    return _generated_by_vllm(run) and defaults.value(run, "vllm_importance_sampling_correction") is True


_DPO_FIRST = _values("sigmoid hinge ipo bco_pair sppo_hard nca_pair robust")
_DPO_APO = _DPO_FIRST | _values("exo_pair aot aot_pair apo_zero apo_down")
_DPO_SFT = _DPO_APO | _values("discopop sft")
_DPO_UNPAIRED = (_DPO_SFT | _values("aot_unpaired")) - _values("aot_pair")
_GRPO_FIRST = _values("grpo bnpo dr_grpo")
_GRPO_SAPO = _GRPO_FIRST | _values("dapo cispo sapo")
_DIVERGENCES = _values("reverse_kl js_divergence alpha_divergence")
_VLLM_MODES = Choice(
    "vllm_mode", Stage.TRAINER_INIT, ((Release(0, 22), _values("server colocate")),), _generated_by_vllm
)

# What the trainer compares; stages are those at which another value is refused.
OF_TRAINERS: Final[Mapping[str, Sequence[Choice]]] = {
    "SFTTrainer": (
        Choice(
            "loss_type",
            Stage.TRAINER_INIT,
            (
                (Release(0, 23), _values("nll dft")),
                (Release(1, 4), _values("nll dft chunked_nll")),
            ),
            _fused,
        ),
        Choice(
            "packing_strategy",
            Stage.PREPARE_DATA,
            (
                (Release(0, 19), _values("ffd wrapped")),
                (Release(0, 20), _values("bfd wrapped")),
                (Release(0, 29), _values("bfd bfd-requeue wrapped")),
                (Release(1, 0), _values("bfd bfd-requeue bfd_split wrapped")),
            ),
            _packed,
        ),
        Choice(
            "truncation_mode",
            Stage.FIRST_BATCH,
            ((Release(1, 0), _values("keep_start keep_end")), (Release(1, 8), None)),
            _cut_rows,
        ),
        Choice(
            "truncation_mode",
            Stage.PREPARE_DATA,
            ((Release(1, 8), _values("keep_start keep_end")),),
            _cut_rows,
        ),
    ),
    "DPOTrainer": (
        Choice(
            "loss_type",
            Stage.FIRST_STEP,
            (
                (Release(0, 9), _DPO_FIRST | _values("kto_pair")),
                (Release(0, 9, 6), _DPO_FIRST | _values("exo_pair aot aot_pair")),
                (Release(0, 10), _DPO_APO),
                (Release(0, 13), _DPO_APO | _values("discopop")),
                (Release(0, 20), _DPO_SFT),
                (Release(0, 28), _DPO_UNPAIRED | _values("aot_pair")),
                (Release(0, 29), _DPO_UNPAIRED),
                (Release(1, 4), _DPO_UNPAIRED | _values("sigmoid_norm")),
            ),
            _fused,
        ),
        Choice(
            "f_divergence_type",
            Stage.FIRST_STEP,
            ((Release(0, 29), _DIVERGENCES | _values("forward_kl")),),
            _fused,
        ),
        Choice(
            "truncation_mode",
            Stage.FIRST_BATCH,
            ((Release(1, 0), _values("keep_start keep_end")),),
            _cut,
        ),
    ),
    "KTOTrainer": (
        Choice(
            "loss_type",
            Stage.FIRST_STEP,
            (
                (Release(0, 9), _values("kto bco")),
                (Release(0, 10), None),
                (Release(0, 11), _values("kto apo_zero_unpaired")),
            ),
            _fused,
        ),
    ),
    "CPOTrainer": (
        Choice(
            "loss_type",
            Stage.FIRST_STEP,
            (
                (Release(0, 9), None),
                (Release(0, 9, 6), _values("sigmoid hinge ipo simpo")),
                (Release(0, 22), _values("sigmoid hinge ipo simpo alphapo")),
            ),
        ),
    ),
    "OnlineDPOTrainer": (Choice("loss_type", Stage.FIRST_STEP, ((Release(0, 10), _values("sigmoid ipo")),)),),
    "GRPOTrainer": (
        Choice(
            "loss_type",
            Stage.FIRST_STEP,
            (
                (Release(0, 17), _GRPO_FIRST),
                (Release(0, 22), _GRPO_FIRST | _values("dapo")),
                (Release(0, 26), _GRPO_SAPO),
                (Release(0, 28), _GRPO_SAPO | _values("luspo")),
                (Release(1, 0), _GRPO_SAPO | _values("luspo vespo")),
            ),
            _fused,
        ),
        Choice("importance_sampling_level", Stage.FIRST_STEP, ((Release(0, 20), _values("token sequence")),), _fused),
        Choice("scale_rewards", Stage.FIRST_STEP, ((Release(0, 22), _values("group batch none")),), _summed),
        Choice(
            "multi_objective_aggregation",
            Stage.FIRST_STEP,
            ((Release(0, 27), _values("sum_then_normalize normalize_then_sum")),),
        ),
        Choice(
            "vllm_importance_sampling_mode",
            Stage.FIRST_STEP,
            ((Release(0, 26), _values("token_truncate token_mask sequence_truncate sequence_mask")),),
            _corrected,
        ),
        _VLLM_MODES,
    ),
    "RLOOTrainer": (_VLLM_MODES,),
}

# What the config compares when it is made.
OF_CONFIGS: Final[Mapping[str, Sequence[Choice]]] = {
    "DPOConfig": (Choice("f_divergence_type", Stage.CONFIG, ((Release(0, 24), _DIVERGENCES), (Release(0, 28), None))),),
    "IterativeSFTConfig": (
        Choice("truncation_mode", Stage.CONFIG, ((Release(0, 18), _values("keep_end keep_start")),)),
    ),
    "PPOConfig": (
        Choice("kl_penalty", Stage.CONFIG, ((Release(0, 9), _values("kl abs mse full")), (Release(0, 12), None))),
    ),
}

# Losses that went to a trainer of their own: the releases whose config, and whose trainer, still says so.
MOVED_LOSS: Final = "kto_pair"
SAID_BY_CONFIG: Final = (Release(0, 9, 6), Release(0, 11))
SAID_BY_TRAINER: Final = (Release(0, 11), Release(0, 29))


def at(choice: Choice, trl: Release) -> Values:
    """The values that this release takes; None: it does not compare."""
    found: Values = None
    for since, values in choice.values:
        if trl >= since:
            found = values
    return found
