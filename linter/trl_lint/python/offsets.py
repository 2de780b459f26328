"""From the positions of `ast` (1-based lines, UTF-8 byte columns) to code-point offsets of the analysed text."""

from __future__ import annotations

import ast
from bisect import bisect_left
from itertools import accumulate
from typing import Protocol

from trl_lint.model.source import Source
from trl_lint.model.span import Span


class Located(Protocol):
    """A node that knows where it stands."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Offsets:
    """Offsets and spans of nodes whose line numbers are those of the whole analysed text."""

    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._path = source.path
        self._starts = source.line_starts
        self._ascii = source.text.isascii()
        self._columns: dict[int, list[int] | None] = {}

    def at(self, line: int, column: int) -> int:
        """The offset of a byte `column` on the 1-based `line`; never beyond the text."""
        index = min(max(line - 1, 0), len(self._starts) - 1)
        start = self._starts[index]
        if not self._ascii and column:
            widths = self._columns[index] if index in self._columns else self._line(index)
            if widths is not None:
                column = bisect_left(widths, column) + 1
        return min(start + column, len(self._text))

    def _line(self, index: int) -> list[int] | None:
        """Bytes up to and with each character of a line, or None where each is one byte."""
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        line = self._text[self._starts[index] : end]
        widths = None
        if not line.isascii():
            widths = list(accumulate(len(char.encode("utf-8", "surrogatepass")) for char in line))
        self._columns[index] = widths
        return widths

    def _is_ascii(self, index: int) -> bool:
        return (self._columns[index] if index in self._columns else self._line(index)) is None

    def start(self, node: Located) -> int:
        """Where a node begins."""
        return self.at(node.lineno, node.col_offset)

    def end(self, node: Located) -> int:
        """Where a node ends."""
        if node.end_lineno is None or node.end_col_offset is None:
            return self.start(node)
        return self.at(node.end_lineno, node.end_col_offset)

    def span(self, node: Located) -> Span:
        """The range of a node."""
        last = node.end_lineno
        if last is None or node.end_col_offset is None or last > len(self._starts):
            start = self.start(node)
            return Span(self._path, start, max(start, self.end(node)))
        first = node.lineno
        if self._ascii or (self._is_ascii(first - 1) and (last == first or self._is_ascii(last - 1))):
            # As `at` has it, for nearly every node.
            start, end = self._starts[first - 1], self._starts[last - 1]
            return Span(self._path, start + node.col_offset, end + node.end_col_offset)
        start = self.start(node)
        return Span(self._path, start, max(start, self.end(node)))

    def between(self, first: Located, last: Located) -> Span:
        """The range from the start of one node to the end of another."""
        start = self.start(first)
        return Span(self._path, start, max(start, self.end(last)))

    def header(self, node: ast.stmt, body: list[ast.stmt]) -> Span:
        """A compound statement without its body."""
        start = self.start(node)
        end = min(self.start(body[0]), self.end(node)) if body else self.end(node)
        text = self._text[start:end].rstrip()
        return Span(self._path, start, start + len(text))
