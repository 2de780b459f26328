"""An evaluation batch that cannot be split into groups of generations."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, generations
from trl_lint_rules.knowledge.processes import refused_start, severity
from trl_lint_rules.sft import place_of


class EvalBatchNotWholeGroups(ConfigRule):
    """Evaluations generate in groups too."""

    code = "TRL505"
    name = "eval-batch-not-whole-groups"
    summary = "the evaluation batch of GRPO or RLOO is no multiple of the number of generations"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset({"eval_strategy", "evaluation_strategy"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where evaluations are on and their batch cannot be split, with one process at least."""
        stage = generations.stage(run)
        since, until = generations.EVAL_UNCHECKED
        if stage is None or since <= run.trl < until or defaults.strategy(run, "eval_strategy") in (None, "no"):
            return
        count = generations.eval_generations(run)
        per_device = defaults.whole(run, "per_device_eval_batch_size")
        if count is None or count < 1 or per_device is None or per_device < 1:
            return

        def refused(processes: int) -> bool:
            return per_device * processes % count != 0

        start = refused_start(run, refused)
        if start is None:
            return
        yield Verdict(
            "groups",
            place_of(run, "num_generations_eval", "per_device_eval_batch_size", "eval_strategy"),
            f"an evaluation batch of {per_device} per device cannot be split into groups of {count} generations: "
            f"{{trl}} refuses it with {start.shown}",
            severity(run, start, refused),
            stage,
            why=(
                "An evaluation generates as often for each prompt as training does, unless it is told otherwise.",
                *start.why,
            ),
            remedies=tuple(_ways(run, count)),
        )


def _ways(run: RunView, count: int) -> Iterator[Remedy]:
    yield Remedy(f"set `per_device_eval_batch_size={count}`, or a multiple of it")
    if run.trl >= generations.EVAL_GENERATIONS:
        yield Remedy("or set `num_generations_eval` to a number that divides the batch")
