"""A file's text, its kind, and the map from offsets to rows, columns and notebook cells."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.span import Place, Span

_LINE_END = regex(r"\r\n|\r|\n")


class Kind(enum.Enum):
    """What a source is read as."""

    PYTHON = "python"
    NOTEBOOK = "notebook"
    YAML = "yaml"
    JSON = "json"
    SHELL = "shell"
    JINJA = "jinja"
    MAKEFILE = "makefile"
    DOCKERFILE = "dockerfile"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the analysed text that is parsed by itself: the whole script, or one code cell."""

    start: int
    end: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class MagicLine:
    """A notebook line that is no Python (`!pip install trl==0.20`, a `%%bash` body line), and where it stands.

    In the analysed text it is blanked by a statement of the same length, so offsets stay true.
    """

    text: str
    span: Span


@dataclass(frozen=True)
class Source:
    """One file as the linter reads it.

    `text` is what is analysed: the file's text, or for a notebook the code of its code cells joined by
    newlines (magics blanked). Rows of a notebook are rows of the cell. `others` are further files, by path, in which
    spans of what was understood of this one may lie.
    """

    path: str
    kind: Kind
    text: str
    units: tuple[Unit, ...] = ()
    magics: tuple[MagicLine, ...] = ()
    others: Mapping[str, Source] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.units:
            object.__setattr__(self, "units", (Unit(0, len(self.text)),))

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin; `\\n`, `\\r\\n` and `\\r` end a line, as Python's tokenizer has it."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def unit_at(self, offset: int) -> Unit:
        """The unit that holds `offset` (the last one that begins at or before it)."""
        starts = [unit.start for unit in self.units]
        return self.units[max(0, bisect_right(starts, offset) - 1)]

    def line_index(self, offset: int) -> int:
        """0-based index of the line of the analysed text that holds `offset`."""
        return bisect_right(self.line_starts, offset) - 1

    def line_text(self, index: int) -> str:
        """The line at 0-based `index`, without its line end."""
        starts = self.line_starts
        end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        return self.text[starts[index] : end].rstrip("\r\n")

    def of(self, span: Span) -> Source:
        """The file in which `span` lies: this one, or one of the others."""
        return self if span.path == self.path else self.others.get(span.path, self)

    def place(self, span: Span) -> Place:
        """`span` in rows and columns, relative to the notebook cell where there is one."""
        other = self.of(span)
        if other is not self:
            return other.place(span)
        unit = self.unit_at(span.start)
        first = self.line_index(unit.start)
        begin, end = self.line_index(span.start), self.line_index(max(span.start, span.end))
        return Place(
            self.path,
            begin - first + 1,
            span.start - self.line_starts[begin] + 1,
            end - first + 1,
            span.end - self.line_starts[end] + 1,
            unit.cell,
        )

    def slice(self, span: Span) -> str:
        """The analysed text of `span`."""
        return self.of(span).text[span.start : span.end]
