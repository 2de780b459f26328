"""Statements, one after the other, as long as the path goes on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from trl_lint.model.value import Arm
from trl_lint.python import marimo
from trl_lint.python.assign import assign, assignment, augmented, remove
from trl_lint.python.atoms import NONE, UNBOUND, Abs, InstObj, Lit, Ref, Top, Tup, lit, one, reason_of, top
from trl_lint.python.branches import decide
from trl_lint.python.classes import define_class
from trl_lint.python.containers import inner, items_of
from trl_lint.python.functions import define
from trl_lint.python.guards import note_function, requiring_guard, test_guard
from trl_lint.python.imports import import_modules, import_names
from trl_lint.python.loops import loop
from trl_lint.python.machine import MAX_DEPTH, Machine
from trl_lint.python.scopes import bindings, has_jump
from trl_lint.python.tries import try_statement, with_statement
from trl_lint.python.truth import compare, truth_of

MAX_UNROLLED = 8
_CHANGING = "its items change while a loop goes through them"


def execute(m: Machine, body: list[ast.stmt]) -> None:
    """Run `body` until it or the path ends."""
    if m.depth >= MAX_DEPTH:
        _give_up(m, body)
        return
    m.depth += 1
    try:
        for node in body:
            if m.memory.dead:
                return
            m.steps += 1
            handler = _HANDLERS.get(type(node))
            if handler is not None:
                handler(m, node)
            elif not isinstance(node, (ast.Pass, ast.Global, ast.Nonlocal)):
                _give_up(m, [node])
            if m.memory.lost_functions:
                m.handlers.drain(m)
    finally:
        m.depth -= 1


def _give_up(m: Machine, body: list[ast.stmt]) -> None:
    """Statements that are not followed: what they may change is unknown afterwards."""
    for node in body:
        m.give_up(node)
    m.memory.wild_before = m.memory.fresh()
    found = bindings(body)
    for name in found.names | found.declared_global | found.declared_nonlocal:
        m.bind(name, top("it is assigned in a place that is not followed"))


def _expression(m: Machine, node: ast.Expr) -> None:
    m.eval(node.value)
    guard = requiring_guard(m, node.value)
    if guard is not None:
        m.guards.append(guard)


def _assign(m: Machine, node: ast.Assign) -> None:
    assignment(m, node.targets, node.value, node)


def _annotated(m: Machine, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assignment(m, [node.target], node.value, node)


def _delete(m: Machine, node: ast.Delete) -> None:
    for target in node.targets:
        remove(m, target)


def _return(m: Machine, node: ast.Return) -> None:
    value = m.eval(node.value) if node.value is not None else NONE
    if not m.exits or m.frame.kind == "module":
        m.memory.kill()
        return
    layer = m.leave(m.exits[-1])
    if layer is not None:
        m.exits[-1].returns.append((value, layer))


def _raise(m: Machine, node: ast.Raise) -> None:
    for part in (node.exc, node.cause):
        if part is not None:
            m.eval(part)
    m.memory.kill()


def _assert(m: Machine, node: ast.Assert) -> None:
    value = m.eval(node.test)
    if truth_of(m, value) is False:
        m.memory.kill()


def _break(m: Machine, _node: ast.Break) -> None:
    layer = m.leave(m.loops[-1]) if m.loops else None
    if layer is not None:
        m.loops[-1].breaks.append(layer)


def _continue(m: Machine, _node: ast.Continue) -> None:
    layer = m.leave(m.loops[-1]) if m.loops else None
    if layer is not None:
        m.loops[-1].jumps.append(layer)


def _function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    note_function(m, node)
    if node.decorator_list and m.frame is m.main.frame and marimo.is_cell(m, node):
        marimo.run_cell(m, node)
        return
    m.bind(node.name, one(define(m, node, node.name)))


def _if(m: Machine, node: ast.If) -> None:
    if _is_main(node.test):
        m.execute(node.body if m.file is m.main else node.orelse)
        return
    arms = [_block(m, node.body), _block(m, node.orelse)]
    guard = test_guard(m, node.test)
    before = len(m.memory.path)
    decide(m, node.test, arms)
    if guard is not None and len(m.memory.path) > before:
        m.guards.append(guard)  # one arm has left: the rest is for certain releases only


def _block(m: Machine, body: list[ast.stmt]) -> Callable[[], Abs]:
    def run() -> Abs:
        m.execute(body)
        return NONE

    return run


def _is_main(test: ast.expr) -> bool:
    """`__name__ == "__main__"`: what is analysed is a run of this file."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
    )


