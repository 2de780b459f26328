"""Tables out of literals: `Dataset.from_list([...])`, `Dataset.from_dict({...})`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trl_lint.dataclass import replace
from trl_lint.datasets.features import declared
from trl_lint.datasets.frame import MAX_ROWS, Frame
from trl_lint.datasets.kinds import GAP, has_gap, kind_of
from trl_lint.datasets.literals import Arguments, plain
from trl_lint.model.value import Items, Known, Table, Unknown, Value


def from_list(arguments: Arguments) -> Frame:
    """The table of a list of rows. The first row decides which columns there are."""
    value = arguments.get("mapping", 0)
    items = value.value if isinstance(value, Known) else None
    if not isinstance(items, Items):
        return Frame(None, _why(value, "the list of rows"))
    if not items.items:
        return Frame(None, "it has no rows" if items.open is None else items.open)
    rows = [plain(item) for item in items.items[:MAX_ROWS]]
    if not isinstance(rows[0], dict):
        return Frame(None, "the first row is not known")
    names = [str(name) for name in rows[0]]
    tables = [row if isinstance(row, dict) else dict.fromkeys(names, GAP) for row in rows]
    columns = {name: [row.get(name) for row in tables] for name in names}
    total = len(items.items) if items.open is None else None
    return _declared(_table(columns, len(rows), total), arguments)


def from_dict(arguments: Arguments) -> Frame:
    """The table of a dict of columns."""
    value = arguments.get("mapping", 0)
    table = value.value if isinstance(value, Known) else None
    if not isinstance(table, Table):
        return Frame(None, _why(value, "the dict of columns"))
    if table.open is not None or any(entry.optional for entry in table.entries):
        return Frame(None, table.open or "some columns exist on some paths only")
    columns: dict[str, list[Any] | None] = {}
    totals: set[int | None] = set()
    for entry in table.entries:
        items = entry.value.value if isinstance(entry.value, Known) else None
        known = isinstance(items, Items) and items.open is None
        columns[str(entry.key)] = [plain(item) for item in items.items[:MAX_ROWS]] if isinstance(items, Items) else None
        totals.add(len(items.items) if known and isinstance(items, Items) else None)
    length = totals.pop() if len(totals) == 1 else None
    filled = {name: values or [] for name, values in columns.items()}
    frame = _table(filled, min(length or 0, MAX_ROWS), length)
    kinds = dict(frame.columns or {})
    kinds.update({name: "unknown" for name, values in columns.items() if not values})
    return _declared(replace(frame, columns=kinds), arguments)


def _why(value: Value | None, what: str) -> str:
    return value.reason if isinstance(value, Unknown) else f"{what} is not known"


def _table(columns: dict[str, list[Any]], length: int, total: int | None) -> Frame:
    rows = [{name: values[index] for name, values in columns.items()} for index in range(length)]
    sample = tuple(row for row in rows if not has_gap(row))
    kinds = {name: _kind(values) for name, values in columns.items()}
    return Frame(kinds, "", "Dataset", sample, len(sample) if len(sample) == len(rows) else 0, total)


def _kind(values: Sequence[Any]) -> str:
    """A column of which nothing but None is seen may hold anything in the rows that are not known."""
    kind = kind_of(values)
    return "unknown" if kind == "null" and any(value is GAP for value in values) else kind


def _declared(frame: Frame, arguments: Arguments) -> Frame:
    features = arguments.get("features", 1)
    if features is None or (isinstance(features, Known) and features.value is None):
        return frame
    columns = declared(features)
    if columns is None:
        return replace(frame, columns=None, reason="the features are not understood", rows=(), head=0)
    return replace(frame, columns=columns)
