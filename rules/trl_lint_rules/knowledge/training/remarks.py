"""What is to be said beside the rows: what stops the run, what is trained against the code's wish, what is a guess."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remark, RemarkWeight, RunView, Totals
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.training.labels import columns_used
from trl_lint_rules.knowledge.training.trained import Trained

_ADDING = frozenset({"add_tokens", "add_special_tokens"})


def remarks(run: RunView, found: Trained, masks: frozenset[str], totals: Totals) -> Iterator[Remark]:
    """All of them, those that weigh most first."""
    stops = list(_stops(found))
    yield from (Remark(RemarkWeight.STOPS, text) for text in stops)
    if not stops:  # what does not run trains nothing wrong
        yield from (Remark(RemarkWeight.TROUBLE, text) for text in _unheard(run, found, masks))
        yield from (Remark(RemarkWeight.TROUBLE, text) for text in _counted(found, totals))
    yield from (Remark(RemarkWeight.APPROXIMATE, text) for text in _guesses(run, found))


def _stops(found: Trained) -> Iterator[str]:
    if found.rendering is not None and found.rendering.stops:
        yield found.rendering.stops
    stopping = [row for row in found.rows if row.stops]
    if stopping:
        more = f", and {len(stopping) - 1} more rows" if len(stopping) > 1 else ""
        yield f"row {stopping[0].index + 1}: {stopping[0].stops}{more}"


def _unheard(run: RunView, found: Trained, masks: frozenset[str]) -> Iterator[str]:
    """What the code asks for and the labels do not follow."""
    recipe, given = found.recipe, found.settings
    used = columns_used(recipe)
    why = "the collator overwrites the labels" if recipe.overwritten else _lost(run, found)
    hidden = recipe.overwritten or "assistant_masks" not in used or "assistant_masks" not in masks
    if given.assistant_only and hidden:
        yield f"`assistant_only_loss=True` has no effect: {why}"
    if recipe.completion_only and (recipe.overwritten or "completion_mask" not in used):
        yield f"the prompt is trained too: {why}"
    elif recipe.completion_only and "completion_mask" not in masks:
        yield "`completion_only_loss=True` has no effect: the rows have no completion"
    if data.vision(run) and processing(run).kind is Kind.TOKENIZER:
        yield "the pictures of the rows are not used"
    if "labels" in masks and (recipe.overwritten or "labels" not in used):
        yield f"the column `labels` is not used: {why}"
    if "completion_mask" in masks and not found.pairs and "completion_mask" not in used and not recipe.overwritten:
        yield "the column `completion_mask` is not used: `completion_only_loss` is not on"


def _lost(run: RunView, found: Trained) -> str:
    recipe = found.recipe
    if recipe.packed and not recipe.regime.masks_packed:
        return f"packing of TRL {run.trl} drops the masks"
    if recipe.packed and not recipe.regime.labels_packed:
        return f"packing of TRL {run.trl} drops the labels"
    if recipe.liger and recipe.regime.liger is not None:
        return f"with the Liger kernel TRL {run.trl} drops the masks"
    return f"TRL {run.trl} does not look at it here"


def _counted(found: Trained, totals: Totals) -> Iterator[str]:
    rows = f"{totals.rows} rows"
    said = {text for row in found.rows for text in row.remarks}
    for text in sorted(said):
        hit = sum(text in row.remarks for row in found.rows)
        yield f"{text} ({'every row' if hit == totals.rows else f'{hit} of {rows}'})"
    if totals.dropped:
        everything = totals.dropped == totals.rows
        yield f"{totals.dropped} of {rows} are left out" + (": nothing is left to train on" if everything else "")
    if totals.untrained:
        yield f"{totals.untrained} of {rows} train nothing (a loss of 0.0)"
    if totals.ends and not totals.ends_trained and totals.trained:
        yield "no end of turn is trained: the model does not learn to stop"


def _guesses(run: RunView, found: Trained) -> Iterator[str]:
    if found.rendering is not None and found.rendering.approximate:
        yield found.rendering.approximate
    if found.cutter.unit == "character":
        yield (
            "no `tokenizer.json` is at hand: shown by characters, not by tokens, and without what truncation cuts and "
            "packing joins"
        )
    used = processing(run)
    if any(edit.kind == "call" and edit.name.rpartition(".")[2] in _ADDING for edit in used.edits):
        yield "the code adds tokens to the tokenizer: texts that hold them have fewer tokens than shown"
    if used.escaped:
        yield "code that is not understood may have changed the tokenizer"
    yield from found.settings.doubts
    yield from run.weak
