"""JSON and JSON Lines as the `json` builder of `datasets` takes them.

A document that begins with `[` is a list of rows (a list of strings becomes a `text` column). Anything else is
a sequence of objects, however they are broken into lines, each of them a row. With `field`, the file is one
object of which that field holds the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.datasets.kinds import kinds_of
from trl_lint.datasets.readers.raw import (
    COUNTED_BYTES,
    MAX_ROWS,
    SPREAD,
    EmptyFileError,
    Head,
    Sample,
    UnreadableError,
    read_head,
    spread,
)

_MAX_FIELD_BYTES = 16_000_000  # a document of which one field is wanted must be parsed whole
_MAX_LINE = 256_000  # bytes of a line that is read from the middle of a file
_DECODER = json.JSONDecoder()


def read_json(path: Path, field: str | None = None) -> Sample:
    """The rows of a `.json` or `.jsonl` file. Raises UnreadableError."""
    if field is not None:
        return _field(read_head(path, _MAX_FIELD_BYTES), field)
    head = read_head(path)
    text = head.text()
    if text.lstrip().startswith("["):
        return _listed(_loads(text), whole=True) if head.whole else _listed(list(_first_items(text)), whole=False)
    return _objects(path, head, text)


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UnreadableError("is nested too deeply") from error
    except ValueError as error:
        raise UnreadableError("is not valid JSON") from error


def _field(head: Head, field: str) -> Sample:
    if not head.whole:
        raise UnreadableError("is too large to be read as one document")
    document = _loads(head.text())
    if not isinstance(document, dict) or field not in document:
        raise UnreadableError(f"has no field `{field}`")
    rows = document[field]
    return _listed(rows if isinstance(rows, list) else _rows_of_columns(rows), whole=True)


def _rows_of_columns(document: object) -> list[Any]:
    columns = list(document.values()) if isinstance(document, dict) else []
    if not columns or not all(isinstance(column, list) and len(column) == len(columns[0]) for column in columns):
        raise UnreadableError("is not a list of objects")
    assert isinstance(document, dict)
    return [dict(zip(document, values, strict=True)) for values in zip(*columns, strict=True)]


def _listed(rows: Any, whole: bool) -> Sample:
    if not isinstance(rows, list) or not rows:
        raise EmptyFileError
    if all(isinstance(row, str) for row in rows):
        rows = [{"text": row} for row in rows]
    if not all(isinstance(row, dict) for row in rows):
        raise UnreadableError("is not a list of objects")
    first = rows[:MAX_ROWS]
    return _sample(first, spread(rows, len(first)), len(rows) if whole else None)


def _sample(first: list[Any], more: list[Any], total: int | None) -> Sample:
    rows = (*first, *more)
    return Sample(columns=kinds_of(rows), rows=rows, head=len(first), total=total)


def _skip(text: str, position: int, characters: str) -> int:
    while position < len(text) and text[position] in characters:
        position += 1
    return position


def _first_items(text: str) -> Iterator[Any]:
    """The complete items at the beginning of a list that is cut somewhere."""
    position = text.index("[") + 1
    for _ in range(MAX_ROWS):
        position = _skip(text, position, " \t\r\n,")
        try:
            item, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield item


def _objects(path: Path, head: Head, text: str) -> Sample:
    first, end = _first_objects(text, head.whole)
    if not first:
        raise EmptyFileError if head.whole else UnreadableError("has a first row that is too large")
    if end is None:
        return _sample(first, [], len(first) if head.whole else None)
    if head.size is None:
        return _sample(first, [], None)
    disk.touch(path)
    try:
        total = _count(path) if head.size <= COUNTED_BYTES else None
        start = len(text[:end].encode("utf-8", "replace")) + 1
        return _sample(first, list(_later_rows(path, start, head.size)), total)
    except OSError as error:
        raise UnreadableError("cannot be read") from error


def _first_objects(text: str, whole: bool) -> tuple[list[Any], int | None]:
    """The first rows, and where in the text they end (None: the text has no more). Raises UnreadableError."""
    rows: list[Any] = []
    position = _skip(text, 0, " \t\r\n")
    while position < len(text):
        if len(rows) == MAX_ROWS:
            return rows, position
        try:
            row, end = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            if not whole and "\n" not in text[position:]:
                return rows, position
            what = "is nested too deeply" if isinstance(error, RecursionError) else "is not valid JSON"
            raise UnreadableError(f"{what} in line {_line(text, position)}") from error
        if not isinstance(row, dict):
            raise UnreadableError(f"has no object in line {_line(text, position)}")
        rows.append(row)
        position = _skip(text, end, " \t\r\n")
    return rows, None if whole else position


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if not line.isspace())


def _later_rows(path: Path, start: int, size: int) -> Iterator[dict[str, Any]]:
    """Rows that begin after evenly spaced offsets; a line that cannot be read is passed over."""
    seen: set[int] = set()
    with path.open("rb") as file:
        for step in range(SPREAD):
            file.seek(start + (size - start) * step // SPREAD - 1)
            file.readline(_MAX_LINE)
            offset = file.tell()
            line = file.readline(_MAX_LINE)
            if offset in seen or offset >= size:
                continue
            seen.add(offset)
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict):
                yield row
