"""One file, read by the builder of `datasets` that the code names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from trl_lint.dataclass import dataclass
from trl_lint.datasets.readers.raw import MAX_ROWS, EmptyFileError, Sample, UnreadableError, read_head

READABLE = frozenset({"json", "csv", "parquet", "text"})


@dataclass(frozen=True)
class Format:
    """A builder of `datasets` and those of its options that decide the columns."""

    builder: str
    field: str | None = None
    separator: str = ","
    names: tuple[str, ...] | None = None


def read(path: Path, how: Format) -> Sample:
    """The columns and some rows of a file. Raises UnreadableError."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise UnreadableError("does not exist here") from error
    except (OSError, ValueError) as error:
        raise UnreadableError("cannot be read") from error
    return _read(str(path), how, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=16)
def _read(path: str, how: Format, stamp: tuple[int, ...]) -> Sample:
    del stamp  # part of the key: a file that has changed is read again
    if how.builder == "json":
        from trl_lint.datasets.readers.json_file import read_json

        return read_json(Path(path), how.field)
    if how.builder == "csv":
        from trl_lint.datasets.readers.csv_file import read_csv

        return read_csv(Path(path), how.separator, how.names)
    if how.builder == "parquet":
        from trl_lint.datasets.readers.parquet_file import read_parquet

        return read_parquet(Path(path))
    return _read_text(Path(path))


def _read_text(path: Path) -> Sample:
    head = read_head(path)
    lines = head.lines()
    if lines and not lines[-1]:
        lines = lines[:-1]
    if not lines:
        raise EmptyFileError
    rows = tuple({"text": line.rstrip("\r")} for line in lines[:MAX_ROWS])
    return Sample({"text": "string"}, rows, len(rows), len(lines) if head.whole else None)
