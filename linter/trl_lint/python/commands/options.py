"""One option of a command line: its default, how its words become a value, and the value that comes out."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Step, Symbol
from trl_lint.python.atoms import (
    NONE,
    UNBOUND,
    Abs,
    Args,
    ArgVal,
    Closure,
    ListObj,
    Lit,
    lit,
    one,
    reason_of,
    stepped,
    top,
)
from trl_lint.python.commands.words import ANY, OPTIONAL, Given, Time, Word
from trl_lint.python.containers import items_of
from trl_lint.python.machine import Machine

FLAGS = {"store_true": (True, False), "store_false": (False, True)}
BOOLEAN = "boolean"
_RUNS_TEXT = ("builtins.eval", "builtins.exec")


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """An option or a positional argument. `default` None: it has to be given; `takes` as in `words.read`.

    `action`: `store`, `append`, `const` (its value is `const`), `boolean` (`--x` and `--no-x`), `count`.
    """

    names: tuple[str, ...]
    dest: str
    span: Span
    default: Abs | None
    takes: int = 1
    action: str = "store"
    const: Abs | None = None
    convert: Abs | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False  # it is there on some paths only
    what: str = "the default of"
    key: str = ""  # under which its words are kept, where that is not `dest`
    suppressed: bool = False  # without it the attribute is missing
    unsure: bool = False  # other code may have given it another default
    listed: bool = False  # its values are a list, however many there are

    @property
    def label(self) -> str:
        """The option as messages name it."""
        return next((name for name in self.names if name.startswith("--")), self.names[0] if self.names else self.dest)

    @property
    def at(self) -> str:
        """Under which its words are kept."""
        return self.key or self.dest

    @property
    def positional(self) -> bool:
        """Whether it is given by its place."""
        return not self.names or not self.names[0].startswith("-")


def value_of(m: Machine, option: Option, given: Given | None, node: ast.expr) -> Abs:
    """What the program gets for this option; unbound on the paths on which the attribute is missing. `given` None:
    nothing is known of the command line."""
    unknown = top(_unknown_label(option))
    found = given.last(option.at) if given is not None else None
    missing: list[tuple[Abs, tuple[Arm, ...]]] = [(UNBOUND, ())] if option.optional else []
    if found is not None and given is not None:
        value = _from_words(m, option, found.words, given.options[option.at], node, given.open is None)
        if not found.optional and not option.optional:
            if given.open is not None:  # what else stands there may give it once more
                value = Abs(m.either([(Abs(value.alts), ()), (unknown, ())]).alts, value.trail)
            return stepped(value, Step(found.span, f"given as `{option.label}`"))
        other = _without(m, option, node) or unknown
        value = m.either([(Abs(value.alts), ()), (Abs(other.alts), ()), *missing])
        return stepped(value, Step(found.span, f"given as `{option.label}` in some cases"))
    default = _without(m, option, node)
    if default is None:
        value = m.either([(unknown, ()), *missing])
        return Abs(value.alts, (Step(option.span, f"defines `{option.label}`"),))
    certain = not option.unsure and (option.action == "set" or (given is not None and given.open is None))
    more: list[tuple[Abs, tuple[Arm, ...]]] = [] if certain else [(unknown, ())]
    value = m.either([(default, ()), *more, *missing]) if more or missing else default
    return stepped(value, Step(option.span, f"{option.what} `{option.label}`"))


def _without(m: Machine, option: Option, node: ast.expr) -> Abs | None:
    """The value where no word gives the option; None: it has to be given."""
    if option.suppressed:
        return UNBOUND
    return converted(m, option, option.default, node) if option.default is not None else None


def _unknown_label(option: Option) -> str:
    kind = "the command-line argument"
    label = f"{kind} `{option.label}`"
    if option.choices:
        shown = ", ".join(option.choices[:6]) + (", ..." if len(option.choices) > 6 else "")
        label += f" (one of {shown})"
    return label


def converted(m: Machine, option: Option, default: Abs, node: ast.expr) -> Abs:
    """A default as the program gets it: argparse converts those that are strings."""
    texts = all(isinstance(alt.atom, Lit) and isinstance(alt.atom.value, str) for alt in default.alts)
    if option.convert is None or not texts:
        return default
    return convert(m, option.convert, default, node)


def convert(m: Machine, how: Abs, text: Abs, node: ast.expr) -> Abs:
    """A word of the command line through `type=`."""
    atom = how.only
    if isinstance(atom, Symbol) and atom.name in _RUNS_TEXT:
        return top("a word of the command line that is run as code")
    if isinstance(atom, (Symbol, Closure)):
        span = m.span(node)
        return m.call(how, Args((ArgVal(None, text, span, span, "positional"),)), node)
    return top("the result of a conversion that is not known")


def _from_words(
    m: Machine, option: Option, words: Sequence[Word], times: Sequence[Time], node: ast.expr, closed: bool = True
) -> Abs:
    if option.action == "const" or (option.action == "optional" and not words):
        return option.const or lit(None)
    if option.action == BOOLEAN:
        return words[0].value if words else lit(True)
    if option.action == "count":
        return lit(len(times))
    values = [_word(m, option, word, node) for word in words]
    if option.action in ("append", "extend"):
        return _appended(m, option, times, node)
    if option.takes == OPTIONAL:
        return values[0] if values else (option.const or lit(None))
    if option.takes == ANY or option.listed:
        return one(m.memory.make(ListObj("list", tuple(values))))
    if values:
        return values[0]
    return top(
        f"`{option.label}` is given without a value" if closed else f"what follows `{option.label}` is not known"
    )


def _appended(m: Machine, option: Option, times: Sequence[Time], node: ast.expr) -> Abs:
    """Each time that the option is written adds to a copy of the default: its value, or those of its list."""
    held: tuple[Abs, ...] = ()
    unknown: str | None = None
    if option.default is not None and option.default != NONE:
        atom = option.default.only
        held, unknown = items_of(m, atom) if atom is not None else ((), "a default that is not known")
    every: list[Abs] = []
    for time in times:
        values = tuple(_word(m, option, word, node) for word in time.words)
        listed = option.action == "append" and (option.takes == ANY or option.listed)
        every += (one(m.memory.make(ListObj("list", values))),) if listed else values
    if unknown is not None:
        return one(m.memory.make(ListObj("list", (), unknown)))
    return one(m.memory.make(ListObj("list", (*held, *every))))


def _word(m: Machine, option: Option, word: Word, node: ast.expr) -> Abs:
    if option.convert is None:
        return word.value
    if word.text is not None:
        return convert(m, option.convert, word.value, node)
    if not all(isinstance(alt.atom, Lit) for alt in word.value.alts):
        return top(reason_of(word.value, f"the value of `{option.label}`"))
    # One of several words: each is converted by itself, in the runs in which it is given.
    how = option.convert
    return m.either([(convert(m, how, Abs((replace(alt, when=()),)), node), alt.when) for alt in word.value.alts])
