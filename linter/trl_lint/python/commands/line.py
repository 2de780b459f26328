"""Where the words of a command line come from: a list in the code, or the command that is joined to the script."""

from __future__ import annotations

from trl_lint.python.atoms import Abs, Args, ListObj, Lit, one, top
from trl_lint.python.commands.words import Line, Word
from trl_lint.python.containers import items_of
from trl_lint.python.machine import Machine


def argv(m: Machine) -> Abs | None:
    """`sys.argv`: the script's name and the words behind it; None where no command line is known."""
    line = m.line()
    if line is None:
        return None
    unclear = next((word for word in line.words if word.many or word.optional), None)
    known = line.words if unclear is None else line.words[: line.words.index(unclear)]
    open_ = line.open or ("words that are not known" if unclear is not None else None)
    return one(m.memory.make(ListObj("list", (top("the script's path"), *(word.value for word in known)), open_)))


def words_of(m: Machine, args: Args) -> Line | None:
    """The words that a parser reads when it is called with `args`; None: not known."""
    given = args.positional()
    value = given[0] if given else args.keyword("args")
    if not args.plain:
        return None
    if value is None or (isinstance(value.only, Lit) and value.only.value is None):
        return m.line()
    if value.only is None:
        return None
    items, unknown = items_of(m, value.only)
    if unknown is not None and not items:
        return None
    place = next((item.value_span for item in args.items if item.value is value), args.items[0].value_span)
    return Line(tuple(Word(item, place) for item in items), unknown)
