"""A generation batch that is no whole number of steps."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import generations
from trl_lint_rules.knowledge.processes import refused_start, severity
from trl_lint_rules.sft import place_of


class GenerationBatchNotWhole(ConfigRule):
    """What is generated at once is used up in whole steps."""

    code = "TRL503"
    name = "generation-batch-not-whole"
    summary = "`generation_batch_size` is no multiple of the batch of one step"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset({"generation_batch_size"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the batch cannot be cut into steps, with one process at least."""
        found = generations.batch(run)
        if generations.stage(run) is not Stage.CONFIG or found is None or found.given is None:
            return

        def refused(processes: int) -> bool:
            return generations.given_batch_refused(run, found, processes)

        start = refused_start(run, refused)
        if start is None:
            return
        unit = found.per_device * start.processes
        below = found.given // unit * unit
        fitting = [str(size) for size in (below, below + unit) if size > 0]
        yield Verdict(
            "steps",
            place_of(run, "generation_batch_size"),
            f"{{trl}} refuses `generation_batch_size={found.given}`: it is no multiple of the batch of one step "
            f"({found.per_device} per device x processes)",
            severity(run, start, refused),
            Stage.CONFIG,
            why=("Completions are generated for several steps at once and used up in whole steps.", *start.why),
            remedies=(Remedy(f"with {start.shown}, {' or '.join(fitting)} would do"),),
        )
