"""Checkpoints of the best score, and no score named."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(4, 47)
FILLED_IN_FOR = ("reduce_lr_on_plateau", "greedy")  # with these schedules the loss is the score by default


class BestWithoutMetric(TrainerRule):
    """The loss is the default only together with `load_best_model_at_end`."""

    code = "TRL818"
    name = "best-without-metric"
    summary = '`save_strategy="best"` without `metric_for_best_model`'
    needs = frozenset({"save_strategy"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where no score is known to be named."""
        if run.transformers < SINCE or not defaults.is_training_arguments(run):
            return
        if defaults.fields(run) is None or defaults.strategy(run, "save_strategy") != "best":
            return
        if defaults.is_set(run, "metric_for_best_model") is not False:
            return
        kind = defaults.made_with(run, "lr_scheduler_type")
        if defaults.made_with(run, "load_best_model_at_end") is not False or not isinstance(kind, str):
            return
        if kind in FILLED_IN_FOR:
            return
        yield Verdict(
            "none",
            place_of(run, "save_strategy"),
            '`save_strategy="best"` needs `metric_for_best_model`: {transformers} refuses to start without it',
            Severity.ERROR,
            Stage.TRAINER_INIT,
            remedies=(
                remedies.set_config(
                    run, "metric_for_best_model", '"loss"', 'take the loss: `metric_for_best_model="loss"`'
                ),
            ),
        )
