"""Preparation skipped for rows that are not tokenised."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of


class PreparationSkipped(SftRule):
    """With `skip_prepare_dataset` the rows must be what the model takes."""

    code = "TRL703"
    name = "preparation-skipped"
    summary = "`skip_prepare_dataset` on rows that are not tokenised"
    needs = frozenset({"dataset_kwargs"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and hold no token ids."""
        kwargs = run.setting("dataset_kwargs")
        columns = data.columns(run)
        if not isinstance(kwargs, dict) or kwargs.get("skip_prepare_dataset") is not True or columns is None:
            return
        if "input_ids" in columns or "inputs_embeds" in columns or processing(run).kind is not Kind.TOKENIZER:
            return
        kept = run.setting("remove_unused_columns") is False
        if not kept and run.setting("remove_unused_columns") not in (ABSENT, True):
            return
        if kept and run.passed("data_collator") is not None:
            return  # a collator of the code's own may tokenise what is left in the rows
        yield Verdict(
            "not-tokenised",
            place_of(run, "dataset_kwargs"),
            "the rows are not tokenised, and `skip_prepare_dataset` leaves them so: the first batch stops {trl}",
            Severity.ERROR,
            Stage.FIRST_BATCH,
            why=(
                "TRL's collator looks for `input_ids` in every row (KeyError)."
                if kept
                else "Columns that the model does not take are removed, and none remains "
                '("No columns in the dataset match the model\'s forward method signature").',
            ),
            evidence=(data.describe(run),),
            remedies=(
                Remedy("drop `skip_prepare_dataset`: the trainer then tokenises the rows"),
                Remedy("or tokenise them yourself, and pass a data set with `input_ids`"),
            ),
        )
