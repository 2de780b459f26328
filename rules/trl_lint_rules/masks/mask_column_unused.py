"""A column of labels or a mask beside the token ids, which is not what is trained."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import (
    ASSISTANT_ONLY,
    COMPLETION_ONLY,
    LABELS_AT_PREPARATION,
    MASK_KEPT_WHEN_PACKED,
)
from trl_lint_rules.sft import SftRule, place_of

LABELS_READ = ASSISTANT_ONLY  # TRL's own collator looks for `labels` from here on
# From 0.15 on packing keeps the token ids alone; before, tokenised rows were not packed at all.
IDS_ALONE_PACKED = Release(0, 15)


class MaskColumnUnused(SftRule):
    """Which column counts hangs on the release, on packing and, for `completion_mask`, on a setting."""

    code = "TRL214"
    name = "mask-column-unused"
    summary = "`labels` or a mask beside the token ids that this run does not use"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for the column that should decide and does not."""
        columns = data.columns(run)
        if columns is None or "input_ids" not in columns or run.passed("data_collator") is not None:
            return
        packing = _packing(run)
        if packing is None:
            return
        if "labels" in columns:
            lost = _labels_lost(run, packing)
            if lost:
                yield _verdict(run, "labels", lost)
            return
        if "completion_mask" in columns and run.trl >= COMPLETION_ONLY:
            yield from _completion_mask(run, packing)
        if "assistant_masks" in columns:
            yield from _assistant_masks(run, packing)


def _packing(run: RunView) -> bool | None:
    value = run.setting("packing")
    if value is ABSENT:
        value = run.argument("packing") if run.passed("packing") is not None else False
    if not isinstance(value, bool) or run.setting("dataset_kwargs") is UNKNOWN:
        return None
    return value and not _skipped(run)


def _skipped(run: RunView) -> bool:
    """Whether the rows are not prepared, and so not packed either."""
    kwargs = run.setting("dataset_kwargs")
    return isinstance(kwargs, dict) and kwargs.get("skip_prepare_dataset") is True


def _labels_lost(run: RunView, packing: bool) -> str:
    if packing and IDS_ALONE_PACKED <= run.trl < LABELS_AT_PREPARATION:
        return "packing keeps the token ids alone"
    if not packing and run.trl < LABELS_READ:
        return "the collator makes labels of its own from the token ids"
    return ""


def _completion_mask(run: RunView, packing: bool) -> Iterator[Verdict]:
    if run.setting("completion_only_loss") in (ABSENT, None):
        yield _verdict(
            run,
            "completion_mask",
            "`completion_only_loss` is off for rows without `prompt` and `completion` unless it is set",
            remedies.set_config(
                run, "completion_only_loss", "True", "set `completion_only_loss=True`, which turns the mask on"
            ),
        )
    elif packing and run.trl < MASK_KEPT_WHEN_PACKED and run.setting("completion_only_loss") is True:
        yield _verdict(run, "completion_mask", "packing keeps the token ids alone")


def _assistant_masks(run: RunView, packing: bool) -> Iterator[Verdict]:
    if run.trl < ASSISTANT_ONLY:
        yield _verdict(run, "assistant_masks", "this release does not look at it")
    elif packing and run.trl < MASK_KEPT_WHEN_PACKED:
        yield _verdict(run, "assistant_masks", "packing keeps the token ids alone")


def _verdict(run: RunView, column: str, reason: str, remedy: Remedy | None = None) -> Verdict:
    upgrade = Remedy(f"use TRL {_read_since(run, column)} or newer, which reads the column")
    return Verdict(
        column,
        place_of(run, "completion_only_loss", "packing", "train_dataset"),
        f"{{trl}} does not use the column `{column}` here, and trains every token: {reason}",
        Severity.WARNING,
        Stage.SILENT,
        why=("The rows say which tokens are to be trained; what is trained is the whole row, and nothing says so.",),
        evidence=(data.describe(run),),
        remedies=(remedy if remedy is not None else upgrade,),
    )


def _read_since(run: RunView, column: str) -> str:
    packing = bool(_packing(run))
    if column == "labels":
        return "1.7" if packing else "0.19"
    return "0.20" if packing else "0.19"
