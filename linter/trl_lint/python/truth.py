"""Is it true, is it equal, is it in: as far as can be said."""

from __future__ import annotations

import ast

from trl_lint.model.value import Symbol
from trl_lint.python import scalars
from trl_lint.python.atoms import (
    Abs,
    Atom,
    Closure,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    PathLit,
    Ref,
    Tup,
    lit,
    reason_of,
    top,
)
from trl_lint.python.libraries import is_class_name
from trl_lint.python.machine import Machine

MAX_ITEMS = 500


def truth(m: Machine, atom: Atom) -> bool | None:
    """Whether one alternative is true; None where that cannot be said."""
    if isinstance(atom, Lit):
        return bool(atom.value)
    if isinstance(atom, (PathLit, Closure, LocalClass)):
        return True
    if isinstance(atom, Tup):
        return True if atom.items else (None if atom.open else False)
    if isinstance(atom, Symbol):
        return True if is_class_name(atom.name) or atom.root == "builtins" else None
    if not isinstance(atom, Ref):
        return None
    content = m.memory.content(atom)
    if isinstance(content, ListObj):
        return True if content.items else (None if content.open else False)
    if isinstance(content, DictObj):
        if any(not slot.optional for slot in content.slots.values()):
            return True
        return None if content.slots or content.open else False
    return None


def truth_of(m: Machine, value: Abs) -> bool | None:
    """Whether `value` is true on every path, or false on every path."""
    found = {truth(m, alt.atom) for alt in value.alts}
    return found.pop() if len(found) == 1 else None


def is_none(m: Machine, atom: Atom) -> bool | None:
    """Whether one alternative is None."""
    if isinstance(atom, Lit):
        return atom.value is None
    if isinstance(atom, (PathLit, Closure, LocalClass, Tup)):
        return False
    if isinstance(atom, Symbol):
        return False if is_class_name(atom.name) or atom.root == "builtins" else None
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, InstObj):
            made = content.call is not None and content.receiver is None
            return False if made and is_class_name(content.callee) else None
        return False
    return None


def python_value(m: Machine, atom: Atom, depth: int = 6) -> object:
    """`atom` as plain Python data. Raises UnclearError where a part is not known."""
    if isinstance(atom, Lit):
        return atom.value
    if depth and isinstance(atom, Tup) and not atom.open:
        return tuple(_python_item(m, item, depth) for item in atom.items)
    if depth and isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, ListObj) and not content.open and len(content.items) <= MAX_ITEMS:
            items = [_python_item(m, item, depth) for item in content.items]
            try:
                return set(items) if content.kind == "set" else items
            except TypeError as error:
                raise scalars.UnclearError from error
        if isinstance(content, DictObj) and not content.open and len(content.slots) <= MAX_ITEMS:
            if any(slot.optional for slot in content.slots.values()):
                raise scalars.UnclearError
            return {key: _python_item(m, slot.value, depth) for key, slot in content.slots.items()}
    raise scalars.UnclearError


def _python_item(m: Machine, value: Abs, depth: int) -> object:
    if value.only is None:
        raise scalars.UnclearError
    return python_value(m, value.only, depth - 1)


def compare(m: Machine, op: ast.cmpop, a: Atom, b: Atom) -> bool | None:
    """`a op b`; None where that cannot be said."""
    if isinstance(op, (ast.Is, ast.IsNot)) and not (isinstance(a, Lit) and isinstance(b, Lit)):
        for atom, other in ((a, b), (b, a)):
            if isinstance(other, Lit) and other.value is None:
                found = is_none(m, atom)
                return found if found is None else found == isinstance(op, ast.Is)
        return None
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(b, Ref) and isinstance(a, Lit):
        found = _has_key(m, a, b)
        if found is not None:
            return found == isinstance(op, ast.In)
    if isinstance(a, Tup) or (isinstance(b, Tup) and not isinstance(op, (ast.In, ast.NotIn))):
        return None  # what iterators and views give is kept as a tuple too, and they compare in ways of their own
    try:
        return scalars.compare(op, python_value(m, a), python_value(m, b))
    except scalars.UnclearError:
        return None


def _has_key(m: Machine, key: Lit, ref: Ref) -> bool | None:
    content = m.memory.content(ref)
    if not isinstance(content, DictObj):
        return None
    slot = content.slots.get(key.value)
    if slot is None:
        return None if content.open else False
    return None if slot.optional else True


def comparison(m: Machine, op: ast.cmpop, left: Abs, right: Abs) -> Abs:
    """`left op right` as a value."""

    def run(atoms: list[Atom]) -> Abs:
        found = compare(m, op, atoms[0], atoms[1])
        if found is None:
            return top(reason_of(left, reason_of(right, "a comparison of things that are not known")))
        return lit(found)

    return m.product([left, right], run)
