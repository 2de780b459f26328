"""The search for a fitting batch size, where batches hold whole groups."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, generations, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(1, 9)


class BatchSizeSearchWithGroups(ConfigRule):
    """Half a batch is no longer a number of whole groups."""

    code = "TRL508"
    name = "batch-size-search-with-groups"
    summary = "`auto_find_batch_size` with GRPO or RLOO"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset({"auto_find_batch_size"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where it is known to be on."""
        if run.trl < SINCE or defaults.made_with(run, "auto_find_batch_size") is not True:
            return
        yield Verdict(
            "search",
            place_of(run, "auto_find_batch_size"),
            "{trl} refuses `auto_find_batch_size=True` here",
            Severity.ERROR,
            Stage.CONFIG,
            why=("A generation batch holds whole groups of generations; one that is cut down on its own breaks them.",),
            remedies=(
                remedies.drop_config(
                    run, "auto_find_batch_size", "drop it, and lower `per_device_train_batch_size` by hand"
                ),
            ),
        )
