"""Decisions: which arm runs, and what is known of the tested name in each."""

from __future__ import annotations

import ast
from collections.abc import Callable

from trl_lint.python.atoms import Abs, Unbound
from trl_lint.python.guards import test_guard
from trl_lint.python.machine import Machine
from trl_lint.python.truth import truth_of

_SIMPLE = (
    ast.Name,
    ast.Constant,
    ast.Compare,
    ast.UnaryOp,
    ast.BoolOp,
    ast.BinOp,
    ast.Tuple,
    ast.Attribute,
    ast.Subscript,
    ast.expr_context,
    ast.operator,
    ast.cmpop,
    ast.boolop,
    ast.unaryop,
)
_TESTS = (ast.Name, ast.Constant, ast.Compare, ast.UnaryOp, ast.BoolOp)


def is_simple(node: ast.AST, depth: int = 6) -> bool:
    """Whether evaluating `node` changes nothing."""
    if depth == 0 or not isinstance(node, _SIMPLE):
        return False
    if isinstance(node, (ast.Name, ast.Constant)):  # most of them are
        return depth > 1
    return all(is_simple(child, depth - 1) for child in ast.iter_child_nodes(node))


def decide(m: Machine, test: ast.expr, runs: list[Callable[[], Abs]]) -> Abs:
    """Run the first of two arms where `test` is true, the second where it is false, both where nothing says."""
    known = truth_of(m, m.eval(test))
    if known is not None:
        return runs[0]() if known else runs[1]()
    guard = test_guard(m, test)
    narrowed = _narrow(m, test)

    def arm(index: int) -> Callable[[], Abs]:
        def run() -> Abs:
            for key, values in narrowed.items():
                if values[index].alts:
                    m.memory.write(key, values[index])
            with m.guarded(guard):
                return runs[index]()

        return run

    return m.fork(m.offsets.start(test), [arm(0), arm(1)])


def _narrow(m: Machine, test: ast.expr) -> dict[tuple[int, str], tuple[Abs, Abs]]:
    """For a test of one local name with several alternatives: those with which it is true, and false."""
    if isinstance(test, ast.Name):
        names = {test.id}
    elif isinstance(test, (ast.Compare, ast.UnaryOp, ast.BoolOp)) and is_simple(test):
        names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    else:
        return {}
    if len(names) != 1:
        return {}
    name = names.pop()
    frame = m.owner(name)
    value = m.memory.variable(frame.ident, name) if frame is m.frame else None
    key = (frame.ident, name)
    if value is None or not 2 <= len(value.alts) <= 8 or key in m.memory.volatile:
        return {}
    true, false = [], []
    mark = m.records.mark()
    for alt in value.alts:
        if isinstance(alt.atom, Unbound):
            continue
        m.memory.push()
        m.memory.layers[-1].writes[key] = Abs((alt,))
        found = truth_of(m, m.eval(test))
        m.memory.pop()
        if found is not False:
            true.append(alt)
        if found is not True:
            false.append(alt)
    m.records.rewind(mark)
    return {key: (Abs(tuple(true), value.trail), Abs(tuple(false), value.trail))}
