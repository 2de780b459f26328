"""Functions and methods that nothing in the file calls: someone else may, so they are followed once each."""

from __future__ import annotations

import ast

from trl_lint.model.value import Symbol
from trl_lint.python.atoms import Abs, Args, ClassInfo, Closure, FunctionNode, top
from trl_lint.python.classes import instantiate
from trl_lint.python.functions import inline, unknown_arguments
from trl_lint.python.loops import repeat
from trl_lint.python.machine import Machine
from trl_lint.python.memory import Layer
from trl_lint.python.relevance import Relevance


def follow_uncalled(m: Machine) -> None:
    """Evaluate what has not been entered yet, callers before what they call; then what was not followed once."""
    m.handlers.drain(m)
    _call_late(m)
    relevance = Relevance(m)
    for _ in range(8):
        waiting = [
            closure
            for node, closure in m.closures.items()
            if node not in m.records.entered and relevance.matters(closure)
        ]
        if not waiting:
            break
        named = _mentioned(waiting, relevance)
        roots = [closure for closure in waiting if _name(closure.info.node) not in named]
        for closure in roots or waiting:
            if closure.info.node not in m.records.entered:
                _follow(m, closure)
    followed: set[FunctionNode] = set()
    while len(followed) < len(m.again):
        _forget_the_end(m)
        for node, closure in list(m.again.items()):
            if node not in followed:
                followed.add(node)
                if relevance.matters(closure):
                    _follow(m, closure)


def _call_late(m: Machine) -> None:
    """Functions that other code holds may have been called after a name that they read got another value."""
    for key in m.memory.late:
        if isinstance(key, tuple):
            m.memory.volatile.setdefault(key, f"`{key[1]}` has several values")
        for info, closure in m.memory.readers[key].items():
            m.again.setdefault(info.node, closure)


def _forget_the_end(m: Machine) -> None:
    """These calls happened at other times: what has had several values is not known then.

    What a library names stays: a call of something that is not known would add nothing to what is known of the call.
    """
    m.memory.wild_before = m.memory.fresh()
    for file in m.files.values():
        for name, times in file.bound.items():
            key = (file.frame.ident, name)
            held = m.memory.peek(key)
            if times > 1 and not (isinstance(held, Abs) and isinstance(held.only, Symbol)):
                m.memory.volatile.setdefault(key, f"`{name}` has several values")


def _name(node: FunctionNode) -> str:
    return "" if isinstance(node, ast.Lambda) else node.name


def _mentioned(waiting: list[Closure], relevance: Relevance) -> set[str]:
    """The names that other waiting functions use."""
    found: set[str] = set()
    for closure in waiting:
        found |= relevance.words(closure) - {_name(closure.info.node)}
    return found


def _follow(m: Machine, closure: Closure) -> None:
    """Run a function that may be called any number of times, with what cannot be known."""
    place = ast.copy_location(ast.Constant(None), closure.info.node)

    def once() -> None:
        m.memory.push()
        called = closure
        if closure.info.owner is not None and closure.info.kind in ("plain", "property"):
            called = Closure(closure.info, _object(m, closure.info.owner, place))
        inline(m, called, unknown_arguments(m, called), place)
        m.handlers.drain(m)
        m.memory.merge([m.memory.pop(), Layer(path=m.memory.path)])

    m.records.entered.setdefault(closure.info.node)
    repeat(m, once).apply(m)
    m.memory.layers[-1].dead = False


def _object(m: Machine, owner: ClassInfo, place: ast.expr) -> Abs:
    """An object of a class of the file, as its own `__init__` makes it."""
    if owner.opaque is not None or owner.bases:
        return top(f"an object of `{owner.name}`")
    return instantiate(m, owner, Args((), f"the fields of `{owner.name}`", f"the fields of `{owner.name}`"), place)
