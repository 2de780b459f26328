"""Lists, sets, tuples and dicts: displays, subscripts, and their methods."""

from __future__ import annotations

from collections.abc import Iterable

from trl_lint.dataclass import replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Scalar
from trl_lint.python import scalars
from trl_lint.python.atoms import (
    MAX_SIZE,
    UNBOUND,
    Abs,
    Args,
    Atom,
    Attributes,
    Content,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    ObjObj,
    PathLit,
    Ref,
    Slot,
    Tup,
    Unbound,
    Wild,
    lit,
    one,
    reason_of,
    top,
)
from trl_lint.python.joins import join_contents
from trl_lint.python.machine import Machine


def as_dict(m: Machine, atom: Atom | None) -> DictObj | None:
    """The dict that `atom` is: one of the heap, or the attributes of an object."""
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        return content if isinstance(content, DictObj) else None
    held = m.memory.content(Ref(atom.ident)) if isinstance(atom, Attributes) else None
    if not isinstance(held, ObjObj):
        return None
    if held.wild:
        return DictObj({}, "other code may set its attributes")
    slots: dict[Scalar, Slot] = {}
    for name, value in held.attrs.items():
        alts = tuple(alt for alt in value.alts if not isinstance(alt.atom, Unbound))
        if alts:
            place = value.trail[0].span if value.trail else m.memory.nowhere
            optional = len(alts) < len(value.alts)
            slots[name] = Slot(Abs(alts, value.trail), place, optional, (), place, "read")
    return DictObj(slots)


def items_of(m: Machine, atom: Atom) -> tuple[tuple[Abs, ...], str | None]:
    """What iterating over `atom` gives: known items first, and why there may be others."""
    if isinstance(atom, Tup):
        return atom.items, atom.open
    if isinstance(atom, Lit) and isinstance(atom.value, str) and len(atom.value) <= 200:
        return tuple(lit(char) for char in atom.value), None
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, ListObj):
            if content.kind == "set" and len(content.items) > 1:
                return (), "the order of a set"
            return content.items, content.open
        if isinstance(content, DictObj):
            if content.open or any(slot.optional for slot in content.slots.values()):
                return (), content.open or "some keys are there on some paths only"
            return tuple(lit(key) for key in content.slots), None
        if isinstance(content, Wild):
            return (), content.reason
    if isinstance(atom, Attributes):
        view = as_dict(m, atom)
        if view is not None and not view.open and not any(slot.optional for slot in view.slots.values()):
            return tuple(lit(key) for key in view.slots), None
    return (), reason_of(one(atom), "what it holds is not known")


def inner(m: Machine, atom: Atom) -> list[Abs]:
    """Everything that a container holds directly."""
    if isinstance(atom, Tup):
        return list(atom.items)
    content: Content | None = as_dict(m, atom) if isinstance(atom, Attributes) else None
    content = m.memory.content(atom) if isinstance(atom, Ref) else content
    if isinstance(content, ListObj):
        return list(content.items)
    if isinstance(content, DictObj):
        return [slot.value for slot in content.slots.values()]
    return []


def spread(m: Machine, value: Abs) -> tuple[tuple[Abs, ...], str | None]:
    """The items of `*value`; of a value with several alternatives nothing is said."""
    if value.only is not None:
        items, unknown = items_of(m, value.only)
        if unknown is not None:
            m.memory.lose(inner(m, value.only), "it is iterated over")
        return items, unknown
    for alt in value.alts:
        m.memory.lose(inner(m, alt.atom), "it is iterated over")
    return (), reason_of(value, "it has several possible values")


# -- dicts ------------------------------------------------------------------------------------------------------


def put(m: Machine, content: DictObj, key: Abs, value: Abs, span: Span, value_span: Span | None = None) -> DictObj:
    """`content[key] = value`."""
    atom = key.only
    if not isinstance(atom, Lit):
        reason = reason_of(key, "a key that is not known")
        slots = {k: replace(s, value=m.either([(s.value, ()), (value, ())])) for k, s in content.slots.items()}
        m.memory.lose([value], "it is stored under a key that is not known")
        return DictObj(slots, content.open or reason)
    if len(content.slots) >= MAX_SIZE and atom.value not in content.slots:
        m.memory.lose([value], "the dict is too large to be followed")
        return DictObj(content.slots, content.open or "it is too large to be followed")
    guards = tuple(guard for guard in m.guards if guard.kind != "try")
    return DictObj({**content.slots, atom.value: Slot(value, span, False, guards, value_span)}, content.open)


