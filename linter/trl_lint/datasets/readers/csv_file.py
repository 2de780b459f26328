"""CSV as the `csv` builder of `datasets` takes it, that is as `pandas.read_csv` with its defaults."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from trl_lint.datasets.kinds import kinds_of
from trl_lint.datasets.readers.raw import MAX_ROWS, EmptyFileError, Sample, UnreadableError, read_head

_MISSING = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "<NA>", "#N/A"})
_BOOLEANS = {"True": True, "TRUE": True, "true": True, "False": False, "FALSE": False, "false": False}


def read_csv(path: Path, separator: str = ",", names: tuple[str, ...] | None = None) -> Sample:
    """The rows of a file with a header, or without one where the code gives `names`. Raises UnreadableError."""
    if len(separator) != 1:
        raise UnreadableError(f"has a separator that is not understood: {separator!r}")
    head = read_head(path)
    try:
        lines = list(csv.reader(io.StringIO(head.text(), newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableError(f"is not valid CSV ({error})") from error
    if not head.whole:
        lines = lines[:-1]
    records = [line for line in lines if line]
    if names is None:
        if not records:
            raise UnreadableError("holds no header")
        names, records = _header(records[0]), records[1:]
    if not records:
        raise EmptyFileError
    if any(len(record) > len(names) for record in records[:MAX_ROWS]):
        raise UnreadableError("has rows longer than its header")
    rows = tuple(_typed(names, records[:MAX_ROWS]))
    return Sample(kinds_of(rows), rows, len(rows), len(records) if head.whole else None)


def _header(fields: list[str]) -> tuple[str, ...]:
    """Column names as pandas makes them: an empty one is `Unnamed: N`, a repeated one gets a number."""
    names: list[str] = []
    for index, field in enumerate(fields):
        name = base = field or f"Unnamed: {index}"
        number = 0
        while name in names:
            number += 1
            name = f"{base}.{number}"
        names.append(name)
    return tuple(names)


def _typed(names: tuple[str, ...], records: list[list[str]]) -> Iterator[dict[str, Any]]:
    columns: list[list[Any]] = []
    for index in range(len(names)):
        values = [record[index] if index < len(record) else "" for record in records]
        columns.append(_convert([None if value in _MISSING else value for value in values]))
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _convert(values: list[str | None]) -> list[Any]:
    """A column of texts as booleans or numbers, if all of them are."""
    present = [value for value in values if value is not None]
    converters: tuple[Callable[[str], Any], ...] = (_BOOLEANS.__getitem__, _number)
    for convert in converters:
        try:
            found = {value: convert(value) for value in present}
        except (KeyError, ValueError):
            continue
        return [None if value is None else found[value] for value in values]
    return list(values)


def _number(text: str) -> float:
    number = float(text)
    if "_" in text or (math.isfinite(number) and not any(c.isdigit() for c in text)):
        raise ValueError(text)
    return number
