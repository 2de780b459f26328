"""Packed rows and a collator that cannot batch their labels."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Instance, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.boundaries import LABELS_AT_PREPARATION
from trl_lint_rules.sft import SftRule, place_of

_PADS_IDS_ONLY = ("DataCollatorForLanguageModeling", "DataCollatorWithPadding")


class PackedRowsWithCollator(SftRule):
    """From 1.7 the packed rows carry labels, which transformers' collators do not pad."""

    code = "TRL406"
    name = "packed-rows-with-collator"
    summary = "wrapped packing together with a transformers collator that does not pad labels"
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where rows are packed with `wrapped` and the collator is known."""
        collator = run.argument("data_collator")
        if run.trl < LABELS_AT_PREPARATION or not isinstance(collator, Instance):
            return
        if not collator.callee.startswith("transformers.") or collator.callee.rpartition(".")[2] not in _PADS_IDS_ONLY:
            return
        if run.setting("packing") is not True or run.setting("packing_strategy") != "wrapped" or data.vision(run):
            return
        yield Verdict(
            "ragged",
            place_of(run, "data_collator"),
            "this collator cannot batch packed rows: in {trl} they carry labels, and the last row is shorter "
            '("Unable to create tensor")',
            Severity.ERROR,
            Stage.FIRST_BATCH,
            why=("TRL 1.7 and newer build the labels before packing; this collator pads token ids and not labels.",),
            remedies=(Remedy("drop the collator: TRL's own one batches packed rows"),),
        )
