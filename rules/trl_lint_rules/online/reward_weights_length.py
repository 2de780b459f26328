"""Reward functions with another number of weights."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, generations, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 15)


class RewardWeightsLength(TrainerRule):
    """One weight for each function."""

    code = "TRL512"
    name = "reward-weights-length"
    summary = "`reward_weights` of another length than `reward_funcs`"
    trainers = generations.TRAINERS
    needs = frozenset({"reward_weights"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both lengths are known and differ."""
        weights = defaults.value(run, "reward_weights")
        functions = arguments.value(run, "reward_funcs")
        if run.trl < SINCE or not isinstance(weights, list | tuple) or functions in (ABSENT, UNKNOWN, None):
            return
        if arguments.value(run, "environment_factory") not in (ABSENT, None):
            return  # its own reward counts as one function more
        count = len(functions) if isinstance(functions, list) else 1
        if count == len(weights):
            return
        yield Verdict(
            "length",
            place_of(run, "reward_weights"),
            f"{{trl}} refuses {len(weights)} `reward_weights` for {count} "
            f"reward {'function' if count == 1 else 'functions'}",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("`reward_weights` holds one number for each entry of `reward_funcs`, in the same order.",),
            remedies=(
                Remedy("give one weight for each reward function"),
                remedies.drop_config(run, "reward_weights", "or drop them: each function then counts 1"),
            ),
        )
