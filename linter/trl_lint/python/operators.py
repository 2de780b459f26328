"""Operators on abstract values."""

from __future__ import annotations

import ast
import posixpath

from trl_lint.python import scalars
from trl_lint.python.atoms import (
    Abs,
    Args,
    ArgVal,
    Atom,
    DictObj,
    ListObj,
    Lit,
    ObjObj,
    PathLit,
    Ref,
    Top,
    Tup,
    lit,
    one,
    reason_of,
    top,
)
from trl_lint.python.container_methods import list_method
from trl_lint.python.containers import inner, merged, path_text
from trl_lint.python.machine import Machine
from trl_lint.python.truth import python_value

MAX_REPEATED = 500


def binary(m: Machine, op: ast.operator, left: Abs, right: Abs) -> Abs:
    """`left op right`."""
    return m.product([left, right], lambda atoms: _binary(m, op, atoms[0], atoms[1]))


def _binary(m: Machine, op: ast.operator, a: Atom, b: Atom) -> Abs:
    try:
        if isinstance(a, Lit) and isinstance(b, Lit):
            return lit(scalars.binary(op, a.value, b.value))
        if isinstance(op, ast.Div) and isinstance(a, (PathLit, Lit)):
            return _path_join(a, b)
        if isinstance(op, ast.Mod) and isinstance(a, Lit) and isinstance(a.value, str):
            return lit(scalars.binary(op, a.value, _checked(python_value(m, b))))
    except scalars.UnclearError:
        return _unknown(m, a, b)
    if isinstance(op, (ast.Add, ast.Mult)):
        found = _sequence(m, op, a, b)
        if found is not None:
            return found
    if isinstance(op, ast.BitOr) and isinstance(a, Ref) and isinstance(b, Ref):
        content = m.memory.content(a)
        if isinstance(content, DictObj) and isinstance(m.memory.content(b), DictObj):
            return one(m.memory.make(merged(m, content, one(b))))
    return _unknown(m, a, b)


def _checked(operand: object) -> object:
    """The right side of `%`, without widths that are taken from arguments (`%*d` is refused elsewhere)."""
    if isinstance(operand, (list, set)):
        raise scalars.UnclearError
    return operand


def _unknown(m: Machine, a: Atom, b: Atom) -> Abs:
    for atom in (a, b):
        m.memory.lose(inner(m, atom), "an operator may hand it on")
        if isinstance(atom, Ref) and isinstance(m.memory.content(atom), ObjObj):
            m.memory.lose([one(a), one(b)], "an operator of the project's class")
    for atom in (a, b):
        if isinstance(atom, Top):
            return top(atom.reason)
    return top("an operation on things that are not known")


def _path_join(a: PathLit | Lit, b: Atom) -> Abs:
    first, second = path_text(a), path_text(b)
    if first is None or second is None or (isinstance(a, Lit) and not isinstance(b, PathLit)):
        raise scalars.UnclearError
    return one(PathLit(posixpath.normpath(posixpath.join(first, second)))) if ".." not in second else _unclear()


def _unclear() -> Abs:
    raise scalars.UnclearError


def _sequence(m: Machine, op: ast.operator, a: Atom, b: Atom) -> Abs | None:
    """List and tuple sums and repetitions."""
    if isinstance(op, ast.Mult):
        a, b = (b, a) if isinstance(a, Lit) else (a, b)
        if not isinstance(b, Lit) or not isinstance(b.value, int):
            return None
        items = _closed(m, a)
        if items is None or len(items) * max(b.value, 0) > MAX_REPEATED:
            return None
        return _same_kind(m, a, items * max(b.value, 0))
    if isinstance(a, Tup) != isinstance(b, Tup):
        return None
    first, second = _closed(m, a), _closed(m, b)
    if first is None or second is None or len(first) + len(second) > MAX_REPEATED:
        return None
    return _same_kind(m, a, (*first, *second))


def _closed(m: Machine, atom: Atom) -> tuple[Abs, ...] | None:
    if isinstance(atom, Tup):
        return None if atom.open else atom.items
    content = m.memory.content(atom) if isinstance(atom, Ref) else None
    if isinstance(content, ListObj) and content.kind == "list" and not content.open:
        return content.items
    return None


def _same_kind(m: Machine, like: Atom, items: tuple[Abs, ...]) -> Abs:
    return one(Tup(items)) if isinstance(like, Tup) else one(m.memory.make(ListObj("list", items)))


def unary(m: Machine, op: ast.unaryop, operand: Abs) -> Abs:
    """`op operand`, for all operators but `not`."""

    def run(atoms: list[Atom]) -> Abs:
        try:
            if isinstance(atoms[0], Lit):
                return lit(scalars.unary(op, atoms[0].value))
        except scalars.UnclearError:
            pass
        return top(reason_of(operand, "an operation on something that is not known"))

    return m.product([operand], run)


def in_place(m: Machine, op: ast.operator, left: Abs, right: Abs, node: ast.stmt) -> Abs:
    """`left op= right`: lists and dicts change in place, everything else is replaced."""

    def run(atom: Atom) -> Abs:
        content = m.memory.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Ref) and isinstance(content, (ListObj, DictObj)):
            span = m.span(node)
            if isinstance(content, DictObj) and isinstance(op, ast.BitOr):
                m.memory.write(atom.ident, merged(m, content, right))
                return one(atom)
            if isinstance(content, ListObj) and isinstance(op, ast.Add):
                args = Args((ArgVal(None, right, span, span, "positional"),))
                if list_method(m, atom, content, "extend", args) is not None:
                    return one(atom)
            m.memory.lose([one(atom), right], "it is changed in place")
            return one(atom)
        if isinstance(content, ObjObj) or isinstance(atom, Top):
            m.memory.lose([one(atom), right], "it is changed in place")
        return binary(m, op, one(atom), right)

    return m.each(left, run)
