"""What a symbolic value stands for while a chain of data set operations is followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.data import Column, DataSet
from trl_lint.model.span import Span

Rows: TypeAlias = "tuple[Mapping[str, Any], ...]"

MAX_ROWS = 400
_MAX_SPANS = 20


@dataclass(frozen=True)
class Frame:
    """One table: `Dataset`, `IterableDataset`, or `unknown` which of them (or a dictionary of them).

    `columns` maps names to kinds (see `Column`); the first `head` of `rows` are the first rows, in order.
    """

    columns: Mapping[str, str] | None
    reason: str = ""
    container: str = "Dataset"
    rows: Rows = ()
    head: int = 0
    total: int | None = None
    where: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Splits:
    """A dictionary of tables. `rest` is what a split that is not named would be (None: there are no others)."""

    frames: Mapping[str, Frame] = field(default_factory=dict)
    rest: Frame | None = None
    streaming: bool | None = False
    spans: tuple[Span, ...] = ()

    def each(self) -> list[Frame]:
        """All tables, `rest` last."""
        return [*self.frames.values(), *([self.rest] if self.rest else [])]


@dataclass(frozen=True)
class Names:
    """The column names of something."""

    of: Frame | Splits


@dataclass(frozen=True)
class Other:
    """Something that is no data set, or about which nothing is known."""

    reason: str
    container: str = "unknown"
    spans: tuple[Span, ...] = ()


Result: TypeAlias = "Frame | Splits | Names | Other"


def container(streaming: bool | None) -> str:
    """The class of a table (None: not known which)."""
    return "unknown" if streaming is None else "IterableDataset" if streaming else "Dataset"


def unknown(frame: Frame, reason: str) -> Frame:
    """`frame` after something that leaves nothing known of its columns."""
    return replace(frame, columns=None, reason=reason, rows=(), head=0, total=None)


def subset(frame: Frame) -> Frame:
    """Some of the rows, nobody knows which: nothing sampled may be claimed to be among them."""
    columns = frame.columns
    if columns is not None:
        columns = {name: "unknown" if kind == "mixed" else kind for name, kind in columns.items()}
    return replace(frame, columns=columns, rows=(), head=0, total=None)


def prefix(frame: Frame, count: int) -> Frame:
    """The first `count` rows."""
    if count < 0:
        return subset(frame)
    kept = frame.rows[: min(count, frame.head)]
    total = None if frame.total is None else min(count, frame.total)
    return replace(frame, rows=kept, head=len(kept), total=total)


def shuffled(frame: Frame) -> Frame:
    """The same rows in another order."""
    return replace(frame, head=0)


def project(frame: Frame, names: Iterable[str]) -> Frame:
    """Only these columns. A column whose existence is not known counts as existing."""
    wanted = list(dict.fromkeys(names))
    if frame.columns is None:
        return replace(frame, columns=dict.fromkeys(wanted, "unknown"), reason="", rows=(), head=0)
    columns = {name: frame.columns[name] for name in wanted}
    if not columns:
        return replace(frame, columns=columns, rows=(), head=0, total=None)
    rows = tuple({name: row[name] for name in wanted if name in row} for row in frame.rows)
    return replace(frame, columns=columns, rows=rows)


def merge_kinds(tables: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The union of the columns; kinds that differ are `unknown`, and `null` yields to any other."""
    merged: dict[str, str] = {}
    for table in tables:
        for name, kind in table.items():
            before = merged.get(name, "null")
            merged[name] = kind if before in ("null", kind) else before if kind == "null" else "unknown"
    return merged


def stack(frames: Sequence[Frame], keep_rows: bool = True) -> Frame:
    """The rows of all these tables, one after the other."""
    missing = next((frame for frame in frames if frame.columns is None), None)
    tables = [frame.columns for frame in frames if frame.columns is not None]
    containers = {frame.container for frame in frames}
    first = frames[0]
    totals = [frame.total for frame in frames]
    return Frame(
        columns=None if missing else merge_kinds(tables),
        reason=missing.reason if missing else "",
        container=first.container if len(containers) == 1 else "unknown",
        rows=() if missing or not keep_rows else tuple(row for frame in frames for row in frame.rows)[:MAX_ROWS],
        head=first.head if keep_rows and not missing else 0,
        total=sum(t for t in totals if t is not None) if keep_rows and None not in totals else None,
        where=", ".join(dict.fromkeys(frame.where for frame in frames if frame.where)),
        spans=join_spans(frame.spans for frame in frames),
    )


def either(frames: Sequence[Frame]) -> Frame:
    """One of these tables, nobody knows which: only what they share is kept."""
    first = frames[0]
    if all(frame is first for frame in frames):
        return first
    missing = next((frame for frame in frames if frame.columns is None), None)
    same = not missing and all(set(frame.columns or ()) == set(first.columns or ()) for frame in frames)
    tables = [frame.columns for frame in frames if frame.columns is not None]
    columns = None
    if same and first.columns is not None:
        kinds = {name: {table[name] for table in tables} for name in first.columns}
        columns = {name: found.pop() if len(found) == 1 else "unknown" for name, found in kinds.items()}
    containers = {frame.container for frame in frames}
    rows = first.rows if all(frame.rows is first.rows for frame in frames) else ()
    return Frame(
        columns=columns,
        reason="" if same else missing.reason if missing else "one of several data sets",
        container=first.container if len(containers) == 1 else "unknown",
        rows=rows if same else (),
        head=min(frame.head for frame in frames) if same and rows else 0,
        where=", ".join(dict.fromkeys(frame.where for frame in frames if frame.where)),
        spans=join_spans(frame.spans for frame in frames),
    )


def join_spans(groups: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    """All spans once, in order, up to a bound."""
    return tuple(dict.fromkeys(span for group in groups for span in group))[:_MAX_SPANS]


def with_span(result: Result, span: Span) -> Result:
    """`result` with one more place that decided."""
    if isinstance(result, Names):
        return result
    return replace(result, spans=join_spans([result.spans, (span,)]))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def to_data_set(result: Result) -> DataSet:
    """What the rules and reports read."""
    if isinstance(result, Frame):
        columns = result.columns
        return DataSet(
            columns=None if columns is None else {name: Column(name, kind) for name, kind in columns.items()},
            reason=result.reason,
            container=result.container,
            rows=result.rows,
            rows_total=result.total,
            where=result.where,
            spans=result.spans,
        )
    if isinstance(result, Splits):
        kind = {True: "IterableDatasetDict", False: "DatasetDict", None: "unknown"}[result.streaming]
        named = f"with the splits {_quoted(result.frames)}" if result.frames else "of splits"
        where = next((frame.where for frame in result.each() if frame.where), "")
        return DataSet(reason=f"it is a dictionary {named}", container=kind, where=where, spans=result.spans)
    if isinstance(result, Names):
        return DataSet(reason="it is a list of column names", container="list")
    return DataSet(reason=result.reason, container=result.container, spans=result.spans)
