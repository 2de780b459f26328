"""Methods of dicts, lists and sets."""

from __future__ import annotations

import ast

from trl_lint.python.atoms import MAX_SIZE, NONE, Abs, Args, DictObj, ListObj, Lit, Ref, Tup, Wild, lit, one
from trl_lint.python.containers import from_pairs, keywords, lookup, merged, put, spread, take
from trl_lint.python.machine import Machine


def dict_method(m: Machine, ref: Ref, content: DictObj, name: str, args: Args, node: ast.expr) -> Abs | None:
    """A method of a dict; None where it is not understood."""
    given = args.positional()
    if name == "update":
        if args.open_positional or len(given) > 1:
            return None
        result = content
        for value in given:
            other = m.content(value)
            pairs = (
                value
                if isinstance(other, (DictObj, Wild)) or len(value.alts) > 1
                else one(m.memory.make(from_pairs(m, value, m.span(node))))
            )
            result = merged(m, result, pairs)
        result = merged(m, result, one(m.memory.make(keywords(m, args))))
        m.memory.write(ref.ident, result)
        return NONE
    if not args.plain:
        return None
    default = given[1] if len(given) > 1 else args.keyword("default")
    if name == "get" and given:
        return lookup(m, content, given[0], default or NONE)
    if name == "pop" and given:
        return take(m, ref, content, given[0], default)
    if name == "setdefault" and given and isinstance(given[0].only, Lit):
        value = lookup(m, content, given[0], default or NONE)
        m.memory.write(ref.ident, put(m, content, given[0], value, m.span(node)))
        return value
    if name == "copy" and not given:
        return one(m.memory.make(content))
    if name == "clear" and not given:
        m.memory.write(ref.ident, DictObj({}))
        return NONE
    return _view(m, content, name) if not given else None


def _view(m: Machine, content: DictObj, name: str) -> Abs | None:
    if name not in ("keys", "values", "items"):
        return None
    if content.open or any(slot.optional for slot in content.slots.values()):
        m.memory.lose([slot.value for slot in content.slots.values()], "it is iterated over")
        return one(Tup((), content.open or "some keys are there on some paths only"))
    if name == "keys":
        return one(Tup(tuple(lit(key) for key in content.slots)))
    if name == "values":
        return one(Tup(tuple(slot.value for slot in content.slots.values())))
    return one(Tup(tuple(one(Tup((lit(key), slot.value))) for key, slot in content.slots.items())))


def list_method(m: Machine, ref: Ref, content: ListObj, name: str, args: Args) -> Abs | None:
    """A method of a list or set; None where it is not understood."""
    given = args.positional()
    if not args.plain:
        return None
    if name in ("append", "add") and len(given) == 1:
        if content.open or len(content.items) >= MAX_SIZE or (name == "add" and not _new(m, content, given[0])):
            m.memory.lose(given, "it is put into a list that is not fully known")
            more = content.open or "it is too large to be followed"
            m.memory.write(ref.ident, ListObj(content.kind, content.items, more))
        else:
            m.memory.write(ref.ident, ListObj(content.kind, (*content.items, given[0])))
        return NONE
    if name in ("extend", "update") and len(given) == 1 and content.kind == "list":
        items, unknown = spread(m, given[0])
        if content.open or len(content.items) + len(items) > MAX_SIZE:
            m.memory.lose(items, "it is put into a list that is not fully known")
            items, unknown = (), content.open or "it is too large to be followed"
        m.memory.write(ref.ident, ListObj(content.kind, (*content.items, *items), unknown))
        return NONE
    if name == "copy" and not given:
        return one(m.memory.make(content))
    if name == "clear" and not given:
        m.memory.write(ref.ident, ListObj(content.kind, ()))
        return NONE
    if name == "pop" and not given and content.kind == "list" and content.items and not content.open:
        m.memory.write(ref.ident, ListObj(content.kind, content.items[:-1]))
        return content.items[-1]
    return None


def _new(_m: Machine, content: ListObj, value: Abs) -> bool:
    """Whether adding `value` to a set is known to make it larger."""
    if not isinstance(value.only, Lit) or not all(isinstance(item.only, Lit) for item in content.items):
        return False
    return not any(isinstance(i.only, Lit) and i.only.value == value.only.value for i in content.items)
