"""Markdown, line by line: what stands inside fenced blocks and what does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_FENCE = re.compile(r"(`{3,})[^`]*$")


def block_end(lines: Sequence[str], start: int) -> int | None:
    """The line after the fenced block that begins on line `start`; None where none begins there.

    Raises ValueError for a block that is never closed.
    """
    opening = _FENCE.match(lines[start]) if start < len(lines) else None
    if opening is None:
        return None
    for number in range(start + 1, len(lines)):
        closing = re.fullmatch(r"(`{3,})\s*", lines[number])
        if closing is not None and len(closing[1]) >= len(opening[1]):
            return number + 1
    raise ValueError(f"line {start + 1}: this block is not closed")


def prose(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines outside fenced blocks, with their numbers from 0."""
    number = 0
    while number < len(lines):
        end = block_end(lines, number)
        if end is None:
            yield number, lines[number]
        number = end or number + 1


def fenced(text: str, word: str = "text") -> list[str]:
    """`text` as the lines of a fenced block, its fence longer than any in the text."""
    longest = max((len(found) for found in re.findall(r"^`{3,}", text, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    return [f"{fence}{word}", *text.rstrip("\n").split("\n"), fence]


def cell(text: str) -> str:
    """`text` for a cell of a table."""
    return text.replace("|", "\\|")


def between(text: str, name: str, made: Sequence[str]) -> str:
    """`text` with the lines between `<!-- name -->` and `<!-- /name -->` made anew; as it is where it has no markers.

    Raises ValueError where only one of the two is there.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    lines = text.split("\n")
    begins = [number for number, line in prose(lines) if line.strip() == begin]
    ends = [number for number, line in prose(lines) if line.strip() == end]
    if not begins and not ends:
        return text
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise ValueError(f"`{begin}` and `{end}` must stand there once each, in this order")
    return "\n".join([*lines[: begins[0] + 1], "", *made, "", *lines[ends[0] :]])
