"""Which names a scope binds, by its syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from trl_lint.dataclass import dataclass
from trl_lint.python.atoms import FunctionNode

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Bindings:
    """What the statements of one scope bind and declare, without those of scopes inside it."""

    names: frozenset[str]
    declared_global: frozenset[str]
    declared_nonlocal: frozenset[str]
    generator: bool = False


def bindings(nodes: Iterable[ast.AST]) -> Bindings:
    """What `nodes` bind in the scope that they stand in."""
    names: set[str] = set()
    outer: set[str] = set()
    enclosing: set[str] = set()
    generator = False
    stack: list[tuple[ast.AST, bool]] = [(node, False) for node in nodes]
    while stack:
        node, in_comprehension = stack.pop()
        if isinstance(node, ast.Name):
            if not in_comprehension and not isinstance(node.ctx, ast.Load):
                names.add(node.id)
            continue
        if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.Global):
            outer.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            enclosing.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            generator = True
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
        if isinstance(node, _SCOPES):
            if not isinstance(node, ast.Lambda):
                names.add(node.name)
            stack.extend((child, in_comprehension) for child in _outside(node))
            continue
        inside = in_comprehension or isinstance(node, _COMPREHENSIONS)
        stack.extend((child, inside) for child in ast.iter_child_nodes(node))
    return Bindings(frozenset(names - outer - enclosing), frozenset(outer), frozenset(enclosing), generator)


def _outside(node: ast.AST) -> list[ast.AST]:
    """The parts of an inner scope that are evaluated in the outer one."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        defaults: list[ast.AST] = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults]
    return []


def parameters(node: FunctionNode) -> list[ast.arg]:
    """All parameters of a function, in order, `*args` and `**kwargs` last."""
    spec = node.args
    found = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    found.extend(extra for extra in (spec.vararg, spec.kwarg) if extra is not None)
    return found


def function_bindings(node: FunctionNode) -> Bindings:
    """What is local to a function."""
    body: Iterable[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    found = bindings(body)
    names = found.names | {arg.arg for arg in parameters(node)}
    return Bindings(names - found.declared_global, found.declared_global, found.declared_nonlocal, found.generator)


def has_jump(body: list[ast.stmt]) -> bool:
    """Whether a `break` or `continue` of this loop stands in `body`."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Break, ast.Continue)):
            return True
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            stack.extend(node.orelse)
        elif isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)) and not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))
    return False