def merged(m: Machine, base: DictObj, other: Abs) -> DictObj:
    """`base` updated by `other`: a dict, or nothing known."""
    results: list[tuple[Content, tuple[Arm, ...]]] = []
    for alt in other.alts:
        content = m.memory.content(alt.atom) if isinstance(alt.atom, Ref) else as_dict(m, alt.atom)
        if not isinstance(content, DictObj):
            reason = content.reason if isinstance(content, Wild) else reason_of(one(alt.atom), "it is no known dict")
            content = DictObj({}, reason)
        results.append((_merged(m, base, content), alt.when))
    if len(results) == 1:
        joined = results[0][0]
    else:
        lost: list[Abs] = []
        joined = join_contents(results, lost)
        m.memory.lose(lost, "it has many possible values")
    return joined if isinstance(joined, DictObj) else DictObj({}, "it has many possible values")


def _merged(m: Machine, base: DictObj, other: DictObj) -> DictObj:
    slots: dict[Scalar, Slot] = dict(base.slots)
    if other.open:
        unknown = top(other.open)
        m.memory.lose([slot.value for key, slot in slots.items() if key not in other.slots], other.open)
        slots = {
            key: slot if key in other.slots else replace(slot, value=m.either([(slot.value, ()), (unknown, ())]))
            for key, slot in slots.items()
        }
    for key, slot in other.slots.items():
        old = slots.get(key)
        if not slot.optional:
            slots[key] = slot
        elif old is not None:
            slots[key] = replace(slot, value=m.either([(old.value, ()), (slot.value, ())]), optional=old.optional)
        else:
            slots[key] = replace(slot, optional=True)
    if len(slots) > MAX_SIZE * 8:
        m.memory.lose([slot.value for slot in slots.values()], "the dict is too large to be followed")
        return DictObj({}, "it is too large to be followed")
    return DictObj(slots, base.open or other.open)


def from_pairs(m: Machine, value: Abs, span: Span) -> DictObj:
    """`dict(value)`: of another dict, or of pairs."""
    if as_dict(m, value.only) is not None:
        return merged(m, DictObj({}), value)
    items, unknown = spread(m, value)
    result = DictObj({}, unknown)
    for item in items:
        pair, more = spread(m, item)
        if more or len(pair) != 2:
            m.memory.lose(pair, "it is put into a dict")
            return DictObj({}, more or "its items are no pairs")
        result = put(m, result, pair[0], pair[1], span)
    return result


# -- subscripts -------------------------------------------------------------------------------------------------


def item(m: Machine, atom: Atom, index: Abs) -> Abs | None:
    """`atom[index]` of a container or string; None where `atom` is neither."""
    content = m.memory.content(atom) if isinstance(atom, Ref) else as_dict(m, atom)
    if isinstance(content, Wild):
        return top(content.reason)
    if isinstance(content, DictObj):
        return m.product([index], lambda atoms: _dict_item(m, content, atoms[0]))
    if isinstance(atom, Tup) or isinstance(content, ListObj):
        items = atom.items if isinstance(atom, Tup) else content.items if isinstance(content, ListObj) else ()
        unknown = atom.open if isinstance(atom, Tup) else content.open if isinstance(content, ListObj) else None
        return m.product([index], lambda atoms: _list_item(m, items, unknown, atoms[0]))
    if isinstance(atom, Lit) and isinstance(atom.value, (str, bytes)):
        text = atom.value
        return m.product([index], lambda atoms: _char(text, atoms[0]))
    return None


def _any_of(m: Machine, values: Iterable[Abs], unknown: str | None) -> Abs:
    found: list[tuple[Abs, tuple[Arm, ...]]] = [(value, ()) for value in values]
    if unknown or not found:
        found.append((top(unknown or "there is no such item"), ()))
    return m.either(found)


def _dict_item(m: Machine, content: DictObj, key: Atom) -> Abs:
    if not isinstance(key, Lit):
        return _any_of(m, (slot.value for slot in content.slots.values()), content.open or reason_of(one(key), "a key"))
    slot = content.slots.get(key.value)
    if slot is not None:
        if slot.optional and content.open:
            return m.either([(slot.value, ()), (top(content.open), ())])
        return slot.value
    return top(content.open or f"there is no key {key.value!r}")


def _list_item(m: Machine, items: tuple[Abs, ...], unknown: str | None, key: Atom) -> Abs:
    index = key.value if isinstance(key, Lit) else None
    if isinstance(index, int):
        if 0 <= index < len(items) or (unknown is None and -len(items) <= index < 0):
            return items[index]
        if unknown is None:
            return top("there is no such item")
    return _any_of(m, items, unknown)


def _char(text: str | bytes, key: Atom) -> Abs:
    if isinstance(key, Lit) and isinstance(key.value, int) and -len(text) <= key.value < len(text):
        return lit(text[key.value])
    return top("a part of a string")


