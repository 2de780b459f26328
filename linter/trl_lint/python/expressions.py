"""The values of expressions, and what evaluating them changes."""

from __future__ import annotations

import ast
from collections.abc import Callable

from trl_lint.model.value import Scalar
from trl_lint.python import operators, scalars
from trl_lint.python.atoms import (
    Abs,
    Alt,
    Atom,
    DictObj,
    ListObj,
    Lit,
    PathLit,
    Slot,
    Tup,
    lit,
    one,
    reason_of,
    top,
)
from trl_lint.python.attributes import attribute, subscript
from trl_lint.python.branches import decide, is_simple
from trl_lint.python.calls import call_expression
from trl_lint.python.comprehensions import comprehension
from trl_lint.python.containers import merged, put, spread
from trl_lint.python.functions import define
from trl_lint.python.machine import Machine
from trl_lint.python.truth import comparison, truth

MAX_SPREAD = 2_000


def evaluate(m: Machine, node: ast.expr) -> Abs:
    """The value of `node`."""
    handler = _HANDLERS.get(type(node))
    return handler(m, node) if handler is not None else m.give_up(node)


def _constant(_m: Machine, node: ast.Constant) -> Abs:
    return top("...") if node.value is ... else lit(node.value)


def _name(m: Machine, node: ast.Name) -> Abs:
    return m.read(node.id)


def _binary(m: Machine, node: ast.BinOp) -> Abs:
    left = m.eval(node.left)
    return operators.binary(m, node.op, left, m.eval(node.right))


def _unary(m: Machine, node: ast.UnaryOp) -> Abs:
    operand = m.eval(node.operand)
    if not isinstance(node.op, ast.Not):
        return operators.unary(m, node.op, operand)

    def negated(atoms: list[Atom]) -> Abs:
        found = truth(m, atoms[0])
        return lit(not found) if found is not None else top(reason_of(operand, "a test that is not known"))

    return m.product([operand], negated)


def _boolean(m: Machine, node: ast.BoolOp) -> Abs:
    stop = isinstance(node.op, ast.Or)
    value = m.eval(node.values[0])
    for operand in node.values[1:]:
        value = _short_circuit(m, value, stop, operand)
    return value


def _short_circuit(m: Machine, value: Abs, stop: bool, operand: ast.expr) -> Abs:
    """`value or operand` (`stop`), `value and operand`."""
    final: list[Alt] = []
    going: list[Alt] = []
    unclear: list[Alt] = []
    for alt in value.alts:
        found = truth(m, alt.atom)
        (unclear if found is None else final if found is stop else going).append(alt)
    if not going and not unclear:
        return value
    if not final and not unclear:
        return m.eval(operand)
    kept = Abs((*final, *unclear), value.trail)
    if not unclear and is_simple(operand):
        other = m.eval(operand)
        return m.either([(kept, ()), *((other, alt.when) for alt in going)])
    return m.fork(m.offsets.start(operand), [lambda: kept, lambda: m.eval(operand)])


def _compare(m: Machine, node: ast.Compare) -> Abs:
    left = m.eval(node.left)
    result: Abs | None = None
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.eval(right_node) if result is None or is_simple(right_node) else m.give_up(right_node)
        found = comparison(m, op, left, right)
        result = found if result is None else m.product([result, found], lambda atoms: _both(m, atoms))
        left = right
    assert result is not None
    return result


def _both(m: Machine, atoms: list[Atom]) -> Abs:
    found = [truth(m, atom) for atom in atoms]
    if False in found:
        return lit(False)
    return lit(True) if None not in found else top("a comparison of things that are not known")


def _conditional(m: Machine, node: ast.IfExp) -> Abs:
    return decide(m, node.test, [lambda: m.eval(node.body), lambda: m.eval(node.orelse)])


def _sequence(m: Machine, node: ast.List | ast.Tuple | ast.Set) -> Abs:
    items: list[Abs] = []
    unknown: str | None = None
    for element in node.elts:
        found: tuple[Abs, ...]
        more: str | None = None
        if isinstance(element, ast.Starred):
            found, more = spread(m, m.eval(element.value))
            if len(items) + len(found) > MAX_SPREAD:
                m.memory.lose(found, "it is too large to be followed")
                found, more = (), more or "it is too large to be followed"
        else:
            found = (m.eval(element),)
        if unknown:
            m.memory.lose(found, unknown)
        else:
            items.extend(found)
            unknown = more
    if isinstance(node, ast.Tuple):
        return one(Tup(tuple(items), unknown))
    if isinstance(node, ast.Set):
        return one(m.memory.make(make_set(m, items, unknown)))
    return one(m.memory.make(ListObj("list", tuple(items), unknown)))


