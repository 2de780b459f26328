"""Where the words of a command line come from: a list in the code, or the command that is joined to the script."""

from __future__ import annotations

from trl_lint.python.atoms import Args, Lit
from trl_lint.python.commands.words import Word
from trl_lint.python.containers import items_of
from trl_lint.python.machine import Machine


def words_of(m: Machine, args: Args) -> tuple[tuple[Word, ...], str | None] | None:
    """The words that a parser reads when it is called with `args`, and why there may be more; None: not known."""
    given = args.positional()
    value = given[0] if given else args.keyword("args")
    if not args.plain:
        return None
    if value is None or (isinstance(value.only, Lit) and value.only.value is None):
        return m.command
    if value.only is None:
        return None
    items, unknown = items_of(m, value.only)
    if unknown is not None and not items:
        return None
    place = next((item.value_span for item in args.items if item.value is value), args.items[0].value_span)
    return tuple(Word(item, place) for item in items), unknown
