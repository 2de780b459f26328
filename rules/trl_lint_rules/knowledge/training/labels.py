"""From masks to labels, and what truncation leaves: the last steps before a batch."""

from __future__ import annotations

from collections.abc import Sequence

from trl_lint.api import Piece, TrainedRow, TurnEnd, dataclass, replace
from trl_lint_rules.knowledge.training.examples import Example, Mask
from trl_lint_rules.knowledge.training.regime import Cut, Regime

_LEFT_OUT = "truncation leaves nothing to train"


@dataclass(frozen=True)
class Recipe:
    """What the config and the trainer's arguments make of prepared rows.

    `strategy` is that of packing, `bfd` (also for the older `ffd`), `bfd_split` or `wrapped`, None without it.
    `pad` is the id of the padding token, where a collator that knows it overwrites the labels.
    """

    regime: Regime
    completion_only: bool
    max_length: int | None
    keep_end: bool = False
    strategy: str | None = None
    padding_free: bool = False
    skip_prepare: bool = False
    overwritten: bool = False
    pad: int | None = None
    liger: bool = False

    @property
    def packed(self) -> bool:
        """Whether rows are packed."""
        return self.strategy is not None

    @property
    def starts_untrained(self) -> bool:
        """Whether the first unit of each document gets no label: padding-free batches tell documents by it."""
        return self.regime.starts_untrained and self.padding_free

    @property
    def splits(self) -> bool:
        """Whether packing splits rows instead of cutting them."""
        split = self.strategy == "bfd_split" or (self.strategy == "bfd" and self.regime.split_when_packed)
        return split or self.strategy == "wrapped"


def columns_used(recipe: Recipe) -> frozenset[str]:
    """Which of `labels`, `completion_mask` and `assistant_masks` reach the labels."""
    regime = recipe.regime
    found = set()
    if regime.labels_read and (not recipe.packed or regime.labels_packed):
        found.add("labels")
    kept = not recipe.packed or regime.masks_packed
    if regime.completion_loss and recipe.completion_only and kept:
        found.add("completion_mask")
    if regime.labels_read and kept:
        found.add("assistant_masks")
    if recipe.liger and regime.liger is not None and not regime.labels_packed:
        found &= regime.liger
    return frozenset(found)


def trained(example: Example, recipe: Recipe) -> Mask:
    """Which units get a label when the rows are prepared, truncation and packing aside."""
    size = len(example.ids)
    used = columns_used(recipe)
    masks = []
    own = "labels" in used and example.labels is not None
    if own:
        masks.append(example.labels)
    if not own or not recipe.regime.labels_packed:  # since 1.7 a column of labels is left as it is
        masks += [example.completion] if "completion_mask" in used else []
        masks += [example.assistant] if "assistant_masks" in used else []
    found = [True] * size
    for mask in masks:
        if mask is not None:
            found = [both and one for both, one in zip(found, [*mask, *[False] * (size - len(mask))], strict=False)]
    return tuple(found)


def kept(size: int, recipe: Recipe) -> range:
    """The units that truncation leaves of a row with `size` units."""
    length = recipe.max_length
    if length is None or length >= size or length < 0:
        return range(size)
    if recipe.packed:
        return range(size) if recipe.splits else range(length)
    if recipe.skip_prepare and recipe.regime.cut is not Cut.BATCH:
        return range(size)
    if recipe.padding_free and recipe.regime.cut is Cut.BATCH:
        return range(size)
    return range(size - length, size) if recipe.keep_end else range(length)


def row(index: int, example: Example, recipe: Recipe) -> TrainedRow:
    """The row with its labels."""
    mask, left = list(trained(example, recipe)), kept(len(example.ids), recipe)
    regime = recipe.regime
    unlabelled = not any(mask[left.start : left.stop])
    # Only truncation drops rows: without `max_length`, and when packing, one without labels stays.
    cutting = recipe.max_length is not None and not recipe.packed and not recipe.skip_prepare
    dropped = _LEFT_OUT if regime.empty_dropped and cutting and unlabelled else ""
    if recipe.overwritten:
        mask = [id_ != recipe.pad for id_ in example.ids]
    # In wrapped sequences a row has no start of its own: see `Packing.first_unit_trained`.
    if recipe.starts_untrained and recipe.strategy != "wrapped" and left:
        mask[left.start] = False
    return TrainedRow(
        index,
        tuple(
            Piece(text, id_, label, place in left)
            for place, (text, id_, label) in enumerate(zip(example.pieces, example.ids, mask, strict=True))
        ),
        tuple(_end(start, stop, mask, left) for start, stop in example.ends),
        dropped,
        example.stops,
        example.remarks,
    )


def _end(start: int, stop: int, mask: Sequence[bool], left: range) -> TurnEnd:
    whole = all(place in left for place in range(start, stop))
    return TurnEnd(start, stop, whole and all(mask[start:stop]), whole)


def without_ids(found: TrainedRow) -> TrainedRow:
    """The row of a view whose units are characters."""
    return replace(found, pieces=tuple(replace(piece, id=None) for piece in found.pieces))