def make_set(m: Machine, items: list[Abs], unknown: str | None) -> ListObj:
    """The content of a set of `items`."""
    distinct: dict[Scalar, Abs] = {}
    for item in items:
        if isinstance(item.only, Lit):
            distinct.setdefault(item.only.value, item)
        else:
            m.memory.lose([item], "it is an item of a set")
            unknown = unknown or reason_of(item, "an item that is not known")
    return ListObj("set", tuple(distinct.values()), unknown)


def _dict(m: Machine, node: ast.Dict) -> Abs:
    content = DictObj({})
    plain: dict[Scalar, Slot] = {}  # collected first, so that a long display is not copied for each entry
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            if plain:
                content = DictObj({**content.slots, **plain}, content.open)
                plain = {}
            content = merged(m, content, m.eval(value))
            continue
        name = m.eval(key)
        found = m.eval(value)
        span = m.offsets.between(key, value)
        if isinstance(name.only, Lit):
            plain[name.only.value] = Slot(found, span, value_span=m.span(value))
            continue
        if plain:
            content = DictObj({**content.slots, **plain}, content.open)
            plain = {}
        content = put(m, content, name, found, span, m.span(value))
    if plain:
        content = DictObj({**content.slots, **plain}, content.open)
    return one(m.memory.make(content))


def _joined_text(m: Machine, node: ast.JoinedStr) -> Abs:
    parts = [_text_part(m, part) for part in node.values]

    def run(atoms: list[Atom]) -> Abs:
        texts = []
        for atom in atoms:
            if not isinstance(atom, Lit) or not isinstance(atom.value, str):
                return top(reason_of(one(atom), "a part of the text is not known"))
            texts.append(atom.value)
        try:
            return lit(scalars.join_text("", texts))
        except scalars.UnclearError:
            return top("a text that is too long")

    return m.product(parts, run)


def _text_part(m: Machine, node: ast.expr) -> Abs:
    if not isinstance(node, ast.FormattedValue):
        return m.eval(node)
    value = m.eval(node.value)
    spec = m.eval(node.format_spec) if node.format_spec is not None else lit("")

    def run(atoms: list[Atom]) -> Abs:
        found, how = atoms
        try:
            if isinstance(found, PathLit) and isinstance(how, Lit) and how.value == "" and node.conversion != 114:
                return lit(found.text)
            if isinstance(found, Lit) and isinstance(how, Lit) and isinstance(how.value, str):
                return lit(scalars.formatted(found.value, node.conversion, how.value))
        except scalars.UnclearError:
            pass
        return top(reason_of(value, "a part of the text is not known"))

    return m.product([value, spec], run)


def _walrus(m: Machine, node: ast.NamedExpr) -> Abs:
    value = m.eval(node.value)
    if isinstance(node.target, ast.Name):
        m.bind(node.target.id, value)
    return value


def _attribute(m: Machine, node: ast.Attribute) -> Abs:
    return attribute(m, m.eval(node.value), node.attr, node)


def _subscript(m: Machine, node: ast.Subscript) -> Abs:
    return subscript(m, m.eval(node.value), node)


def _lambda(m: Machine, node: ast.Lambda) -> Abs:
    return one(define(m, node, "<lambda>"))


def _await(m: Machine, node: ast.Await) -> Abs:
    if isinstance(node.value, ast.Call):
        return call_expression(m, node.value, awaited=True)
    value = m.eval(node.value)
    m.memory.lose([value], "it is awaited")
    return top("the result of something that is awaited")


def _yield(m: Machine, node: ast.Yield | ast.YieldFrom) -> Abs:
    if node.value is not None:
        m.memory.lose([m.eval(node.value)], "it is yielded")
    return top("what is sent to a generator")


def _slice(m: Machine, node: ast.Slice) -> Abs:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            m.eval(part)
    return top("a slice")


def _starred(m: Machine, node: ast.Starred) -> Abs:
    m.memory.lose([m.eval(node.value)], "it is spread")
    return top("a spread value")


def _call(m: Machine, node: ast.Call) -> Abs:
    return call_expression(m, node)


_HANDLERS: dict[type[ast.expr], Callable[..., Abs]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.JoinedStr: _joined_text,
    ast.FormattedValue: _text_part,
    ast.NamedExpr: _walrus,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.Call: _call,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.DictComp: comprehension,
    ast.GeneratorExp: comprehension,
}
