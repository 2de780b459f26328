"""One recorded batch against the rows of a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, permutations
from pathlib import Path
from typing import Any

IGNORED = -100
_END = "<|im_end|>"
_LONGEST = 260  # characters of a text that a record keeps
_DEFAULT_BATCH = 8

Labelled = list[tuple[int, int]]  # (token, label)


def batch_size(case: dict[str, Any]) -> int:
    """How many rows the recorded batch can hold."""
    return _DEFAULT_BATCH if (case.get("trainer") or {}).get("args") == "none" else 2


def disagreement(case: dict[str, Any], side: dict[str, Any] | None, size: int) -> str | None:
    """Why the recorded batch is no batch of the rows that are shown; None where it is one."""
    if side is None:
        return "no run was found"
    if side["reason"]:
        return f"nothing is shown: {side['reason']}"
    if side["unit"] != "token":
        return "shown by characters"
    rows = list(sequences(side))
    expected = (case["total_tokens"], case["supervised_tokens"], case["im_end_total"], case["im_end_supervised"])
    wanted = Counter(text for row in case["supervised_text"] for text in row)
    nearest: tuple[Any, ...] = ()
    tokenizer = Tokenizer(case)
    for batch in _batches(rows, size):
        found = measured(batch, tokenizer)
        if found == expected and any(not wanted - shown for shown in _all_texts(batch, side, tokenizer)):
            return None
        nearest = found if not nearest or _far(found, expected) < _far(nearest, expected) else nearest
    return f"total, trained, ends, ends trained: {nearest} shown, {expected} recorded"


def _all_texts(batch: Sequence[Labelled], side: dict[str, Any], tokenizer: Tokenizer) -> Iterator[Counter[str]]:
    """The recorded form of the batch's texts: each up to `_LONGEST` characters. Padding-free rows are one sequence."""
    if not side["padding_free"]:
        yield Counter(text[:_LONGEST] for row in batch for text in texts(row, tokenizer))
        return
    for order in islice(permutations(batch), 24):
        joined = [pair for row in order for pair in row]
        yield Counter(text[:_LONGEST] for text in texts(joined, tokenizer))


def _far(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _batches(rows: list[Labelled], size: int) -> Iterator[tuple[Labelled, ...]]:
    yield from combinations(rows, min(size, len(rows)))


def sequences(side: dict[str, Any]) -> Iterator[Labelled]:
    """What the trainer gets: the rows that are left, or the packed sequences of them."""
    rows = {
        row["row"]: list(zip(row["input_ids"], row["labels"], strict=True))
        for row in side["rows"]
        if not row["dropped"] and not row["stops"]
    }
    packing = side["packing"]
    if packing is None:
        yield from rows.values()
        return
    for parts in packing["sequences"]:
        joined = [pair for part in parts for pair in rows[part["row"]][part["start"] : part["stop"]]]
        if not packing["first_unit_trained"]:
            joined[0] = (joined[0][0], IGNORED)
        yield joined


class Tokenizer:
    """What the ids of a case mean."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._tokenizer = _loaded(case["tokenizer"])
        self.end = self._tokenizer.token_to_id(_END)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of these ids."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=False)
        return text


@lru_cache(maxsize=64)
def _loaded(path: str) -> Any:
    from tokenizers import Tokenizer as Library

    return Library.from_file(str(Path(path)))


def measured(batch: Sequence[Labelled], tokenizer: Tokenizer) -> tuple[int, int, int, int]:
    """The numbers that a record holds of its batch."""
    pairs = [pair for row in batch for pair in row]
    return (
        len(pairs),
        sum(label != IGNORED for _, label in pairs),
        sum(token == tokenizer.end for token, _ in pairs),
        sum(token == tokenizer.end and label != IGNORED for token, label in pairs),
    )


def texts(row: Labelled, tokenizer: Tokenizer) -> Iterator[str]:
    """The text of each stretch of tokens with a label."""
    stretch: list[int] = []
    for token, label in [*row, (0, IGNORED)]:
        if label != IGNORED:
            stretch.append(token)
        elif stretch:
            yield tokenizer.decode(stretch)
            stretch = []
