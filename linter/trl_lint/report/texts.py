"""The lines that reports show: of the checked sources, and of the other files that findings point into."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from trl_lint.model.source import Source
from trl_lint.sources.document import Document

_MOST_BYTES = 1 << 20


class Texts:
    """Lines by path, notebook cell and row. `documents` are the sources with the bytes that they were read from."""

    def __init__(
        self, sources: Mapping[str, Source] | None = None, documents: Mapping[str, Document] | None = None
    ) -> None:
        self.documents = dict(documents or {})
        self.sources = {path: document.source for path, document in self.documents.items()} | dict(sources or {})
        self._files: dict[str, list[str] | None] = {}

    def line(self, path: str, cell: int | None, row: int) -> str | None:
        """The line at 1-based `row`, without its end; None where it cannot be shown."""
        source = self.sources.get(path)
        if source is not None:
            return _source_line(source, cell, row)
        if path not in self._files:
            self._files[path] = None if cell is not None else _read(Path(path))
        lines = self._files[path]
        return lines[row - 1] if lines is not None and 1 <= row <= len(lines) else None


def _source_line(source: Source, cell: int | None, row: int) -> str | None:
    unit = next((unit for unit in source.units if unit.cell == cell), None)
    if unit is None or row < 1:
        return None
    index = source.line_index(unit.start) + row - 1
    if index >= len(source.line_starts) or source.line_starts[index] > unit.end:
        return None
    line, start = source.line_text(index), source.line_starts[index]
    for magic in source.magics:
        first = source.line_index(magic.span.start)
        below = magic.text.split("\n")[index - first : index - first + 1] if index > first else []
        if below and start < magic.span.end:
            return below[0].rstrip("\r")  # a line of a cell that is no Python as a whole
        if first == index:
            begin = magic.span.start - start
            text = magic.text.partition("\n")[0].rstrip("\r")
            line = line[:begin] + text + line[begin + magic.span.end - magic.span.start :]
    return line


def _read(path: Path) -> list[str] | None:
    """The lines of a small text file that was not a source (a lock file, `config.json`)."""
    try:
        if path.suffix == ".ipynb" or not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
    if len(raw) > _MOST_BYTES or b"\0" in raw:
        return None
    return split_lines(raw.decode("utf-8-sig", "replace"))


def split_lines(text: str) -> list[str]:
    """The lines of `text` without their ends, as `Source` counts them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
