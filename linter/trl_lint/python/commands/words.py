"""The words of a command line: which options they give, and which values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from trl_lint.dataclass import dataclass, field
from trl_lint.model.span import Span
from trl_lint.python.atoms import Abs, Lit, lit

ANY = -1  # an option that takes as many values as follow
OPTIONAL = -2  # an option that takes a value if one follows


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text where that is known, and where it stands."""

    value: Abs
    span: Span

    @property
    def text(self) -> str | None:
        """The text, where it is known."""
        atom = self.value.only
        return atom.value if isinstance(atom, Lit) and isinstance(atom.value, str) else None


class Takes(NamedTuple):
    """What a written option means: the key under which it is kept, how many values it takes, and whether it is the
    negative form of one (`--no-packing`)."""

    key: str
    values: int
    off: bool = False


@dataclass(slots=True)
class Given:
    """What a command line gives: for each option (as `key` names it) its values, each time that it is written.

    `open` says why there may be more than that.
    """

    options: dict[str, list[tuple[Span, list[Word]]]] = field(default_factory=dict)
    positional: list[Word] = field(default_factory=list)
    open: str | None = None

    def last(self, name: str) -> tuple[Span, list[Word]] | None:
        """The values that count: those that come last."""
        found = self.options.get(name)
        return found[-1] if found else None


def read(words: Sequence[Word], takes: Callable[[str], Takes | None], open_: str | None = None) -> Given:
    """`words` as options and positional arguments. `takes` says what an option means as it is written (`--lr`), None
    for one that is not known."""
    given = Given(open=open_)
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        text = word.text
        if text is None:
            # It may stand for any number of words, or for none.
            given.open = given.open or "a word of the command that is not known"
        elif text == "--":
            given.positional.extend(words[position:])
            break
        elif not is_option(text):
            given.positional.append(word)
        else:
            position = _option(words, position, word, text, takes, given)
    return given


def is_option(text: str) -> bool:
    """Whether a word is an option, not a value (`-1` and `-1e-5` are values)."""
    if not text.startswith("-") or len(text) < 2:
        return False
    try:
        float(text)
    except ValueError:
        return " " not in text
    return False


def _option(
    words: Sequence[Word],
    position: int,
    word: Word,
    text: str,
    takes: Callable[[str], Takes | None],
    given: Given,
) -> int:
    name, equals, value = text.partition("=")
    known = takes(name)
    if known is None:
        given.open = given.open or f"`{name}` is no option of this parser"
        return position
    key, count, off = known
    if off:
        given.options.setdefault(key, []).append((word.span, [Word(lit(False), word.span)]))
        return position
    if equals:
        part = Word(lit(value), word.span)
        given.options.setdefault(key, []).append((word.span, [part]))
        return position
    values: list[Word] = []
    limit = {ANY: len(words), OPTIONAL: 1}.get(count, count)
    while position < len(words) and len(values) < limit:
        text_of = words[position].text
        if text_of is not None and is_option(text_of):
            break
        values.append(words[position])
        position += 1
    span = word.span
    if values and values[-1].span.path == span.path:
        span = Span(span.path, span.start, max(span.end, values[-1].span.end))
    given.options.setdefault(key, []).append((span, values))
    return position
