"""Joining what two or more paths say: of values, and of the contents of one heap object."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trl_lint.dataclass import replace
from trl_lint.model.value import Arm, Mutation, OneOf, Option, Scalar
from trl_lint.python.atoms import (
    MAX_ALTERNATIVES,
    MAX_ARMS,
    UNBOUND,
    Abs,
    Alt,
    Atom,
    Content,
    DictObj,
    InstObj,
    ListObj,
    ObjObj,
    Slot,
    Top,
    Tup,
    Wild,
)

Arms = tuple[Arm, ...]


def both(first: Arms, second: Arms) -> Arms | None:
    """The arms under which both hold; None where they exclude each other."""
    if not second or first == second:
        return first
    if not first:
        return second
    taken = {arm.branch: arm.index for arm in first}
    if any(taken.get(arm.branch, arm.index) != arm.index for arm in second):
        return None
    merged = (*first, *(arm for arm in second if arm.branch not in taken))
    return merged[:MAX_ARMS]


def gather(alts: Iterable[Alt], lost: list[Abs]) -> tuple[Alt, ...]:
    """`alts` without repetitions; too many of them become an unknown, and what they refer to goes to `lost`."""
    found: dict[Atom, Alt] = {}
    others: list[Alt] = []
    for alt in alts:
        try:
            seen = found.setdefault(alt.atom, alt)
        except TypeError:  # a mapping inside a partial call
            others.append(alt)
            continue
        if seen is not alt and seen.when != alt.when:
            found[alt.atom] = Alt(seen.atom, tuple(arm for arm in seen.when if arm in alt.when))
    result = (*found.values(), *others)
    if len(result) == 1:
        return (Alt(result[0].atom),) if result[0].when else result
    if len(result) > MAX_ALTERNATIVES:
        lost.append(Abs(result))
        return (Alt(Top("more than 16 possibilities")),)
    return result


def join(values: Sequence[tuple[Abs, Arms]], lost: list[Abs]) -> Abs:
    """One of `values`, each under its arms."""
    first = values[0][0]
    for value, _ in values:
        if value is not first and value.alts != first.alts:
            break
    else:
        return first
    alts: list[Alt] = []
    for value, arms in values:
        if not arms:
            alts.extend(value.alts)
            continue
        for alt in value.alts:
            when = both(arms, alt.when)
            if when is not None:
                alts.append(Alt(alt.atom, when))
    trail = next((value.trail for value, _ in values if value.trail), ())
    return Abs(gather(alts, lost) or (Alt(Top("no path")),), trail)


def join_contents(values: Sequence[tuple[Content, Arms]], lost: list[Abs]) -> Content:
    """What one heap object holds after several paths."""
    result, arms = values[0]
    for content, other in values[1:]:
        if content is not result:
            result = _pair(result, arms, content, other, lost)
        arms = ()
    return result


def _pair(a: Content, a_arms: Arms, b: Content, b_arms: Arms, lost: list[Abs]) -> Content:
    if isinstance(a, Wild):
        drop(b, lost)
        return a
    if isinstance(b, Wild):
        drop(a, lost)
        return b
    if isinstance(a, DictObj) and isinstance(b, DictObj):
        return _dicts(a, a_arms, b, b_arms, lost)
    if isinstance(a, ListObj) and isinstance(b, ListObj):
        return _lists(a, a_arms, b, b_arms, lost)
    if isinstance(a, ObjObj) and isinstance(b, ObjObj):
        names = dict.fromkeys((*a.attrs, *b.attrs))
        attrs = {
            name: join(((a.attrs.get(name, UNBOUND), a_arms), (b.attrs.get(name, UNBOUND), b_arms)), lost)
            for name in names
        }
        return ObjObj(a.cls, attrs, a.wild or b.wild, a.parsed or b.parsed)
    if isinstance(a, InstObj) and isinstance(b, InstObj):
        return _instances(a, a_arms, b, b_arms, lost)
    drop(a, lost)
    drop(b, lost)
    return Wild("object", "it differs between branches")


def _dicts(a: DictObj, a_arms: Arms, b: DictObj, b_arms: Arms, lost: list[Abs]) -> DictObj:
    if a.slots is b.slots:
        return a if a.open else b
    slots: dict[Scalar, Slot] = {}
    for key in dict.fromkeys((*a.slots, *b.slots)):
        left, right = a.slots.get(key), b.slots.get(key)
        if left is right and left is not None:
            slots[key] = left
        elif left is not None and right is not None:
            value = join(((left.value, a_arms), (right.value, b_arms)), lost)
            optional = left.optional or right.optional
            guards = (*left.guards, *(guard for guard in right.guards if guard not in left.guards))
            slots[key] = replace(left, value=value, optional=optional, guards=guards)
        else:
            only, arms = (left, a_arms) if left is not None else (right, b_arms)
            other = b if left is not None else a
            assert only is not None
            value = only.value
            if other.open:  # the key may be there too, with anything
                value = join(((value, arms), (Abs((Alt(Top(other.open)),)), ())), lost)
            slots[key] = replace(only, value=value, optional=True)
    return DictObj(slots, a.open or b.open)


def _lists(a: ListObj, a_arms: Arms, b: ListObj, b_arms: Arms, lost: list[Abs]) -> ListObj:
    shared = min(len(a.items), len(b.items))
    if a.kind == "set" and a.items != b.items:
        shared = 0
    items = tuple(
        join(((x, a_arms), (y, b_arms)), lost) for x, y in zip(a.items[:shared], b.items[:shared], strict=True)
    )
    lost.extend((*a.items[shared:], *b.items[shared:]))
    uneven = None if len(a.items) == len(b.items) == shared else "its length differs between branches"
    return ListObj(a.kind, items, a.open or b.open or uneven)


def _site(mutation: Mutation) -> tuple[str, str, int, int]:
    return (mutation.kind, mutation.name, mutation.span.start, mutation.span.end)


def _instances(a: InstObj, a_arms: Arms, b: InstObj, b_arms: Arms, lost: list[Abs]) -> InstObj:
    shared = 0
    for left, right in zip(a.mutations, b.mutations, strict=False):
        if left is not right:
            break
        shared += 1
    mine = {_site(m): m for m in a.mutations[shared:]}
    theirs = {_site(m): m for m in b.mutations[shared:]}
    earlier = {_site(m) for m in a.mutations[:shared] if m.optional}
    rest = []
    for site in dict.fromkeys((*mine, *theirs)):
        if site in earlier:
            continue  # a loop's second turn over the same place
        mutation = theirs.get(site) or mine[site]
        always = site in mine and site in theirs and not (mine[site].optional or theirs[site].optional)
        rest.append(mutation if always or mutation.optional else replace(mutation, optional=True))
    names = tuple(dict.fromkeys((*a.names, *b.names)))
    parts = {**a.parts, **b.parts}
    attrs = {
        name: join(((value, a_arms), (b.attrs[name], b_arms)), lost)
        for name, value in a.attrs.items()
        if name in b.attrs
    }
    return replace(a, mutations=(*a.mutations[:shared], *rest), names=names, parts=parts, attrs=attrs)


def drop(content: Content, lost: list[Abs]) -> None:
    """Note everything that `content` refers to as lost."""
    if isinstance(content, ListObj):
        lost.extend(content.items)
    elif isinstance(content, DictObj):
        lost.extend(slot.value for slot in content.slots.values())
    elif isinstance(content, ObjObj):
        lost.extend(content.attrs.values())


def same(a: Content | Abs | None, b: Content | Abs | None) -> bool:
    """Whether two stored things make the same claim."""
    if a is b:
        return True
    if isinstance(a, InstObj) and isinstance(b, InstObj):
        sites = [(_site(m), m.optional) for m in a.mutations]
        return sites == [(_site(m), m.optional) for m in b.mutations] and a.attrs == b.attrs
    if isinstance(a, DictObj) and isinstance(b, DictObj):
        return a.slots == b.slots and (a.open is None) == (b.open is None)
    if isinstance(a, ListObj) and isinstance(b, ListObj):
        return a.kind == b.kind and a.items == b.items and (a.open is None) == (b.open is None)
    return a == b


def without_arms(stored: Content | Abs) -> Content | Abs:
    """The same claim without saying under which arms its parts hold."""
    if isinstance(stored, Abs):
        return _bare(stored)
    if isinstance(stored, ListObj):
        items = tuple(_bare(item) for item in stored.items)
        return replace(stored, items=items) if items != stored.items else stored
    if isinstance(stored, DictObj):
        if not any(_bare(slot.value) is not slot.value for slot in stored.slots.values()):
            return stored
        return replace(stored, slots={k: replace(s, value=_bare(s.value)) for k, s in stored.slots.items()})
    if isinstance(stored, ObjObj):
        return replace(stored, attrs={k: _bare(v) for k, v in stored.attrs.items()})
    if isinstance(stored, InstObj) and (stored.mutations or stored.attrs):
        attrs = {k: _bare(v) for k, v in stored.attrs.items()}
        return replace(stored, mutations=tuple(_bare_mutation(m) for m in stored.mutations), attrs=attrs)
    return stored


def _bare(value: Abs) -> Abs:
    if not any(alt.when or isinstance(alt.atom, Tup) for alt in value.alts):
        return value
    return Abs(tuple(Alt(_bare_atom(alt.atom)) for alt in value.alts), value.trail)


def _bare_atom(atom: Atom) -> Atom:
    return Tup(tuple(_bare(item) for item in atom.items), atom.open) if isinstance(atom, Tup) else atom


def _bare_mutation(mutation: Mutation) -> Mutation:
    value = mutation.value
    if not isinstance(value, OneOf) or not any(option.when for option in value.options):
        return mutation
    return replace(mutation, value=replace(value, options=tuple(Option(o.value) for o in value.options)))
