"""Makefiles: their variables, and the lines of their recipes, each of which is a script by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trl_lint.shell.assignments import assignment
from trl_lint.shell.content import Alternative, Choice, Content, unknown
from trl_lint.shell.interpret import Interpreter
from trl_lint.shell.lexer import tokens
from trl_lint.shell.tokens import ArrayAssignment, Dialect, RawWord

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DEFINITION = re.compile(
    r"(?P<how>(?:(?:export|override|private)[ \t]+)*)(?P<name>[\w.-]+)[ \t]*(?P<operator>[:?+!]?=|::?:=)[ \t]*"
)
_CONDITION = re.compile(r"[ \t]*(?:(?P<open>ifn?eq|ifn?def)|(?P<close>endif)|else)\b")
_PREFIX = re.compile(r"\t[ \t]*[@+-]*[ \t]*")


def read_makefile(interpreter: Interpreter) -> None:
    """Run the recipes of a Makefile, with the variables as they stand at its end."""
    lines = list(_logical_lines(interpreter.text))
    # A variable may name one that is defined further down: the second reading sees what the first has found.
    for _ in range(2):
        interpreter.scope = interpreter.scope.inner()
        _define(interpreter, lines)
    in_rule = False
    for start, end in lines:
        if interpreter.text.startswith("\t", start):
            prefix = _PREFIX.match(interpreter.text, start, end)
            if in_rule and prefix is not None:
                interpreter.alone(prefix.end(), end, Dialect.MAKE)
        elif interpreter.text[start:end].strip():
            in_rule = _CONDITION.match(interpreter.text, start, end) is not None and in_rule
            in_rule |= ":" in interpreter.text[start:end] and _DEFINITION.match(interpreter.text, start, end) is None


def _logical_lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines with those that a backslash continues."""
    position = 0
    while position < len(text):
        start = position
        while True:
            match = _LINE.match(text, position)
            position = match.end() if match is not None else len(text)
            if position >= len(text) or not text[start:position].rstrip("\r\n").endswith("\\"):
                break
        yield start, position


def _define(interpreter: Interpreter, lines: list[tuple[int, int]]) -> None:
    depth = 0
    for start, end in lines:
        if interpreter.text.startswith("\t", start):
            continue
        condition = _CONDITION.match(interpreter.text, start, end)
        if condition is not None:
            depth = max(0, depth + (1 if condition["open"] else -1 if condition["close"] else 0))
            continue
        match = _DEFINITION.match(interpreter.text, start, end)
        if match is not None:
            _set(interpreter, match, end, depth > 0)


def _set(interpreter: Interpreter, match: re.Match[str], end: int, sometimes: bool) -> None:
    name, operator = f"({match['name']})", match["operator"]
    found = tokens(interpreter.text, match.end(), end, Dialect.MAKE)
    words = tuple(token for token in found if isinstance(token, RawWord))
    array = ArrayAssignment(name, False, words, match.start("name"), words[-1].end if words else match.end())
    _, content = assignment(array, interpreter.expander, interpreter.scope, ())
    scope = interpreter.scope
    if content is None or operator == "!=":
        content = _unsure(name, "what a command gives")
    elif operator == "+=":
        content = _behind(scope.own.get(name, (0, None))[1], content)
    elif operator == "?=" or sometimes:
        content = _perhaps(name, content, match.start("name"))
    scope.set(name, content)
    if "export" in match["how"]:
        scope.set(match["name"], content)
        interpreter.exported[match["name"]] = content


def _behind(before: Content | None, more: Content) -> Content:
    if before is None or len(before.alternatives) != 1 or len(more.alternatives) != 1:
        return more if before is None else _unsure("it", "one of several lists")
    return Content((Alternative((), (*before.alternatives[0].atoms, *more.alternatives[0].atoms)),))


def _perhaps(name: str, content: Content, start: int) -> Content:
    other = unknown(f"`$({name.strip('()')})`, which may be set elsewhere", start, start, False, f"${name}")
    known = tuple(Alternative((*a.when, Choice(start, 0, True)), a.atoms) for a in content.alternatives)
    return Content((*known, Alternative((Choice(start, 1, True),), (other,))))


def _unsure(name: str, reason: str) -> Content:
    return Content((Alternative((), (unknown(reason, 0, 0, False, f"${name}"),)),))
