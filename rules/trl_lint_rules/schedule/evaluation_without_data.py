"""Evaluations at intervals, and no rows to evaluate."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(4, 46)


class EvaluationWithoutData(TrainerRule):
    """Refused by the Trainer of every transformers release from 4.46 on."""

    code = "TRL817"
    name = "evaluation-without-data"
    summary = "`eval_strategy` is set and the trainer gets no `eval_dataset`"
    trainers = frozenset(
        {
            "SFTTrainer",
            "DPOTrainer",
            "GRPOTrainer",
            "RLOOTrainer",
            "KTOTrainer",
            "RewardTrainer",
            "CPOTrainer",
            "ORPOTrainer",
            "GKDTrainer",
        }
    )
    needs = frozenset({"eval_strategy", "evaluation_strategy"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the strategy is known and no data are known to be passed."""
        if run.transformers < SINCE or run.target.transformers.older:
            return
        strategy = defaults.strategy(run, "eval_strategy")
        if strategy not in ("steps", "epoch") or arguments.value(run, "eval_dataset") not in (ABSENT, None):
            return
        if "num_generations" not in (defaults.fields(run) or {}) and run.run.trainer == "RLOOTrainer":
            return  # the older RLOOTrainer loops by itself
        name = "evaluation_strategy" if run.given("evaluation_strategy") is not None else "eval_strategy"
        yield Verdict(
            "none",
            place_of(run, name),
            f'`{name}="{strategy}"` asks for evaluations, but the trainer gets no `eval_dataset`: it refuses to start',
            Severity.ERROR,
            Stage.TRAINER_INIT,
            remedies=(
                Remedy("pass `eval_dataset`"),
                remedies.set_config(run, name, '"no"', f'or do not evaluate: `{name}="no"`'),
            ),
        )