def _for(m: Machine, node: ast.For | ast.AsyncFor) -> None:
    m.iterated.clear()
    source = m.eval(node.iter)
    lists = _Lists(m, source)
    items, unknown = items_of(m, source.only) if source.only is not None else ((), "several possible values")
    short = unknown is None and len(items) <= MAX_UNROLLED and isinstance(node, ast.For)
    if short and not has_jump(node.body) and not m.exhausted and len(m.loops) < 3:
        for item in items:
            if not m.memory.dead and not lists.changed():
                assign(m, node.target, item, node.target)
                m.execute(node.body)
        if not lists.changed():
            if not m.memory.dead:
                m.execute(node.orelse)
            return

    def body() -> None:
        item = top(_CHANGING) if lists.changed() else _element(m, source)
        assign(m, node.target, item, node.target)
        m.execute(node.body)
        lists.changed()

    if not m.memory.dead:
        loop(m, body, [node], lambda: m.execute(node.orelse), endless=False)


class _Lists:
    """The lists that a loop goes through item by item, which its body may change."""

    def __init__(self, m: Machine, source: Abs) -> None:
        refs = [alt.atom for alt in source.alts if isinstance(alt.atom, Ref)]
        self._memory = m.memory
        self._before = [(ref, m.memory.content(ref)) for ref in (*m.iterated, *refs)]
        self._changed = False

    def changed(self) -> bool:
        """Whether one of them was changed: what it gives from then on is not known."""
        if not self._changed and any(self._memory.content(ref) != content for ref, content in self._before):
            self._changed = True
            self._memory.lose([one(ref) for ref, _ in self._before], _CHANGING)
        return self._changed


def _element(m: Machine, source: Abs) -> Abs:
    """Any item of what a loop goes through."""
    found: list[tuple[Abs, tuple[Arm, ...]]] = []
    for alt in source.alts:
        items, unknown = items_of(m, alt.atom)
        found.extend((item, ()) for item in items)
        if unknown is not None:
            m.memory.lose(inner(m, alt.atom), "it is iterated over")
            found.append((top(_item_reason(m, alt.atom, unknown)), ()))
    return m.either(found) if found else top("there are no items")


def _item_reason(m: Machine, atom: object, reason: str) -> str:
    if isinstance(atom, Ref) and isinstance(m.memory.content(atom), InstObj):
        return "an item of something that a library gives"
    return reason if isinstance(atom, (Top, Tup)) else reason_of(top(reason), reason)


def _while(m: Machine, node: ast.While) -> None:
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)

    def body() -> None:
        m.eval(node.test)
        m.execute(node.body)

    def otherwise() -> None:
        m.eval(node.test)
        m.execute(node.orelse)

    if truth_of(m, m.eval(node.test)) is False:
        m.execute(node.orelse)
        return
    loop(m, body, [node], otherwise, endless)


def _match(m: Machine, node: ast.Match) -> None:
    subject = m.eval(node.subject)
    runs = []
    guarded: list[ast.match_case] = []
    for case in node.cases:
        verdict = _matches(m, subject, case)
        if verdict is False:
            continue
        runs.append(_case(m, subject, case, tuple(guarded)))
        if verdict:
            break
        if case.guard is not None:
            guarded.append(case)
    else:
        runs.append(lambda: _refused(m, guarded))
    if len(runs) == 1:
        runs[0]()
    else:
        m.fork(m.offsets.start(node.subject), runs)


def _matches(m: Machine, subject: Abs, case: ast.match_case) -> bool | None:
    """Whether a case of one value matches; None where that cannot be said."""
    pattern = case.pattern
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None and case.guard is None:
        return True
    if isinstance(pattern, ast.MatchValue) and isinstance(subject.only, Lit):
        wanted = m.eval(pattern.value).only
        if isinstance(wanted, Lit):
            equal = compare(m, ast.Eq(), subject.only, wanted)
            return equal if equal is not True or case.guard is None else None
    return None


def _refused(m: Machine, cases: Iterable[ast.match_case]) -> Abs:
    """Cases that did not match, perhaps for their guards alone: what their patterns name may be bound all the same."""
    for case in cases:
        for name in bindings([case.pattern]).names:
            held = m.memory.variable(m.owner(name).ident, name) or UNBOUND
            m.bind(name, m.either([(held, ()), (top("a part of what a pattern matches"), ())]))
        if case.guard is not None:
            m.eval(case.guard)
    return NONE


def _case(m: Machine, subject: Abs, case: ast.match_case, before: Iterable[ast.match_case]) -> Callable[[], Abs]:
    def run() -> Abs:
        _refused(m, before)
        names = bindings([case.pattern]).names
        pattern = case.pattern
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None and pattern.name:
            m.bind(pattern.name, subject)
        elif names:
            m.memory.lose([value for alt in subject.alts for value in inner(m, alt.atom)], "a pattern takes it apart")
            m.memory.lose([subject], "a pattern takes it apart")
            for name in names:
                m.bind(name, top(reason_of(subject, "a part of what a pattern matches")))
        if case.guard is not None:
            m.eval(case.guard)
        m.execute(case.body)
        return lit(None)

    return run


_HANDLERS: dict[type[ast.stmt], Callable[..., None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: augmented,
    ast.Delete: _delete,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: define_class,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.Match: _match,
    ast.With: with_statement,
    ast.AsyncWith: with_statement,
    ast.Try: try_statement,
    ast.Import: import_modules,
    ast.ImportFrom: import_names,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = try_statement
