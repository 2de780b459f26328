"""A collator of transformers for rows that a preference trainer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Instance, RunView, Severity, Stage, Symbol, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, remedies

_OF_TEXT = frozenset(
    {
        "DataCollatorForLanguageModeling",
        "DataCollatorForSeq2Seq",
        "DataCollatorWithPadding",
        "DataCollatorForTokenClassification",
        "DataCollatorForWholeWordMask",
    }
)


class CollatorOfOtherRows(TrainerRule):
    """These collators pad `input_ids`, which rows of preferences do not have."""

    code = "TRL525"
    name = "collator-of-other-rows"
    summary = "a collator for language modelling, given to DPO, KTO or a reward trainer"
    trainers = frozenset({"DPOTrainer", "KTOTrainer", "RewardTrainer"})
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the collator is one of those."""
        found = arguments.value(run, "data_collator")
        full = found.callee if isinstance(found, Instance) else found.name if isinstance(found, Symbol) else ""
        name = full.rpartition(".")[2]
        if not full.startswith("transformers.") or name not in _OF_TEXT:
            return
        yield Verdict(
            "text",
            arguments.place(run, "data_collator"),
            f"`{name}` pads `input_ids`, which rows of {run.run.trainer} do not have: the first batch stops {{trl}}",
            Severity.ERROR,
            Stage.FIRST_BATCH,
            why=("The trainer tokenises the parts of a row under names of its own, and brings a collator for them.",),
            remedies=(remedies.drop_argument(run, "data_collator", "drop the collator: the trainer has its own"),),
        )
