"""Where something stands in a source's analysed text."""

from __future__ import annotations

from trl_lint.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in the analysed text of the source named `path`."""

    path: str
    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """Whether `other` lies inside this span of the same source."""
        return self.path == other.path and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Place:
    """A range as people read it: 1-based rows and columns (in code points), `cell` 1-based in a notebook.

    `end_column` is exclusive, as in ruff's JSON output.
    """

    path: str
    row: int
    column: int = 1
    end_row: int = 0
    end_column: int = 0
    cell: int | None = None

    def __str__(self) -> str:
        cell = f"cell {self.cell}:" if self.cell is not None else ""
        return f"{self.path}:{cell}{self.row}"
