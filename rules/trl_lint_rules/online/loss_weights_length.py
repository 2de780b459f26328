"""A DPO loss of several parts with another number of weights."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 20)  # several losses at once


class LossWeightsLength(ConfigRule):
    """One weight for each part."""

    code = "TRL507"
    name = "loss-weights-length"
    summary = "`loss_weights` of another length than `loss_type`"
    trainers = frozenset({"DPOTrainer"})
    classes = frozenset({"DPOConfig"})
    needs = frozenset({"loss_weights"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both lengths are known and differ."""
        weights = defaults.made_with(run, "loss_weights")
        losses = defaults.made_with(run, "loss_type")
        if run.trl < SINCE or not isinstance(weights, list | tuple) or losses in (ABSENT, UNKNOWN, None):
            return
        count = len(losses) if isinstance(losses, list | tuple) else 1
        if count == len(weights):
            return
        yield Verdict(
            "length",
            place_of(run, "loss_weights"),
            f"{{trl}} refuses {_count(len(weights), 'weight')} for {_count(count, 'loss type')}",
            Severity.ERROR,
            Stage.CONFIG,
            why=("`loss_weights` holds one number for each entry of `loss_type`, in the same order.",),
            remedies=(
                Remedy("give one weight for each loss type"),
                remedies.drop_config(run, "loss_weights", "or drop them: each part then counts 1"),
            ),
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
