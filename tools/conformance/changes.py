"""What two recorded releases do differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .records import Record

_LONGEST = 100


def changes(before: Record, after: Record) -> Iterator[str]:
    """One line for each case that came out otherwise."""
    for name, new in after.cases.items():
        old = before.cases.get(name)
        if old is None:
            continue
        one, other = told(old), told(new)
        if one != other:
            yield f"{name}: {one} -> {other}"
        elif old.get("rows") != new.get("rows"):
            yield f"{name}: {labels(old.get('rows'))} -> {labels(new.get('rows'))}"


def told(answer: Mapping[str, Any]) -> str:
    """The outcome in a few words."""
    if answer["outcome"] != "error":
        return "ran"
    return f"{answer['stage']} {answer['type']}: {answer['message'][:_LONGEST]}"


def labels(rows: Sequence[Sequence[Sequence[Any]]] | None) -> str:
    """What the first row trains, and how much of all rows is trained."""
    if not rows:
        return "no labels"
    counted = [sum(count for row in rows for _, count, trained in row if trained or not only) for only in (1, 0)]
    first = "".join(text if trained else "·" for text, _, trained in rows[0])
    return f"{counted[0]} of {counted[1]} tokens, first {first[:_LONGEST]!r}"
