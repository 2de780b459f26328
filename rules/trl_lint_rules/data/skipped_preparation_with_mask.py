"""A mask beside the token ids, and preparation skipped, in releases that make labels while preparing."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.boundaries import LABELS_AT_PREPARATION
from trl_lint_rules.sft import SftRule, place_of


class SkippedPreparationWithMask(SftRule):
    """From 1.7 on the trainer refuses rather than train everything."""

    code = "TRL705"
    name = "skipped-preparation-with-mask"
    summary = "`skip_prepare_dataset` on rows with a mask and no labels, which TRL 1.7 and newer refuse"
    needs = frozenset({"dataset_kwargs"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known."""
        kwargs = run.setting("dataset_kwargs")
        columns = data.columns(run)
        if run.trl < LABELS_AT_PREPARATION or columns is None or run.passed("data_collator") is not None:
            return
        if not isinstance(kwargs, dict) or kwargs.get("skip_prepare_dataset") is not True or data.vision(run):
            return
        masks = sorted(columns & {"completion_mask", "assistant_masks"})
        if "labels" in columns or not masks:
            return
        yield Verdict(
            "no-labels",
            place_of(run, "dataset_kwargs"),
            f"{{trl}} refuses `skip_prepare_dataset` here: the rows have `{masks[0]}` and no `labels`",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=(
                "Labels are made of the masks while the data are prepared; without that step every token would be "
                "trained, and the trainer stops instead.",
            ),
            evidence=(data.describe(run),),
            remedies=(
                Remedy("drop `skip_prepare_dataset`: tokenised rows are not tokenised again"),
                Remedy("or add a `labels` column, with -100 where nothing is to be trained"),
            ),
        )
