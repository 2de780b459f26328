"""Which columns a function makes that is passed to `map`, read from its text; it is never run.

Only functions whose every result is plain to see are understood: dict displays, `dict(...)`, a local dict, or the
example itself with keys assigned.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from trl_lint.dataclass import dataclass, field
from trl_lint.datasets.context import TextOf
from trl_lint.datasets.expressions import Scope, kind_of_expression
from trl_lint.model.run import Setting
from trl_lint.model.value import Argument, Known, Symbol

Found: TypeAlias = "ast.FunctionDef | ast.Lambda"

_MAX_TEXT = 2_000_000
MAX_NODES = 5_000  # of one function
_CHANGES = frozenset({"update", "pop", "popitem", "setdefault", "clear", "__setitem__", "__delitem__"})


@dataclass(frozen=True)
class Returned:
    """The keys of the result and their kinds.

    `same`: it is the example itself, with these keys set; `spread`: a new dict that begins with all of the
    example's columns; neither: these keys alone.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    same: bool = False
    spread: bool = False


def returned_columns(function: Argument | None, text_of: TextOf, batched: bool) -> Returned | None:
    """What the function makes of an example; None where that is not plain to see."""
    found = None if function is None else find_function(function, text_of)
    if found is None or (not found.args.args and not found.args.posonlyargs):
        return None
    try:
        return _analyse(found, batched)
    except RecursionError:
        return None


def yielded_columns(function: Argument | None, text_of: TextOf) -> Returned | None:
    """What a generator function yields, row by row; None where that is not plain to see."""
    found = None if function is None else find_function(function, text_of)
    if not isinstance(found, ast.FunctionDef):
        return None
    scope = Scope(found)
    yields = [node.value for node in scope.nodes if isinstance(node, ast.Yield)]
    if len(scope.nodes) > MAX_NODES or any(isinstance(node, ast.YieldFrom) for node in scope.nodes):
        return None
    try:
        return _agree([_result(value, scope, None, False) for value in yields])
    except RecursionError:
        return None


def find_function(function: Argument | Setting, text_of: TextOf) -> Found | None:
    """The text of the function that is passed here; None where it is not one plain function of this source."""
    text = text_of(function.value_span.path)
    if text is None or len(text) > _MAX_TEXT:
        return None
    value = function.value
    if isinstance(value, Known) and isinstance(value.value, Symbol):
        if not value.value.local:
            return None
        if value.value.last.isidentifier():
            return _defined(text, value.value.last, resolved=True)
    expression = _expression(text[function.value_span.start : function.value_span.end])
    if isinstance(expression, ast.Call) and _is_partial(expression.func) and expression.args:
        expression = expression.args[0]
    if isinstance(expression, ast.Lambda):
        return expression
    return _defined(text, expression.id) if isinstance(expression, ast.Name) else None


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_partial(func: ast.expr) -> bool:
    return (isinstance(func, ast.Name) and func.id == "partial") or (
        isinstance(func, ast.Attribute) and func.attr == "partial"
    )


def _defined(text: str, name: str, resolved: bool = False) -> Found | None:
    """The one function of this name. Unless the name is `resolved`, it must not be bound in any other way."""
    found = _bindings(text).get(name, [])
    if resolved:
        found = [node for node in found if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))]
    if len(found) != 1:
        return None
    node = found[0]
    return node if isinstance(node, (ast.FunctionDef, ast.Lambda)) and not getattr(node, "decorator_list", []) else None


