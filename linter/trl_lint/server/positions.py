"""From offsets in a text to positions of the protocol, in the encoding that the client asked for."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types

_LINE_END = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of one text, as the protocol counts them: ended by `\\n`, `\\r\\n` or `\\r` and nothing else.

    `encoding` is `utf-8`, `utf-16` or `utf-32`: the units that a column counts.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._encoding = encoding
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> types.Position:
        """The position of the code point at `offset`, which is brought into the text where it lies outside."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        return types.Position(line, self._units(self.text[self._starts[line] : offset]))

    def offset(self, position: types.Position) -> int:
        """The offset that `position` means; the end of its line where that is shorter, of the text where it is."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        line = self.text[start : self._end(position.line)]
        if self._encoding == "utf-32" or line.isascii():
            return start + min(position.character, len(line))
        units = 0
        for index, character in enumerate(line):
            if units >= position.character:
                return start + index
            units += self._units(character)
        return start + len(line)

    def at(self, row: int, column: int | None) -> int:
        """The offset of a 1-based row and column (in code points); of the end of the row where there is no column."""
        if not 1 <= row <= len(self._starts):
            return len(self.text)
        start, end = self._starts[row - 1], self._end(row - 1)
        return end if column is None else min(start + max(0, column - 1), end)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def _end(self, line: int) -> int:
        """Where the 0-based line ends, before what ends it."""
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        return start + len(self.text[start:end].rstrip("\r\n"))

    def _units(self, text: str) -> int:
        if self._encoding == "utf-32" or text.isascii():
            return len(text)
        if self._encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