def sliced(m: Machine, atom: Atom, bounds: list[Abs]) -> Abs | None:
    """`atom[a:b:c]` of a list, tuple or string; None for anything else."""
    content = m.memory.content(atom) if isinstance(atom, Ref) else None
    try:
        cut = slice(*(_bound(bound) for bound in bounds))
        if isinstance(atom, Lit) and isinstance(atom.value, (str, bytes)):
            return lit(atom.value[cut])
        if isinstance(atom, Tup) and not atom.open:
            return one(Tup(atom.items[cut]))
        if isinstance(content, ListObj) and not content.open:
            return one(m.memory.make(ListObj(content.kind, content.items[cut])))
    except (scalars.UnclearError, TypeError, ValueError):
        pass
    if isinstance(atom, (Tup, Lit)) or isinstance(content, (ListObj, Wild)):
        m.memory.lose(inner(m, atom), "a part of it is taken")
        return top("a slice")
    return None


def _bound(value: Abs) -> int | None:
    if isinstance(value.only, Lit) and isinstance(value.only.value, (int, type(None))):
        return value.only.value
    raise scalars.UnclearError


def store(m: Machine, ref: Ref, index: Abs, value: Abs, span: Span, value_span: Span | None = None) -> bool:
    """`ref[index] = value` of a container; False where `ref` is none."""
    content = m.memory.content(ref)
    if isinstance(content, InstObj):
        return False
    if isinstance(content, DictObj):
        m.memory.write(ref.ident, put(m, content, index, value, span, value_span))
        return True
    if isinstance(content, ListObj):
        key = index.only.value if isinstance(index.only, Lit) else None
        if isinstance(key, int) and not content.open and -len(content.items) <= key < len(content.items):
            items = list(content.items)
            items[key] = value
            m.memory.write(ref.ident, ListObj(content.kind, tuple(items)))
            return True
    m.memory.lose([one(ref), value], "an item that is not known is replaced")
    return True


def delete(m: Machine, ref: Ref, index: Abs) -> None:
    """`del ref[index]`."""
    content = m.memory.content(ref)
    if isinstance(content, DictObj):
        take(m, ref, content, index, None)
    elif not isinstance(content, InstObj):
        m.memory.lose([one(ref)], "items are deleted")


def take(m: Machine, ref: Ref, content: DictObj, key: Abs, default: Abs | None) -> Abs:
    """`ref.pop(key, default)`."""
    atom = key.only
    if not isinstance(atom, Lit):
        found = _any_of(m, (slot.value for slot in content.slots.values()), "an item that is not known")
        slots = {k: replace(s, optional=True) for k, s in content.slots.items()}
        m.memory.write(ref.ident, DictObj(slots, content.open))
        return found if default is None else m.either([(found, ()), (default, ())])
    slot = content.slots.get(atom.value)
    result = lookup(m, content, key, default if default is not None else UNBOUND)
    if slot is not None:
        rest = {k: s for k, s in content.slots.items() if k != atom.value}
        m.memory.write(ref.ident, DictObj(rest, content.open))
    found_alts = tuple(alt for alt in result.alts if not isinstance(alt.atom, Unbound))
    return Abs(found_alts, result.trail) if found_alts else top("there is no such key")


def lookup(m: Machine, content: DictObj, key: Abs, default: Abs) -> Abs:
    """`content.get(key, default)`."""

    def run(atoms: list[Atom]) -> Abs:
        atom = atoms[0]
        if not isinstance(atom, Lit):
            values = (slot.value for slot in content.slots.values())
            return m.either([(_any_of(m, values, "an item that is not known"), ()), (default, ())])
        slot = content.slots.get(atom.value)
        if slot is not None and not slot.optional:
            return slot.value
        possible: list[tuple[Abs, tuple[Arm, ...]]] = [(default, ())]
        if slot is not None:
            possible.insert(0, (slot.value, ()))
        if content.open:
            possible.append((top(content.open), ()))
        return m.either(possible)

    return m.product([key], run)


def path_text(atom: Atom) -> str | None:
    """The text of a string or path."""
    if isinstance(atom, PathLit):
        return atom.text
    return atom.value if isinstance(atom, Lit) and isinstance(atom.value, str) else None


def keywords(_m: Machine, args: Args) -> DictObj:
    """The keyword arguments of a call as a dict."""
    slots: dict[Scalar, Slot] = {}
    for given in args.items:
        if given.name is not None:
            slots[given.name] = Slot(given.value, given.span, given.optional, args.guards, given.value_span)
    return DictObj(slots, args.open)