@lru_cache(maxsize=4)
def _bindings(text: str) -> Mapping[str, list[ast.AST]]:
    """What every name of the source is bound to, wherever that is: a name bound twice is no use."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, list[ast.AST]] = {}
    lambdas: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and len(node.targets) == 1:
            if isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, []).append(node.value)
                lambdas.add(id(node.targets[0]))
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and id(node) not in lambdas:
            found.setdefault(node.id, []).append(node)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, []).append(node)
        elif isinstance(node, ast.alias):
            found.setdefault(node.asname or node.name, []).append(node)
    return found


def _analyse(function: Found, batched: bool) -> Returned | None:
    example = [*function.args.posonlyargs, *function.args.args][0].arg
    scope = Scope(function)
    nodes = scope.nodes
    if len(nodes) > MAX_NODES:
        return None
    if isinstance(function, ast.Lambda):
        return _result(function.body, scope, example, batched)
    if any(isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)) for node in nodes):
        return None
    returns = [node for node in nodes if isinstance(node, ast.Return)]
    if not returns:
        return None if _is_changed(example, nodes) else Returned()
    if not _always_returns(function.body):
        return None
    return _agree([_result(node.value, scope, example, batched) for node in returns])


def _always_returns(body: Sequence[ast.stmt]) -> bool:
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and _always_returns(last.body) and _always_returns(last.orelse)
    return isinstance(last, ast.With) and _always_returns(last.body)


def _agree(results: Sequence[Returned | None]) -> Returned | None:
    """The one answer of all results: same keys, same manner; kinds that differ are unknown."""
    known = [result for result in results if result is not None]
    if not known or len(known) != len(results):
        return None
    first = known[0]
    if any((r.same, r.spread, set(r.kinds)) != (first.same, first.spread, set(first.kinds)) for r in known):
        return None
    kinds = {key: kind if all(r.kinds[key] == kind for r in known) else "unknown" for key, kind in first.kinds.items()}
    return Returned(kinds, first.same, first.spread)


def _result(value: ast.expr | None, scope: Scope, example: str | None, batched: bool) -> Returned | None:
    if isinstance(value, ast.IfExp):
        return _agree([_result(branch, scope, example, batched) for branch in (value.body, value.orelse)])
    if isinstance(value, ast.Dict):
        return _display(zip(value.keys, value.values, strict=True), scope, example, batched)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
        return _dict_call(value, scope, example, batched)
    if isinstance(value, ast.Name):
        return _named(value.id, scope, example, batched)
    return None


def _display(
    pairs: Iterator[tuple[ast.expr | None, ast.expr]], scope: Scope, example: str | None, batched: bool
) -> Returned | None:
    kinds: dict[str, str] = {}
    spread = False
    for key, value in pairs:
        if key is None:
            if not (isinstance(value, ast.Name) and value.id == example) or not scope.is_untouched(value.id):
                return None
            spread = True
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            kinds[key.value] = kind_of_expression(value, scope, batched)
        else:
            return None
    return Returned(kinds, spread=spread)


def _dict_call(call: ast.Call, scope: Scope, example: str | None, batched: bool) -> Returned | None:
    if len(call.args) > 1:
        return None
    pairs: list[tuple[ast.expr | None, ast.expr]] = [(None, argument) for argument in call.args]
    pairs += [(ast.Constant(word.arg) if word.arg is not None else None, word.value) for word in call.keywords]
    return _display(iter(pairs), scope, example, batched)


def _named(name: str, scope: Scope, example: str | None, batched: bool) -> Returned | None:
    """A local dict or the example itself, with the keys that plain assignments give it."""
    stored = scope.stored_keys(name)
    if stored is None or _is_changed(name, scope.nodes):
        return None
    added = {key: kind_of_expression(value, scope, batched) for key, value in stored.items()}
    if name == example:
        if scope.assigned(name) or scope.is_handed_on(name):
            return None
        return Returned(added, same=True)
    values = scope.assigned(name)
    if len(values) != 1 or isinstance(values[0], ast.Name):
        return None
    made = _result(values[0], scope, example, batched)
    return None if made is None else Returned({**made.kinds, **added}, spread=made.spread)


def _is_changed(name: str, nodes: Sequence[ast.AST]) -> bool:
    """Whether a dict of this name is changed by more than assignments of single keys."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in _CHANGES and _is_name(node.value, name):
            return True
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Del) and _is_name(node.value, name):
            return True
        if isinstance(node, ast.AugAssign) and _is_name(node.target, name):
            return True
    return False


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
