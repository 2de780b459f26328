"""Comprehensions: evaluated item by item where all that they go through is known."""

from __future__ import annotations

import ast

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.python.atoms import Abs, DictObj, Frame, ListObj, Lit, Tup, one, reason_of, top
from trl_lint.python.branches import is_simple
from trl_lint.python.containers import inner, items_of, put
from trl_lint.python.guards import test_guard
from trl_lint.python.loops import repeat
from trl_lint.python.machine import Machine
from trl_lint.python.memory import Layer
from trl_lint.python.scopes import bindings
from trl_lint.python.truth import truth_of

MAX_ROUNDS = 256

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(slots=True)
class _Result:
    items: list[Abs] = field(default_factory=list)
    content: DictObj = field(default_factory=lambda: DictObj({}))
    unknown: str | None = None
    rounds: int = 0


def comprehension(m: Machine, node: ast.expr, consumed: bool = False) -> Abs:
    """The value of a comprehension; a generator only where it is `consumed` at once."""
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
    result = _Result()
    first = m.eval(node.generators[0].iter)
    names = bindings([generator.target for generator in node.generators]).names
    frame = Frame(m.memory.fresh(), "comprehension", names, m.frame, frozenset(), m.frame.qualname)
    with m.inside(frame):
        if not _unrolled(m, node, 0, first, result, certain=True):
            _rough(m, node, first, result)
    if isinstance(node, ast.GeneratorExp) and not consumed:
        m.memory.lose(result.items, "a generator gives it")
        return top("a generator")
    return _value(m, node, result)


def _value(m: Machine, node: Comprehension, result: _Result) -> Abs:
    if isinstance(node, ast.DictComp):
        return one(m.memory.make(DictObj(result.content.slots, result.unknown or result.content.open)))
    if isinstance(node, ast.GeneratorExp):
        return one(Tup(tuple(result.items), result.unknown))
    if isinstance(node, ast.SetComp):
        if not all(isinstance(item.only, Lit) for item in result.items):
            m.memory.lose(result.items, "it is an item of a set")
            return one(m.memory.make(ListObj("set", (), "items that are not known")))
        distinct = {item.only.value: item for item in reversed(result.items) if isinstance(item.only, Lit)}
        return one(m.memory.make(ListObj("set", tuple(distinct.values()), result.unknown)))
    return one(m.memory.make(ListObj("list", tuple(result.items), result.unknown)))


def _unrolled(m: Machine, node: Comprehension, depth: int, source: Abs, result: _Result, certain: bool) -> bool:
    """Go through known items one by one; False (with nothing changed) where they are not known."""
    generator = node.generators[depth]
    items, unknown = items_of(m, source.only) if source.only is not None else ((), "several possible values")
    if unknown or generator.is_async or len(items) > MAX_ROUNDS or m.exhausted:
        return False
    for item in items:
        result.rounds += 1
        if result.rounds > MAX_ROUNDS:
            result.unknown = "it has too many items to be followed"
            return True
        m.handlers.assign(m, generator.target, item, generator.target)
        passed = _tests(m, generator)
        if passed is False:
            continue
        sure = certain and passed is True
        if depth + 1 < len(node.generators):
            inner_source = m.eval(node.generators[depth + 1].iter)
            if not _unrolled(m, node, depth + 1, inner_source, result, sure):
                result.unknown = result.unknown or reason_of(inner_source, "what it goes through is not known")
                m.give_up(node)
        else:
            _perhaps(m, node, result, sure)
    return True


def _tests(m: Machine, generator: ast.comprehension) -> bool | None:
    """Whether an item passes the conditions."""
    passed: bool | None = True
    for test in generator.ifs:
        known = passed is True or is_simple(test)
        found = truth_of(m, m.eval(test) if known else m.give_up(test))
        if found is False:
            return False
        passed = passed if found else None
    return passed


def _perhaps(m: Machine, node: Comprehension, result: _Result, sure: bool) -> None:
    if sure:
        _add(m, node, result, sure)
        return
    m.memory.push()
    _add(m, node, result, sure)
    m.memory.merge([m.memory.pop(), Layer(path=m.memory.path)])


def _add(m: Machine, node: Comprehension, result: _Result, sure: bool) -> None:
    if isinstance(node, ast.DictComp):
        key, value = m.eval(node.key), m.eval(node.value)
        old = result.content
        result.content = put(m, old, key, value, m.span(node.value))
        if isinstance(key.only, Lit) and not sure:
            slot = result.content.slots[key.only.value]
            guards = [guard for guard in (test_guard(m, t) for g in node.generators for t in g.ifs) if guard]
            before = old.slots.get(key.only.value)
            joined = slot.value if before is None else m.either([(before.value, ()), (slot.value, ())])
            optional = before is None or before.optional
            changed = replace(slot, value=joined, optional=optional, guards=(*slot.guards, *guards))
            result.content = DictObj({**result.content.slots, key.only.value: changed}, result.content.open)
        return
    value = m.eval(node.elt)
    if sure and result.unknown is None:
        result.items.append(value)
    else:
        m.memory.lose([value], "it may be an item of a list")
        result.unknown = result.unknown or "a condition that is not known"


def _rough(m: Machine, node: Comprehension, first: Abs, result: _Result) -> None:
    """Any number of rounds with items that are not known."""
    result.unknown = reason_of(first, "what it goes through is not known")

    def body() -> None:
        source = first
        for position, generator in enumerate(node.generators):
            if position:
                source = m.eval(generator.iter)
            for alt in source.alts:
                m.memory.lose(inner(m, alt.atom), "it is iterated over")
            m.handlers.assign(
                m, generator.target, top(reason_of(source, "an item that is not known")), generator.target
            )
            for test in generator.ifs:
                m.eval(test)
        made = [m.eval(node.key), m.eval(node.value)] if isinstance(node, ast.DictComp) else [m.eval(node.elt)]
        m.memory.lose(made, "it is an item of a container that is not known")

    repeat(m, body).apply(m)
