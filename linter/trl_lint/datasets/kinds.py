"""The kind of a column from its sampled values.

Arrow gives all rows of a column one type: the dicts of a list share the union of their keys. So a kind is
decided from all sampled values together, never from a single row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

_MAX_ITEMS = 64  # items looked at in one list value


class _Gap:
    """A part of a literal that the code does not give away."""

    def __repr__(self) -> str:
        return "GAP"


GAP: Final = _Gap()


def has_gap(value: object) -> bool:
    """Whether some part of plain data is not known."""
    pending = [value]
    while pending:
        found = pending.pop()
        if found is GAP:
            return True
        if isinstance(found, dict):
            pending.extend(found.values())
        elif isinstance(found, list):
            pending.extend(found)
    return False


def kind_of(values: Iterable[object]) -> str:
    """The kind of a column with these values (`Column.kind`)."""
    present = [value for value in values if value is not None]
    if not present:
        return "null"
    known = [value for value in present if value is not GAP]
    kinds = {_shape(value) for value in known}
    if not kinds:
        return "unknown"
    if len(kinds) > 1:
        return "mixed"
    shape = kinds.pop()
    if shape == "list":
        return _list_kind([value for value in known if isinstance(value, Sequence)])
    if shape == "struct":
        return "image" if _is_image(_keys(known)) else "struct"
    return shape


def kinds_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The columns of these rows in the order of their appearance; a missing key counts as None."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: kind_of(row.get(name) for row in rows) for name in names}


def kind_of_keys(keys: Iterable[str]) -> str:
    """The kind of a list of dicts with these keys."""
    found = frozenset(keys)
    if {"role", "content"} <= found:
        return "messages"
    if {"from", "value"} <= found:
        return "sharegpt"
    return "images" if _is_image(found) else "dicts"


def _shape(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Mapping):
        return "struct"
    if isinstance(value, (list, tuple)):
        return "list"
    return "unknown"


def _list_kind(values: Sequence[Sequence[object]]) -> str:
    items = [item for value in values for item in islice(value, _MAX_ITEMS) if item is not None and item is not GAP]
    shapes = {_shape(item) for item in items}
    if len(shapes) != 1:
        return "unknown"
    return {
        "struct": kind_of_keys(_keys(items)),
        "string": "strings",
        "number": "numbers",
        "bool": "numbers",
    }.get(shapes.pop(), "unknown")


def _keys(values: Iterable[object]) -> frozenset[str]:
    return frozenset(key for value in values if isinstance(value, Mapping) for key in value if isinstance(key, str))


def _is_image(keys: frozenset[str]) -> bool:
    """Whether a struct is how `datasets` stores an image (its `Image` feature: bytes and path)."""
    return keys == {"bytes", "path"}
