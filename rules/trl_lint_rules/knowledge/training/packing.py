"""What packing joins: the sequences that rows of given lengths fill, and what holds whatever their order is."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from trl_lint.api import Packing, Part
from trl_lint_rules.knowledge.training.labels import Recipe
from trl_lint_rules.knowledge.training.regime import DATA_UTILITIES

_BATCH = 1000  # rows that `Dataset.map(batched=True)` hands over at a time

Lengths = Sequence[tuple[int, int]]  # (index of the row, its length)


def packing(lengths: Lengths, recipe: Recipe, length: int) -> Packing:
    """The sequences of up to `length` units that these rows fill.

    Best fit decreasing looks at the lengths alone: the number of sequences does not hang on the order of the rows.
    """
    strategy = recipe.strategy or "wrapped"
    pieces = [piece for row in lengths for piece in _pieces(row, recipe, length)]
    sequences = _wrapped(lengths, length) if strategy == "wrapped" else _best_fit(pieces, length)
    if recipe.regime.trl < DATA_UTILITIES:  # `ConstantLengthDataset` hands out full sequences alone
        sequences = [each for each in sequences if sum(part.stop - part.start for part in each) == length]
    return Packing(
        strategy,
        length,
        tuple(_explained(lengths, recipe, length)),
        tuple(map(tuple, sequences)),
        first_unit_trained=not (strategy == "wrapped" and recipe.starts_untrained),
    )


def _pieces(row: tuple[int, int], recipe: Recipe, length: int) -> list[Part]:
    index, size = row
    if not recipe.splits:
        return [Part(index, 0, min(size, length))] if size else []
    return [Part(index, start, min(start + length, size)) for start in range(0, size, length)]


def _wrapped(lengths: Lengths, length: int) -> list[list[Part]]:
    sequences: list[list[Part]] = []
    for batch in range(0, len(lengths), _BATCH):
        room = 0
        for index, size in lengths[batch : batch + _BATCH]:
            start = 0
            while start < size:
                if not room:
                    sequences.append([])
                    room = length
                stop = min(size, start + room)
                sequences[-1].append(Part(index, start, stop))
                room -= stop - start
                start = stop
    return sequences


def _best_fit(pieces: Sequence[Part], length: int) -> list[list[Part]]:
    """Longest first, each into the sequence with the least room that is enough."""
    sequences: list[list[Part]] = []
    for batch in range(0, len(pieces), _BATCH):
        rooms: list[tuple[int, int]] = []  # (room left, which sequence), ascending
        for piece in sorted(pieces[batch : batch + _BATCH], key=lambda piece: piece.start - piece.stop):
            size = piece.stop - piece.start
            place = bisect_left(rooms, (size, -1))
            if place < len(rooms):
                room, number = rooms.pop(place)
                sequences[number].append(piece)
            else:
                room, number = length, len(sequences)
                sequences.append([piece])
            if room > size:
                insort(rooms, (room - size, number))
    return sequences


def _explained(lengths: Lengths, recipe: Recipe, length: int) -> list[str]:
    longer = [size for _, size in lengths if size > length]
    if recipe.regime.trl < DATA_UTILITIES:
        return [
            f"Rows, each with the EOS token behind it, are joined end to end and cut every {length} tokens; the "
            "sequences are shuffled, and what does not fill a whole one is not trained."
        ]
    if recipe.strategy == "wrapped":
        return [
            f"Rows are joined end to end and cut every {length} tokens, wherever that falls: a row may be spread over "
            "two sequences, and its second part begins without what came before it.",
            "Within a sequence each token sees all rows in front of it"
            + (", and the first token of each sequence has no label." if recipe.starts_untrained else "."),
        ]
    lines = [
        f"Whole rows are put together, the longest first, each into the sequence of up to {length} tokens that it "
        "fills best. Rows of one sequence do not see each other where the attention kernel knows their bounds."
    ]
    if recipe.splits:
        lines.append(f"A row of more than {length} tokens is split: its later parts begin without what came before.")
    else:
        lines.append(f"A row is never split: what is longer than {length} tokens is cut off, and not trained.")
    if longer:
        lines.append(f"Of the rows read, {len(longer)} of {len(lengths)} are longer.")
    if recipe.starts_untrained:
        lines.append("The first token of each row has no label.")
    return lines
