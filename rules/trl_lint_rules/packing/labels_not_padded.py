"""Rows of different lengths and a collator that leaves their labels or masks as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from trl_lint.api import ABSENT, Instance, Remedy, RunView, Severity, Stage, Symbol, Verdict
from trl_lint_rules.knowledge import data, defaults, remedies, supervision, template
from trl_lint_rules.knowledge.boundaries import COMPLETION_ONLY, LABELS_AT_PREPARATION
from trl_lint_rules.sft import SftRule, place_of

_PADS_NOTHING = ("default_data_collator", "DefaultDataCollator")
_PADS_IDS = ("DataCollatorForLanguageModeling", "DataCollatorWithPadding")
_PADS_LABELS_TOO = ("DataCollatorForSeq2Seq",)
_MAKES_LABELS = ("DataCollatorForLanguageModeling",)


class LabelsNotPadded(SftRule):
    """What the rows hold beside the token ids hangs on the release and on the loss that is asked for."""

    code = "TRL410"
    name = "labels-not-padded"
    summary = "a transformers collator that does not pad labels or masks, on rows of different lengths"
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the collator is known and two of the rows that were read differ in length."""
        name = _collator(run)
        columns = data.columns(run)
        if name not in (*_PADS_NOTHING, *_PADS_IDS, *_PADS_LABELS_TOO) or data.vision(run):
            return
        if run.setting("packing") not in (ABSENT, False):
            return
        beside = _beside(run)
        if columns is not None and beside is None and "labels" not in columns and name not in _MAKES_LABELS:
            yield _unlabelled(run)
            return
        if name in _PADS_NOTHING:
            yield from _ragged(run, "it pads nothing")
        elif beside is not None and not (name in _PADS_LABELS_TOO and beside == "labels"):
            yield from _ragged(run, f"in {{trl}} they carry `{beside}`, which it does not pad")


def _collator(run: RunView) -> str | None:
    """The name of transformers' collator that is passed, or that TRL's own old one is made of."""
    found = run.argument("data_collator")
    full = found.callee if isinstance(found, Instance) else found.name if isinstance(found, Symbol) else ""
    if full.startswith("trl.") and full.endswith(".DataCollatorForCompletionOnlyLM"):
        return "DataCollatorForLanguageModeling"  # which it is made of
    return full.rpartition(".")[2] if full.startswith("transformers.") else None


def _beside(run: RunView) -> str | None:
    """The column that the prepared rows hold beside their token ids."""
    if run.trl >= LABELS_AT_PREPARATION:
        return "labels"
    if template.asked(run):
        return "assistant_masks"
    wanted = run.setting("completion_only_loss")
    if run.trl >= COMPLETION_ONLY and data.prompt_completion(run) and wanted in (ABSENT, None, True):
        return "completion_mask"
    return None


def _ragged(run: RunView, reason: str) -> Iterator[Verdict]:
    size = defaults.value(run, "per_device_train_batch_size")
    if not isinstance(size, int) or size < 2:
        return
    lengths = supervision.lengths(run)
    if lengths is None:
        if run.data().rows:
            return  # not prepared as usual, or without a tokenizer that can count
        run.weaken("the rows are not known; rows that are all of one length pass")
    elif len(set(lengths)) < 2:
        return
    # A first batch passes only where it happens to hold rows of one length.
    lucky = lengths is not None and max(Counter(lengths).values()) >= size
    shown = "" if lengths is None else f" ({min(lengths)} to {max(lengths)} tokens in {len(lengths)} rows read)"
    yield Verdict(
        "ragged-later" if lucky else "ragged",
        place_of(run, "data_collator"),
        f"this collator cannot batch rows of different lengths{shown}: {reason}",
        Severity.WARNING if lucky else Severity.ERROR,
        Stage.FIRST_BATCH,
        why=("Only TRL's own collator knows all columns that TRL prepares.",),
        evidence=(data.describe(run),),
        remedies=(_way(run),),
    )


def _unlabelled(run: RunView) -> Verdict:
    return Verdict(
        "unlabelled",
        place_of(run, "data_collator"),
        "this collator makes no labels, and in {trl} the rows have none: there is nothing to compute a loss from",
        Severity.ERROR,
        Stage.FIRST_STEP,
        why=("Before 1.7 it is the collator that makes the labels of the token ids.",),
        evidence=(data.describe(run),),
        remedies=(_way(run),),
    )


def _way(run: RunView) -> Remedy:
    return remedies.drop_argument(run, "data_collator", "drop the collator: TRL's own one makes and pads the labels")
