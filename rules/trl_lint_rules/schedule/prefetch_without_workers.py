"""Batches to fetch ahead, and no worker that could."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of


class PrefetchWithoutWorkers(ConfigRule):
    """Refused by TrainingArguments in every release."""

    code = "TRL815"
    name = "prefetch-without-workers"
    summary = "`dataloader_prefetch_factor` without data loader workers"
    needs = frozenset({"dataloader_prefetch_factor"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the number of workers is known to be 0."""
        if not defaults.is_set(run, "dataloader_prefetch_factor") or defaults.whole(run, "dataloader_num_workers") != 0:
            return
        yield Verdict(
            "none",
            place_of(run, "dataloader_prefetch_factor"),
            "{transformers} refuses `dataloader_prefetch_factor` while `dataloader_num_workers` is 0",
            Severity.ERROR,
            Stage.CONFIG,
            why=("Only the worker processes of the data loader can fetch batches ahead.",),
            remedies=(
                remedies.set_config(run, "dataloader_num_workers", "4", "start workers: `dataloader_num_workers=4`"),
                remedies.drop_config(run, "dataloader_prefetch_factor", "or drop `dataloader_prefetch_factor`"),
            ),
        )
