"""A training data set that is missing, empty, or a dict of splits."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Span, Stage, Verdict
from trl_lint_rules.knowledge import template
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA, STREAMED_ASSISTANT_CHECK, TRAIN_DATASET_REQUIRED
from trl_lint_rules.sft import SftRule, place_of, trainer_place

# Before, the data were prepared only where there were any.
PREPARED_WHEN_MADE = Release(0, 15)


class TrainDatasetContainer(SftRule):
    """TRL takes one split: a `Dataset` or `IterableDataset` with rows."""

    code = "TRL701"
    name = "train-dataset-container"
    summary = "a training data set that is missing, empty, still a dict of splits, or no data set at all"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where it is known what is passed."""
        if run.run.trainer_call is None:
            return
        found = run.data()
        if found.container == "None":
            yield _missing(run)
        elif found.container in ("DatasetDict", "IterableDatasetDict"):
            yield Verdict(
                "dict",
                place_of(run, "train_dataset"),
                "`train_dataset` is a dict of splits, not one split",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("`load_dataset` without `split=` returns all splits; {trl} wants the rows of one.",),
                evidence=(found.where,) if found.where else (),
                remedies=(Remedy('name the split: `load_dataset(..., split="train")` or `dataset["train"]`'),),
            )
        elif found.container in ("list", "dict"):
            if run.trl >= REFUSALS_BY_DATA or run.setting("dataset_kwargs") in (ABSENT, None):
                yield plain_container(run, found.container, place_of(run, "train_dataset"))
        elif found.rows_total == 0:
            yield Verdict(
                "empty",
                place_of(run, "train_dataset"),
                "the training data set has no rows",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("{trl} looks at the first row and finds none.",),
                evidence=(found.where,) if found.where else (),
                remedies=(Remedy("check the file and the filters before it"),),
            )
        elif found.container == "IterableDataset" and template.asked(run) and run.trl < STREAMED_ASSISTANT_CHECK:
            yield Verdict(
                "streamed",
                place_of(run, "assistant_only_loss"),
                "{trl} cannot check a streamed data set for `assistant_only_loss=True`: it asks for row 0",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("Streams have no row numbers. TRL 0.20 takes the first row of the stream instead.",),
                remedies=(
                    Remedy("load the data without `streaming=True`"),
                    Remedy(
                        "or upgrade to TRL 0.20 or newer",
                        right_in=lambda environment: environment.trl >= STREAMED_ASSISTANT_CHECK,
                    ),
                ),
            )


def plain_container(run: RunView, kind: str, at: Span) -> Verdict:
    """The verdict on a Python list or dict where a data set is wanted."""
    return Verdict(
        "plain",
        at,
        f"`train_dataset` is a Python {kind}, not a data set",
        Severity.ERROR,
        Stage.TRAINER_INIT if run.trl >= REFUSALS_BY_DATA else Stage.PREPARE_DATA,
        why=("{trl} takes a `Dataset` or an `IterableDataset`.",),
        remedies=(
            Remedy("make a data set of it: `Dataset.from_list(...)`")
            if kind == "list"
            else Remedy("pass the data set itself, or make one: `Dataset.from_dict(...)`"),
        ),
    )


def _missing(run: RunView) -> Verdict:
    at = place_of(run, "train_dataset") if run.passed("train_dataset") else trainer_place(run)
    if run.trl < PREPARED_WHEN_MADE:
        run.weaken("this release lets a trainer that only evaluates do without")
        return Verdict(
            "none-to-train",
            at,
            "no training data: {trl} stops when the training begins",
            Severity.ERROR,
            Stage.FIRST_BATCH,
            remedies=(Remedy("pass `train_dataset`"),),
        )
    said = "a ValueError" if run.trl >= TRAIN_DATASET_REQUIRED else "a TypeError about None"
    return Verdict(
        "none",
        at,
        f"no training data: {{trl}} stops with {said}",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=("Even a trainer that only evaluates needs `train_dataset`.",),
        remedies=(Remedy("pass `train_dataset`"),),
    )
