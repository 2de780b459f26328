"""`try` and `with`: places that an exception may leave at any point."""

from __future__ import annotations

import ast
from collections.abc import Callable

from trl_lint.model.value import Arm, Guard, Symbol
from trl_lint.python.atoms import InstObj, Key, ObjObj, Ref, Stored, Top, top
from trl_lint.python.guards import expecting_guard, fallback_guard, try_guard
from trl_lint.python.machine import Machine
from trl_lint.python.memory import Layer

_PASS_ON = frozenset({"contextlib.nullcontext", "contextlib.closing"})


def try_statement(m: Machine, node: ast.Try) -> None:
    """`try`/`except`/`else`/`finally`."""
    before = {id(layer) for layer in _pending(m)}
    escaping: dict[Key, Stored] = {}
    if node.finalbody:
        m.memory.collectors.append(escaping)
    ends = _guarded_part(m, node)
    if not node.finalbody:
        m.memory.merge(ends)
        return
    m.memory.collectors.pop()
    changed: dict[Key, Stored] = {}
    m.memory.collectors.append(changed)
    _after_exception(m, node, escaping)
    m.memory.merge(ends)
    if not m.memory.dead:
        m.execute(node.finalbody)
    m.memory.collectors.pop()
    _note(m, changed, [layer for layer in _pending(m) if id(layer) not in before])


def _guarded_part(m: Machine, node: ast.Try) -> list[Layer]:
    """Everything but `finally`: the states in which it ends."""
    branch = m.branch(m.offsets.start(node)) if node.handlers else None
    collected: dict[Key, Stored] = {}
    outer = m.when
    with m.guarded(try_guard(m, node) if node.handlers else None):
        body = _body(m, node.body, collected, branch)
    ends = [_more(m, body, node.orelse)]
    for index, handler in enumerate(node.handlers, 1):
        arm = Arm(branch, index) if branch is not None else None
        m.memory.push(arm)
        m.when = (*outer, arm) if arm is not None else outer
        for key, stored in collected.items():
            m.memory.write(key, stored)
        if handler.type is not None:
            m.eval(handler.type)
        if handler.name:
            m.bind(handler.name, top("an exception"))
        with m.guarded(fallback_guard(m, handler)):
            m.execute(handler.body)
        if handler.name and not m.memory.dead:
            m.unbind(handler.name)
        ends.append(m.memory.pop())
        m.when = outer
    return ends


def _body(m: Machine, body: list[ast.stmt], collected: dict[Key, Stored], branch: int | None) -> Layer:
    """Run a block from which an exception may escape: all that it writes on the way is collected."""
    m.memory.push(Arm(branch, 0) if branch is not None else None)
    m.memory.collectors.append(collected)
    m.execute(body)
    m.memory.collectors.pop()
    return m.memory.pop()


def _more(m: Machine, layer: Layer, body: list[ast.stmt]) -> Layer:
    if not body or layer.dead:
        return layer
    m.memory.layers.append(layer)
    m.execute(body)
    return m.memory.pop()


def _pending(m: Machine) -> list[Layer]:
    """The paths that leave the current function and its loops."""
    found = [layer for exits in m.exits[-1:] for _, layer in exits.returns]
    for exits in m.loops:
        found.extend((*exits.jumps, *exits.breaks))
    return found


def _after_exception(m: Machine, node: ast.Try, escaping: dict[Key, Stored]) -> None:
    """`finally` on the way of an exception, or of a `return`: what was written may have been, and the path ends."""
    m.memory.push()
    for key, stored in escaping.items():
        m.memory.write(key, stored)
    with m.records.without_arms():
        m.execute(node.finalbody)
    m.memory.pop()


def _note(m: Machine, changed: dict[Key, Stored], left: list[Layer]) -> None:
    """Paths that left the block early have run `finally` too."""
    for layer in left:
        for key, stored in changed.items():
            layer.writes[key] = m.memory.joined(key, [layer.writes.get(key) or m.memory.peek(key), stored])


def with_statement(m: Machine, node: ast.With | ast.AsyncWith) -> None:
    """`with`: a context manager that is not a known library's may swallow an exception."""
    swallows = False
    guard: Guard | None = None
    for item in node.items:
        passed = _passed_on(m, item.context_expr)
        if passed is not None:
            if item.optional_vars is not None:
                m.handlers.assign(m, item.optional_vars, m.eval(passed), node)
            continue
        value = m.eval(item.context_expr)
        content = m.content(value)
        guard = guard or expecting_guard(m, item.context_expr)
        if isinstance(content, InstObj):
            if content.callee == "contextlib.suppress":
                swallows = True
                guard = Guard("try", m.span(item.context_expr), m.text(item.context_expr))
            elif content.callee.endswith(("raises", "suppress")):
                swallows = True
        elif isinstance(content, ObjObj) or not isinstance(value.only, (Symbol, Ref)):
            swallows = True
            m.memory.lose([value], "it is used as a context manager")
        if item.optional_vars is not None:
            known = isinstance(content, InstObj) or isinstance(value.only, Top)
            m.handlers.assign(m, item.optional_vars, value if known else top("what a context manager gives"), node)
    with m.guarded(guard):
        if swallows:
            _swallowing(m, lambda collected: _body(m, node.body, collected, None))
        else:
            m.execute(node.body)


def _passed_on(m: Machine, node: ast.expr) -> ast.expr | None:
    """What a context manager is given and gives as it is: `nullcontext(x)`, `closing(x)`."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return None
    func = m.eval(node.func).only if isinstance(node.func, (ast.Name, ast.Attribute)) else None
    return node.args[0] if isinstance(func, Symbol) and func.name in _PASS_ON else None


def _swallowing(m: Machine, run: Callable[[dict[Key, Stored]], Layer]) -> None:
    collected: dict[Key, Stored] = {}
    body = run(collected)
    m.memory.push()
    for key, stored in collected.items():
        m.memory.write(key, stored)
    m.memory.merge([body, m.memory.pop()])
