"""From values of the model (of a config file that was read) to those that the interpreter computes with."""

from __future__ import annotations

from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Items, Known, OneOf, Step, Symbol, Table, Value
from trl_lint.python.atoms import Abs, Alt, Atom, DictObj, ListObj, Lit, Slot, Top, Tup, stepped, top
from trl_lint.python.machine import Machine

MAX_DEPTH = 40


def thaw(m: Machine, value: Value, depth: int = 0, placed: bool = True) -> Abs:
    """`value` as fresh objects. `placed`: its spans are lines that people can look at."""
    if depth > MAX_DEPTH:
        return top("it is nested too deeply")
    if isinstance(value, OneOf):
        results: list[tuple[Abs, tuple[Arm, ...]]] = [
            (thaw(m, o.value, depth + 1, placed), o.when) for o in value.options
        ]
        return Abs(m.either(results).alts, value.trail)
    return Abs((Alt(_atom(m, value, depth, placed)),), value.trail)


def _atom(m: Machine, value: Value, depth: int, placed: bool) -> Atom:
    if not isinstance(value, Known):
        return Top(getattr(value, "reason", "it is one of several"))
    inner = value.value
    if isinstance(inner, Items):
        items = tuple(thaw(m, item, depth + 1, placed) for item in inner.items)
        if inner.kind == "tuple":
            return Tup(items, inner.open)
        return m.memory.make(ListObj(inner.kind, items, inner.open))
    if isinstance(inner, Table):
        return m.memory.make(table(m, inner, depth, placed))
    if isinstance(inner, Symbol):
        return inner if not inner.local else Top(f"`{inner.name}`")
    if inner is None or isinstance(inner, (bool, int, float, complex, str, bytes)):
        return Lit(inner)
    return Top("an object")


def table(m: Machine, found: Table, depth: int = 0, placed: bool = True) -> DictObj:
    """A mapping; each of its values knows its own line."""
    slots = {}
    for entry in found.entries:
        value = thaw(m, entry.value, depth + 1, placed)
        if placed and (not isinstance(entry.value, Known) or not isinstance(entry.value.value, Table)):
            value = stepped(value, Step(entry.span, f"`{entry.key!s}` of {file_name(entry.span)}"))
        span = entry.span if placed else m.memory.nowhere
        slots[entry.key] = Slot(value, span, entry.optional, (), span, "read")
    return DictObj(slots, found.open)


def file_name(span: Span) -> str:
    """The last part of the path of a file."""
    return span.path.replace("\\", "/").rpartition("/")[2]
