"""A learning rate that follows the evaluations, where nothing is evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Symbol, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

PLATEAU, GREEDY = "reduce_lr_on_plateau", "greedy"
GREEDY_SINCE = Release(5, 4)


class SchedulerNotEvaluated(ConfigRule):
    """Refused by TrainingArguments."""

    code = "TRL813"
    name = "scheduler-not-evaluated"
    summary = "a learning rate schedule that follows the evaluations, without any evaluation"
    needs = frozenset({"lr_scheduler_type"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where evaluations are known to be off."""
        kind = defaults.made_with(run, "lr_scheduler_type")
        if isinstance(kind, Symbol) and kind.name.split(".")[-2:-1] == ["SchedulerType"]:
            kind = kind.last.lower()
        wanted = (PLATEAU, GREEDY) if run.transformers >= GREEDY_SINCE else (PLATEAU,)
        if kind not in wanted or defaults.strategy(run, "eval_strategy") != "no":
            return
        yield Verdict(
            "no",
            place_of(run, "lr_scheduler_type"),
            f'{{transformers}} refuses `lr_scheduler_type="{kind}"` without evaluations',
            Severity.ERROR,
            Stage.CONFIG,
            why=("This schedule lowers the learning rate when the evaluations no longer get better.",),
            remedies=(
                remedies.set_config(run, "eval_strategy", '"epoch"', 'evaluate: `eval_strategy="epoch"`')
                if run.given("eval_strategy") is None
                else remedies.set_config(run, "eval_strategy", '"epoch"', "evaluate after each epoch"),
                remedies.drop_config(run, "lr_scheduler_type", "or take another schedule"),
            ),
        )
