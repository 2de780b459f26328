"""Text for a terminal: nothing in it can move the cursor, and its width is known."""

from __future__ import annotations

import re

from trl_lint.dataclass import dataclass

_TAB = 4
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Style:
    """ANSI colours, or none."""

    on: bool = False

    def paint(self, text: str, *codes: int) -> str:
        """`text` in the given SGR codes."""
        if not self.on or not text:
            return text
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m"

    def bold(self, text: str) -> str:
        """`text` in bold."""
        return self.paint(text, 1)

    def gutter(self, text: str) -> str:
        """`text` as the frame around code is shown."""
        return self.paint(text, 1, 34)


def escape(text: str) -> str:
    """`text` on one line, with control, format and other invisible characters written out (`\\x1b`, `\\u202e`)."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written(char) for char in text)


def _written(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def shown_width(char: str) -> int:
    """How many columns a printable character takes."""
    if char < "\u0300":
        return 1
    import unicodedata

    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """How many columns a printable text takes."""
    return len(text) if text.isascii() else sum(map(shown_width, text))


def cells(line: str) -> tuple[list[str], list[int]]:
    """Each code point of a source line as it is shown, and the column at which it begins (and the line ends)."""
    shown, columns, column = [], [0], 0
    for char in line:
        if char == "\t":
            text = " " * (_TAB - column % _TAB)
        else:
            text = char if char.isprintable() else _written(char)
        column += width(text)
        shown.append(text)
        columns.append(column)
    return shown, columns


def wrap(text: str, room: int) -> list[str]:
    """`text`, escaped, in lines of at most `room` columns, broken at spaces outside of backquotes where possible."""
    words = re.findall(r"(?:[^\s`]|`[^`\n]{0,60}`|`)+", escape(text[:_LONGEST]))
    lines: list[str] = []
    for word in words:
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
