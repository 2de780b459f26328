"""The words of a command line: which options they give, and which values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from trl_lint.dataclass import dataclass, field
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.python.atoms import Abs, Lit, lit

ANY = -1  # an option that takes as many values as follow
OPTIONAL = -2  # an option that takes a value if one follows


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text where that is known, and where it stands.

    `many`: it may stand for any number of words. `joined`: the next word belongs to this one (`--lr=0.1` is two).
    `optional`: it is there in some cases only.
    """

    value: Abs
    span: Span
    many: bool = False
    joined: bool = False
    optional: bool = False

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


@dataclass(frozen=True, slots=True)
class Line:
    """The words behind a program's name, why there may be others, the file that they stand in, and the variables that
    are set for the program alone."""

    words: tuple[Word, ...] = ()
    open: str | None = None
    source: Source | None = None
    environment: Mapping[str, Abs] = field(default_factory=dict)


class Time(NamedTuple):
    """One time that an option is written: where, with which values, and whether in some cases only."""

    span: Span
    words: list[Word]
    optional: bool = False


@dataclass(slots=True)
class Given:
    """What a command line gives: for each option (as `key` names it) its values, each time that it is written.

    `open` says why there may be more than that.
    """

    options: dict[str, list[Time]] = field(default_factory=dict)
    positional: list[Word] = field(default_factory=list)
    open: str | None = None
    order: list[str] = field(default_factory=list)  # of the options, as they are written

    def last(self, name: str) -> Time | None:
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
            # It may be an option, or any number of words.
            given.open = given.open or "a word of the command that is not known"
        elif text == "--":
            given.positional.extend(words[position:])
            break
        elif not is_option(text):
            given.positional.append(word)
            if word.optional:
                given.open = given.open or "a word that stands in the command in some cases only"
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
    given.order.append(key)
    if off:
        given.options.setdefault(key, []).append(Time(word.span, [Word(lit(False), word.span)], word.optional))
        return position
    if equals:
        part = Word(lit(value), word.span)
        given.options.setdefault(key, []).append(Time(word.span, [part], word.optional))
        return position
    values: list[Word] = []
    limit = {ANY: len(words), OPTIONAL: 1}.get(count, count)
    limit = min(limit, 1) if word.joined else limit
    while position < len(words) and len(values) < limit:
        text_of = words[position].text
        if words[position].many or (text_of is not None and is_option(text_of) and not word.joined):
            break
        values.append(words[position])
        position += 1
    span = word.span
    if values and values[-1].span.path == span.path:
        span = Span(span.path, span.start, max(span.end, values[-1].span.end))
    given.options.setdefault(key, []).append(Time(span, values, word.optional or any(v.optional for v in values)))
    return position
