"""Rewards that are not scaled although that is asked for, and the other way round."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.sft import place_of, trainer_place


class RewardScaleReversed(Advisory):
    """0.22.0 and 0.22.1 compare with the wrong names."""

    code = "TRL908"
    name = "reward-scale-reversed"
    summary = "`scale_rewards` of GRPO in TRL 0.22.0 and 0.22.1, which does the opposite"
    trainers = frozenset({"GRPOTrainer"})
    since: ClassVar[Release] = Release(0, 22)
    fixed: ClassVar[Release] = Release(0, 22, 2)
    cause = (
        "The two tests on the kind of scaling name each other's values: advantages are divided by a deviation for "
        '`"batch"` and `"none"`, and left alone for `"group"` (TRL pull request 3992).'
    )

    def met(self, run: RunView) -> Met | None:
        """Every run is concerned; what happens hangs on the value."""
        value = run.setting("scale_rewards")
        if value is ABSENT or value is True or value == "group":
            effect = "rewards are not scaled at all, although `scale_rewards` says so by default"
            if value is not ABSENT:
                effect = "rewards are not scaled at all, although the code asks for it"
        elif value is False or value == "none":
            effect = "rewards are scaled by the deviation of their group, although the code turns that off"
        elif value == "batch":
            effect = "rewards are scaled by the deviation of their group, not of the batch"
        else:
            return None
        return Met(place_of(run, "scale_rewards") if value is not ABSENT else trainer_place(run), effect)
