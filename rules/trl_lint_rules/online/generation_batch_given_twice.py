"""The generation batch given as a size and as a number of steps."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import generations, remedies
from trl_lint_rules.sft import place_of


class GenerationBatchGivenTwice(ConfigRule):
    """One follows from the other."""

    code = "TRL502"
    name = "generation-batch-given-twice"
    summary = "`generation_batch_size` and `steps_per_generation` both set"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset({"generation_batch_size"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be set."""
        if generations.stage(run) is not Stage.CONFIG or not generations.both_given(run):
            return
        yield Verdict(
            "both",
            place_of(run, "generation_batch_size"),
            "{trl} refuses `generation_batch_size` together with `steps_per_generation`",
            Severity.ERROR,
            Stage.CONFIG,
            why=(
                "`steps_per_generation` times the batch of one step (per device x processes) is the generation batch, "
                "so one of the two is enough.",
            ),
            remedies=(
                remedies.drop_config(run, "generation_batch_size", "keep `steps_per_generation`"),
                remedies.drop_config(run, "steps_per_generation", "or keep `generation_batch_size`"),
            ),
        )
