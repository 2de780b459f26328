"""A generation batch that cannot be split into groups of generations."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import generations
from trl_lint_rules.knowledge.generations import Batch
from trl_lint_rules.knowledge.processes import Start, either, refused_start, severity
from trl_lint_rules.sft import place_of


class BatchNotWholeGroups(ConfigRule):
    """All generations of a prompt belong to one batch."""

    code = "TRL504"
    name = "batch-not-whole-groups"
    summary = "the generation batch of GRPO or RLOO is no multiple of `num_generations`"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset(
        {
            "num_generations",
            "rloo_k",
            "generation_batch_size",
            "steps_per_generation",
            "num_mini_batches",
            "per_device_train_batch_size",
            "gradient_accumulation_steps",
        }
    )

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the batch cannot be split, with one process at least."""
        stage = generations.stage(run)
        count = generations.generations(run)
        found = generations.batch(run)
        if stage is None or found is None or count is None or count < 2:
            return

        def refused(processes: int) -> bool:
            return found.size(processes) % count != 0

        start = refused_start(run, refused)
        if start is None or generations.given_batch_refused(run, found, start.processes):
            return  # of a given batch that is no whole number of steps another rule speaks
        yield Verdict(
            "groups",
            place_of(run, "num_generations", "rloo_k", "generation_batch_size", "per_device_train_batch_size"),
            f"{found.shown(start.processes)} cannot be split into groups of {count} generations: {{trl}} refuses it"
            + ("" if found.given is not None else f" with {start.shown}"),
            severity(run, start, refused),
            stage,
            why=(
                "All generations of a prompt must be in one batch, so it must be a multiple of `num_generations`.",
                *start.why,
            ),
            remedies=tuple(_ways(run, found, count, start)),
        )


def _ways(run: RunView, found: Batch, count: int, start: Start) -> Iterator[Remedy]:
    fitting = generations.divisors(found.size(start.processes))
    if fitting:
        yield Remedy(f"this batch can be split into groups of {either(fitting[:8])}: set `num_generations` accordingly")
    if found.given is not None:
        yield Remedy(f"or make `generation_batch_size` a multiple of {count}")
        return
    per_device = found.per_device
    others = start.processes
    while per_device * found.steps * others % count:
        per_device += 1
    yield Remedy(f"or set `per_device_train_batch_size={per_device}`")
    if run.trl >= generations.ACCUMULATION_COUNTS and run.given("steps_per_generation") is None:
        steps = found.steps
        while found.per_device * steps * others % count:
            steps += 1
        yield Remedy(f"or set `gradient_accumulation_steps={steps}`")
