"""JSON with the place of every key and value. Iterative, bounded, strict as Python's `json` is.

What the caller does not want to see in detail (a notebook's outputs) is skipped by the standard decoder,
which is written in C.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from json import decoder
from typing import Literal, TypeAlias

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

MAX_DEPTH = 100
MAX_NODES = 300_000

_SPACE = regex(r"[ \t\n\r]*")
_NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}
_WORD = regex("|".join(_WORDS))
_scan_string: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]
_SKIPPING = json.JSONDecoder(parse_int=str, parse_float=str)

Shape: TypeAlias = Literal["object", "array", "scalar", "skipped"]


@dataclass(frozen=True, slots=True)
class Node:
    """One value: `start` and `end` are offsets in the text, quotes and brackets included.

    `value` holds a scalar's value; `members` are an object's in the order of the text, repeated keys included.
    """

    shape: Shape
    start: int
    end: int
    value: str | int | float | bool | None = None
    members: tuple[tuple[Node, Node], ...] = ()
    items: tuple[Node, ...] = ()

    def get(self, key: str) -> Node | None:
        """The value of `key` (the last one, as `json` has it)."""
        return next((value for name, value in reversed(self.members) if name.value == key), None)

    @property
    def text(self) -> str | None:
        """The string that this is, or None."""
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the text is no JSON, or more than is read, and the offset where."""

    offset: int
    message: str


class _StopError(Exception):
    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(offset, message)


@dataclass(slots=True)
class _Open:
    """A container that is being read; `key` is the member's key that waits for its value."""

    start: int
    members: list[tuple[Node, Node]] | None = None
    items: list[Node] | None = None
    key: Node | None = None


def parse(text: str, keep: Collection[str] | None = None, limit: int = MAX_NODES) -> Node | Fault:
    """The tree of `text`, of at most `limit` values.

    With `keep`, members of objects under other keys are checked and skipped.
    """
    try:
        return _Scanner(text, keep, limit).document()
    except _StopError as stop:
        return stop.fault


def repeated(node: Node) -> list[tuple[Node, Node]]:
    """The keys of one object that stand more than once: the first key node and the last."""
    first: dict[str, Node] = {}
    last: dict[str, Node] = {}
    for key, _ in node.members:
        name = str(key.value)
        if name in first:
            last[name] = key
        first.setdefault(name, key)
    return [(first[name], key) for name, key in last.items()]


class _Scanner:
    def __init__(self, text: str, keep: Collection[str] | None, limit: int) -> None:
        self.text = text
        self.keep = keep
        self.limit = limit
        self.count = 0

    def document(self) -> Node:
        pos = self._space(0)
        stack: list[_Open] = []
        while True:
            node, pos = self._value(pos, stack)
            while node is not None:
                if not stack:
                    if self._space(pos) != len(self.text):
                        raise _StopError(self._space(pos), "something follows the value")
                    return node
                node, pos = self._attach(stack, node, pos)

    def _value(self, pos: int, stack: list[_Open]) -> tuple[Node | None, int]:
        """A whole scalar or empty container; or None after a container was opened on the stack."""
        self.count += 1
        if self.count > self.limit:
            raise _StopError(pos, f"more than {self.limit:,} values")
        char = self.text[pos : pos + 1]
        if char in ("{", "["):
            inside = self._space(pos + 1)
            if self.text[inside : inside + 1] == ("}" if char == "{" else "]"):
                return Node("object" if char == "{" else "array", pos, inside + 1), inside + 1
            if len(stack) >= MAX_DEPTH:
                raise _StopError(pos, f"nested more than {MAX_DEPTH} deep")
            if char == "[":
                stack.append(_Open(pos, items=[]))
                return None, inside
            stack.append(_Open(pos, members=[]))
            return self._key(stack[-1], inside)
        return self._scalar(pos, char)

    def _scalar(self, pos: int, char: str) -> tuple[Node, int]:
        if char == '"':
            return self._string(pos)
        word = _WORD.match(self.text, pos)
        if word is not None:
            return Node("scalar", pos, word.end(), _WORDS[word[0]]), word.end()
        number = _NUMBER.match(self.text, pos)
        if number is None:
            raise _StopError(pos, "a value is expected here" if char else "the text ends too early")
        whole = number[1] is None and number[2] is None and len(number[0]) < 4000
        return Node("scalar", pos, number.end(), int(number[0]) if whole else float(number[0])), number.end()

    def _string(self, pos: int) -> tuple[Node, int]:
        try:
            value, end = _scan_string(self.text, pos + 1, True)
        except ValueError as error:
            raise _StopError(getattr(error, "pos", pos), "a string is broken or not closed") from None
        return Node("scalar", pos, end, value), end

    def _key(self, container: _Open, pos: int) -> tuple[Node | None, int]:
        """Reads `"key":`; a member that is not wanted is skipped and returned as a whole."""
        if self.text[pos : pos + 1] != '"':
            raise _StopError(pos, "a key in double quotes is expected here")
        container.key, end = self._string(pos)
        colon = self._space(end)
        if self.text[colon : colon + 1] != ":":
            raise _StopError(colon, "a colon is expected here")
        pos = self._space(colon + 1)
        if self.keep is None or container.key.value in self.keep:
            return None, pos
        try:
            end = _SKIPPING.raw_decode(self.text, pos)[1]
        except ValueError as error:
            raise _StopError(getattr(error, "pos", pos), getattr(error, "msg", str(error))) from None
        except RecursionError:
            raise _StopError(pos, "nested too deep") from None
        return Node("skipped", pos, end), end

    def _attach(self, stack: list[_Open], node: Node, pos: int) -> tuple[Node | None, int]:
        """Puts `node` into the innermost container; returns that container once it is closed."""
        top = stack[-1]
        if top.members is not None and top.key is not None:
            top.members.append((top.key, node))
        elif top.items is not None:
            top.items.append(node)
        pos = self._space(pos)
        char = self.text[pos : pos + 1]
        if char == ",":
            pos = self._space(pos + 1)
            return (None, pos) if top.members is None else self._key(top, pos)
        if char != ("}" if top.members is not None else "]"):
            raise _StopError(
                pos, "a comma or a closing bracket is expected here" if char else "the text ends too early"
            )
        stack.pop()
        if top.members is not None:
            return Node("object", top.start, pos + 1, members=tuple(top.members)), pos + 1
        return Node("array", top.start, pos + 1, items=tuple(top.items or ())), pos + 1

    def _space(self, pos: int) -> int:
        match = _SPACE.match(self.text, pos)
        return match.end() if match is not None else pos
