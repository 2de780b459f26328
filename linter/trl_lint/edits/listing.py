"""Comma-separated items in brackets, in any of the languages: putting one in, taking one out, layout kept.

Shared by Python calls and dicts, JSON objects and YAML's flow mappings. `#` begins a comment in all that have any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.finding import Edit
from trl_lint.model.span import Span

_GAP = regex(r"#[^\r\n]*|\\(?:\r\n|\r|\n)|\s+|.", re.DOTALL)
_REST = regex(r"[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_NEWLINE = regex(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Item:
    """One item with the parentheses around it, and the offset of the comma after it."""

    start: int
    end: int
    comma: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The items between a bracket (`open` is the offset behind it) and the closing one (at `close`).

    `trailing` says that a comma may follow the last item.
    """

    path: str
    text: str
    open: int
    close: int
    items: tuple[Item, ...]
    trailing: bool = True

    def edit(self, start: int, end: int, text: str = "") -> Edit:
        """An edit of this text."""
        return Edit(Span(self.path, start, end), text)


def listing(
    path: str, text: str, brackets: tuple[int, int], nodes: Sequence[tuple[int, int]], trailing: bool = True
) -> Listing:
    """The listing between `brackets` (offsets of both), whose items hold `nodes` (in order).

    What stands between the nodes (commas, parentheses, unpacking stars, comments) is read here.
    """
    opening, closing = brackets
    items: list[Item] = []
    position = opening + 1
    for index, (start, end) in enumerate(nodes):
        marks = list(gap(text, position, start))
        begin = min((offset for char, offset in marks if char in "(*"), default=start)
        stop = nodes[index + 1][0] if index + 1 < len(nodes) else closing
        comma: int | None = None
        for char, offset in gap(text, end, stop):
            if char == ",":
                comma = offset
                break
            if char == ")":
                end = offset + 1
        items.append(Item(begin, end, comma))
        position = end if comma is None else comma + 1
    return Listing(path, text, opening + 1, closing, tuple(items), trailing)


def gap(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The characters between two nodes that are neither space nor comment, with their offsets."""
    for match in _GAP.finditer(text, start, end):
        if len(match[0]) == 1 and not match[0].isspace() and match[0] != "#":
            yield match[0], match.start()


def insert_after(found: Listing, index: int, new: str) -> Edit:
    """Puts the item `new` after the one at `index`, on its own line where that one has its own."""
    text, item = found.text, found.items[index]
    indent = _indent(found, item)
    if indent is None:
        return found.edit(item.end, item.end, f", {new}")
    if item.comma is not None:
        rest = _REST.match(text, item.comma + 1)
        if rest is None:
            return found.edit(item.comma + 1, item.comma + 1, f" {new},")
        return found.edit(rest.end(), rest.end(), f"\n{indent}{new},")
    rest = _REST.match(text, item.end)
    if rest is None or rest.end() == item.end:
        return found.edit(item.end, item.end, f",\n{indent}{new}")
    return found.edit(item.end, rest.end(), f",{rest[0]}\n{indent}{new}")


def insert_before(found: Listing, index: int, new: str) -> Edit:
    """Puts the item `new` before the one at `index`."""
    item = found.items[index]
    indent = _indent(found, item)
    return found.edit(item.start, item.start, f"{new}, " if indent is None else f"{new},\n{indent}")


def remove(found: Listing, index: int) -> Edit:
    """Takes out the item at `index`: with its comma, and with its line and comment where it stands alone there."""
    text, item = found.text, found.items[index]
    before = found.items[index - 1] if index else None
    after = item.end if item.comma is None else item.comma + 1
    rest = _REST.match(text, after)
    if _indent(found, item) is not None and rest is not None and rest.end() < found.close:
        if item.comma is None and before is not None and not found.trailing:
            return found.edit(before.end, item.end)
        newline = _NEWLINE.match(text, rest.end())
        return found.edit(_line_start(text, item.start), newline.end() if newline else rest.end())
    if before is None or before.comma is None:
        blank = re.compile(r"[ \t]*").match(text, after) if rest is None else None
        return found.edit(item.start, blank.end() if blank is not None else after)
    if item.comma is not None:
        if _indent(found, item) is None:
            return found.edit(before.comma + 1, after)
        blank = re.compile(r"[ \t]*").match(text, after)
        return found.edit(item.start, blank.end() if blank is not None else after)
    if "#" in text[before.end : item.start]:
        return found.edit(item.start, item.end)
    return found.edit(before.comma, item.end)


def _indent(found: Listing, item: Item) -> str | None:
    """The white space before `item` if it is the first on its line, else None."""
    start = _line_start(found.text, item.start)
    before = found.text[start : item.start]
    return before if start >= found.open and not before.strip() else None


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
