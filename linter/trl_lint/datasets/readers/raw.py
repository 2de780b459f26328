"""The beginning of a file, decompressed and decoded, within bounds."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.dataclass import dataclass

MAX_BYTES = 2_000_000  # read from the beginning of a file
MAX_ROWS = 200  # rows kept from the beginning
SPREAD = 32  # rows kept from the rest
COUNTED_BYTES = 20_000_000  # rows of files up to this size are counted

_COMPRESSED = {".bz2", ".xz", ".zst", ".lz4", ".zip", ".7z", ".tar", ".rar", ".br"}


class UnreadableError(Exception):
    """A file from which no columns can be read; the text says why, as a phrase without the file's name."""


class EmptyFileError(UnreadableError):
    """A file without a single row."""

    def __init__(self) -> None:
        super().__init__("holds no rows")


@dataclass(frozen=True)
class Sample:
    """What a reader found: columns by kind, and rows of which the first `head` are the file's first ones."""

    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...] = ()
    head: int = 0
    total: int | None = None


@dataclass(frozen=True)
class Head:
    """The first bytes of a file. `size` is None for a compressed file; `whole` says that nothing follows."""

    data: bytes
    whole: bool
    size: int | None

    def text(self) -> str:
        """The bytes as UTF-8 without a byte order mark; a character cut at the end is dropped."""
        data = self.data.removeprefix(codecs.BOM_UTF8)
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(data, final=self.whole)
        except UnicodeDecodeError as error:
            raise UnreadableError("is not UTF-8 text") from error

    def lines(self) -> list[str]:
        """The complete lines that were read; JSON strings may hold other line separators than a newline."""
        lines = self.text().split("\n")
        return lines if self.whole else lines[:-1]


def read_head(path: Path, limit: int = MAX_BYTES) -> Head:
    """The first `limit` bytes of the file (decompressed, if its name ends in `.gz`). Raises UnreadableError."""
    suffix = path.suffix.lower()
    if suffix in _COMPRESSED:
        raise UnreadableError(f"is compressed as {suffix}, which is not read")
    try:
        size = regular_size(path)
        if suffix == ".gz":
            data = _unpacked(path, limit + 1)
            return Head(data[:limit], len(data) <= limit, None)
        data = disk.head(path, limit + 1)
    except FileNotFoundError as error:
        raise UnreadableError("does not exist here") from error
    except (OSError, ValueError, EOFError) as error:
        raise UnreadableError(f"cannot be read ({getattr(error, 'strerror', None) or 'broken'})") from error
    return Head(data[:limit], len(data) <= limit, size)


def _unpacked(path: Path, limit: int) -> bytes:
    """The first `limit` bytes of what a gzip file holds. Raises OSError, EOFError."""
    import gzip
    import zlib

    disk.touch(path)
    try:
        with gzip.open(path, "rb") as unpacked:
            return unpacked.read(limit)
    except zlib.error as error:
        raise gzip.BadGzipFile(str(error)) from error


def expanded(name: str) -> Path:
    """`name` with a leading `~` replaced, where there is a home."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def regular_size(path: Path) -> int:
    """The size in bytes. A device or pipe, which may have no end, raises UnreadableError; also OSError."""
    try:
        return disk.size(path)
    except disk.IrregularFileError:
        raise UnreadableError("is not a file") from None


def spread(items: list[Any], first: int) -> list[Any]:
    """Up to `SPREAD` evenly spaced items from `first` on."""
    rest = items[first:]
    if len(rest) <= SPREAD:
        return rest
    return [rest[i * len(rest) // SPREAD] for i in range(SPREAD)]
