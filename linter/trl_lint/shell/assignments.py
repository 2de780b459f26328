"""`NAME=value`, `NAME+=value` and `NAME=(word ...)`: what the variable holds from then on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trl_lint.shell.content import (
    BREAK,
    MOST_ALTERNATIVES,
    MOST_PIECES,
    Alternative,
    Atoms,
    Content,
    Piece,
    Scope,
    When,
    agree,
    both,
    unknown,
)
from trl_lint.shell.expand import Expander, assigned
from trl_lint.shell.tokens import ArrayAssignment, Part, RawWord, Text

ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+)?=")


def assignment(
    word: RawWord | ArrayAssignment, expander: Expander, scope: Scope, path: When
) -> tuple[str, Content | None]:
    """The variable that a word sets, and to what; None where it sets none."""
    if isinstance(word, ArrayAssignment):
        content = _array(word, expander, scope, path)
        return word.name, _appended(word.name, content, (BREAK,), scope) if word.append else content
    first = word.parts[0] if word.parts else None
    match = ASSIGNMENT.match(first.text) if isinstance(first, Text) and not first.quoted else None
    if match is None or not isinstance(first, Text) or first.end - first.start != len(first.text):
        return "", None
    stop = match.end()
    rest: tuple[Part, ...] = word.parts[1:]
    if first.text[stop:]:
        rest = (Text(first.text[stop:], first.start + stop, first.end, False), *rest)
    found = expander.alternatives(rest, scope, path, False)
    content = Content(assigned(found, expander.path, match[1], word.start, word.end))
    return match[1], _appended(match[1], content, (), scope) if match[2] else content


def extended(states: Sequence[Alternative], found: Sequence[Alternative]) -> list[Alternative]:
    """Each of `states` with each of `found` behind it as a further word, as far as they can go together."""
    return [
        Alternative(both(state.when, more.when), (*state.atoms, *more.atoms, BREAK))
        for state in states
        for more in found
        if agree(*state.when, *more.when)
    ]


def too_much(found: Sequence[Alternative]) -> bool:
    """Whether these are more than is kept of one variable."""
    return len(found) > MOST_ALTERNATIVES or any(len(a.atoms) > MOST_PIECES for a in found)


def _array(word: ArrayAssignment, expander: Expander, scope: Scope, path: When) -> Content:
    states = [Alternative((), ())]
    for raw in word.words:
        states = extended(states, expander.alternatives(raw.parts, scope, path, True))
        if too_much(states):
            return _many(word.name, word.start, word.end)
    return Content(tuple(states))


def _appended(name: str, more: Content, between: Atoms, scope: Scope) -> Content:
    held = scope.get(name)
    before: tuple[Alternative, ...] = (Alternative((), (_unset(name),)),) if held is None else held.alternatives
    found = [
        Alternative(both(one.when, other.when), (*one.atoms, *between, *other.atoms))
        for one in before
        for other in more.alternatives
        if agree(*one.when, *other.when)
    ]
    return Content(tuple(found)) if found and not too_much(found) else _many(name, 0, 0)


def _unset(name: str) -> Piece:
    return unknown(f"`${name}`, which this file does not set", 0, 0, False, f"${name}[@]")


def _many(name: str, start: int, end: int) -> Content:
    return Content((Alternative((), (unknown(f"`${name}` may be many things", start, end, False, f"${name}[@]"),)),))
