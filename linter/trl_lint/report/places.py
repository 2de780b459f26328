"""Where findings stand for programs that know the repository and its files, and nothing of notebook cells."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

from trl_lint.dataclass import dataclass
from trl_lint.model.source import Kind
from trl_lint.model.span import Place
from trl_lint.report.texts import Texts

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Region:
    """A range of a file: 1-based rows and columns (in code points), the end exclusive. `path` has forward slashes,
    relative to the repository where the file lies in it. The columns are None where only rows are known."""

    path: str
    row: int
    column: int | None = None
    end_row: int | None = None
    end_column: int | None = None


class Places:
    """Places as regions of the files below `root`, which is the repository (None: paths stay as they are shown)."""

    def __init__(self, texts: Texts, root: Path | None = None) -> None:
        self._texts = texts
        self._root = root
        self._rows: dict[str, dict[int, list[int]]] = {}

    def path(self, shown: str) -> str:
        """The path that reports call `shown`, relative to the repository where it lies in it."""
        if self._root is None or shown == "-":
            return shown.replace(os.sep, "/")
        full = Path(os.path.normpath(Path.cwd() / shown))
        return (full.relative_to(self._root) if full.is_relative_to(self._root) else full).as_posix()

    def region(self, place: Place) -> Region:
        """`place` in its file. A place in a notebook's cell is the row of the notebook's JSON that holds the line."""
        path = self.path(place.path)
        if place.cell is None:
            if place.end_row and place.end_column:
                return Region(path, place.row, place.column, place.end_row, place.end_column)
            return Region(path, place.row, place.column)
        rows = self._cell_rows(place.path).get(place.cell, [])
        return Region(path, rows[place.row - 1] if 1 <= place.row <= len(rows) else 1)

    def _cell_rows(self, path: str) -> dict[int, list[int]]:
        """For each code cell of the notebook the rows of the file that hold its lines."""
        if path not in self._rows:
            self._rows[path] = self._read_rows(path)
        return self._rows[path]

    def _read_rows(self, path: str) -> dict[int, list[int]]:
        from trl_lint.sources.notebook import code_cells

        document = self._texts.documents.get(path)
        if document is None or document.source.kind is not Kind.NOTEBOOK:
            return {}
        text = document.raw.decode(document.encoding, "replace").removeprefix("\ufeff")
        found = code_cells(text, path)
        if not isinstance(found, tuple):
            return {}
        breaks = [match.end() for match in _LINE_END.finditer(text)]
        rows: dict[int, list[int]] = {}
        for cell in found[0]:
            starts = [0, *accumulate(len(piece.text or "") for piece in cell.pieces)]
            last = len(cell.pieces) - 1
            rows[cell.number] = [
                bisect_right(breaks, cell.pieces[min(bisect_right(starts, at) - 1, last)].start) + 1
                for at in (0, *(match.end() for match in _LINE_END.finditer(cell.text)))
                if cell.pieces
            ]
        return rows
