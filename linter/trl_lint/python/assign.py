"""Assignment to names, attributes, items and patterns."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Mutation, Symbol
from trl_lint.python import freeze as snapshots
from trl_lint.python import instances
from trl_lint.python.atoms import (
    UNBOUND,
    Abs,
    Atom,
    Attributes,
    DictObj,
    FileModule,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    Names,
    ObjObj,
    Ref,
    Tup,
    lit,
    one,
    reason_of,
    stepped,
    top,
)
from trl_lint.python.attributes import DICT_METHODS
from trl_lint.python.containers import delete, inner, items_of, put, store
from trl_lint.python.guards import note_name
from trl_lint.python.machine import Machine
from trl_lint.python.operators import in_place

_ITERATORS = frozenset(["zip", "enumerate", "map", "filter", "reversed", "iter", "keys", "values", "items"])


def assign(m: Machine, target: ast.expr, value: Abs, place: ast.stmt | ast.expr) -> None:
    """`target = value`; `place` is the statement."""
    if isinstance(target, ast.Name):
        m.bind(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target, value, place)
    elif isinstance(target, ast.Starred):
        assign(m, target.value, value, place)
    elif isinstance(target, ast.Attribute):
        set_attribute(m, m.eval(target.value), target.attr, value, m.span(place))
    elif isinstance(target, ast.Subscript):
        base, index = m.eval(target.value), m.eval(target.slice)
        span, value_span = m.span(place), _value_span(m, place)
        m.each(base, lambda atom: _set_item(m, atom, index, value, span, value_span))


def _value_span(m: Machine, place: ast.stmt | ast.expr) -> Span | None:
    value = getattr(place, "value", None)
    return m.span(value) if isinstance(value, ast.expr) else None


def assignment(m: Machine, targets: list[ast.expr], node: ast.expr, place: ast.stmt) -> None:
    """A whole assignment statement."""
    value = m.eval(node)
    if isinstance(node, ast.Call) and isinstance(value.only, Tup) and _is_iterator(node.func):
        m.memory.lose([value], "an iterator gives it")
        value = top("an iterator")
    for target in targets:
        if isinstance(target, ast.Name):
            note_name(m, target.id, node)
            m.bind(target.id, stepped(value, m.step(place, f"{target.id} = {m.text(node, 40)}")))
        else:
            assign(m, target, value, place)


def _is_iterator(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return name in _ITERATORS


def _unpack(m: Machine, target: ast.Tuple | ast.List, value: Abs, place: ast.stmt | ast.expr) -> None:
    names = target.elts
    columns: list[list[tuple[Abs, tuple[Arm, ...]]]] = [[] for _ in names]
    for alt in value.alts:
        for column, part in zip(columns, _parts(m, alt.atom, names, place), strict=True):
            column.append((part, alt.when))
    for name, column in zip(names, columns, strict=True):
        part = m.either(column)
        if isinstance(name, ast.Name):
            part = stepped(part, m.step(place, f"{m.text(target, 30)} = ..."))
        assign(m, name, part, place)


def _parts(m: Machine, atom: Atom, names: list[ast.expr], place: ast.stmt | ast.expr) -> list[Abs]:
    """What each of `names` gets of `atom`."""
    content = m.memory.content(atom) if isinstance(atom, Ref) else None
    star = next((index for index, name in enumerate(names) if isinstance(name, ast.Starred)), None)
    if isinstance(atom, Ref) and isinstance(content, InstObj):
        node = place if isinstance(place, ast.expr) else ast.copy_location(ast.Constant(None), place)
        return [_instance_part(m, atom, index, star, node) for index in range(len(names))]
    items, unknown = items_of(m, atom)
    if unknown is None and star is None and len(items) == len(names):
        return list(items)
    if unknown is None and star is not None and len(items) >= len(names) - 1:
        end = len(items) - (len(names) - star - 1)
        middle = one(m.memory.make(ListObj("list", items[star:end])))
        return [*items[:star], middle, *items[end:]]
    m.memory.lose(inner(m, atom), "it is unpacked")
    reason = unknown or reason_of(one(atom), "it has another length")
    return [top(reason) for _ in names]


def _instance_part(m: Machine, ref: Ref, index: int, star: int | None, node: ast.expr) -> Abs:
    content = m.memory.content(ref)
    if (star is not None and index >= star) or not isinstance(content, InstObj):
        return top(f"part {index} of what is unpacked")
    return instances.part(m, ref, content, f"[{index}]", node)


def set_attribute(m: Machine, base: Abs, name: str, value: Abs, span: Span) -> None:
    """`base.name = value`."""

    def run(atom: Atom) -> Abs:
        content = m.memory.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Ref) and isinstance(content, InstObj):
            instances.set_attribute(m, atom, name, value, span)
        elif isinstance(atom, Ref) and isinstance(content, ObjObj) and not content.wild:
            m.memory.write(atom.ident, replace(content, attrs={**content.attrs, name: value}))
        elif isinstance(atom, LocalClass):
            m.memory.write((atom.info.frame.ident, name), value)
        elif isinstance(atom, FileModule):
            m.memory.write((atom.frame, name), value)
        elif isinstance(atom, Ref) and isinstance(content, DictObj) and name not in DICT_METHODS:
            m.memory.write(atom.ident, put(m, content, lit(name), value, span))
        elif isinstance(atom, Symbol):
            m.patched.add(f"{atom.name}.{name}")
            m.memory.lose([value], f"it is put into `{atom.name}`")
        else:
            m.memory.lose([value], f"it is put into `.{name}`")
        return top("done")

    m.each(base, run)


def _set_item(m: Machine, atom: Atom, index: Abs, value: Abs, span: Span, value_span: Span | None) -> Abs:
    key = index.only.value if isinstance(index.only, Lit) else None
    if isinstance(atom, Attributes) and isinstance(key, str):
        set_attribute(m, one(Ref(atom.ident)), key, value, span)
        return top("done")
    if isinstance(atom, Attributes):
        m.memory.lose([one(atom)], "a key that is not known is set")
    if isinstance(atom, Names):
        if isinstance(key, str):
            m.memory.write((atom.frame, key), value)
        else:
            m.memory.lose([one(atom), value], "a name that is not known is set")
        return top("done")
    if isinstance(atom, Ref) and store(m, atom, index, value, span, value_span):
        return top("done")
    content = m.memory.content(atom) if isinstance(atom, Ref) else None
    if isinstance(atom, Ref) and isinstance(content, InstObj):
        key = index.only.value if isinstance(index.only, Lit) else "..."
        instances.mutate(m, atom, Mutation("set", f"[{key!r}]", snapshots.freeze(m, value), span))
    m.memory.lose([value, index], "it is put into something that is not followed")
    return top("done")


def remove(m: Machine, target: ast.expr) -> None:
    """`del target`."""
    if isinstance(target, ast.Name):
        m.unbind(target.id)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            remove(m, part)
    elif isinstance(target, ast.Subscript):
        base, index = m.eval(target.value), m.eval(target.slice)

        def run(atom: Atom) -> Abs:
            if isinstance(atom, Ref):
                delete(m, atom, index)
            elif isinstance(atom, Attributes) and isinstance(index.only, Lit) and isinstance(index.only.value, str):
                _delete_attribute(m, Ref(atom.ident), index.only.value, m.span(target))
            elif isinstance(atom, Names) and isinstance(index.only, Lit) and isinstance(index.only.value, str):
                m.memory.write((atom.frame, index.only.value), UNBOUND)
            elif isinstance(atom, (Names, Attributes)):
                m.memory.lose([one(atom)], "a name of it is deleted")
            return top("done")

        m.each(base, run)
    elif isinstance(target, ast.Attribute):
        base, span = m.eval(target.value), m.span(target)
        m.each(base, lambda atom: _delete_attribute(m, atom, target.attr, span))


def _delete_attribute(m: Machine, atom: Atom, name: str, span: Span) -> Abs:
    content = m.memory.content(atom) if isinstance(atom, Ref) else None
    if isinstance(atom, Ref) and isinstance(content, ObjObj) and not content.wild:
        left = {key: value for key, value in content.attrs.items() if key != name}
        m.memory.write(atom.ident, replace(content, attrs=left))
    elif isinstance(atom, (LocalClass, FileModule)):
        m.memory.write((atom.info.frame.ident if isinstance(atom, LocalClass) else atom.frame, name), UNBOUND)
    else:
        set_attribute(m, one(atom), name, top("it is deleted"), span)
    return top("done")


def augmented(m: Machine, node: ast.AugAssign) -> None:
    """`target op= value`."""
    target = node.target
    if isinstance(target, ast.Name):
        current = m.read(target.id)
    else:
        current = m.eval(target)
    value = in_place(m, node.op, current, m.eval(node.value), node)
    if isinstance(target, ast.Name):
        value = stepped(value, m.step(node, m.text(node, 50)))
    assign(m, target, value, node)
