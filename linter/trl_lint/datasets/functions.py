"""What a function of the project takes and gives back, read from its text; it is never run."""

from __future__ import annotations

import ast

from trl_lint.dataclass import dataclass
from trl_lint.datasets.context import TextOf
from trl_lint.datasets.expressions import Scope, kind_of_expression
from trl_lint.datasets.returned import MAX_NODES, Found, find_function
from trl_lint.model.run import Setting
from trl_lint.model.value import Argument


@dataclass(frozen=True)
class LocalFunction:
    """A function of the analysed source.

    `names` are the parameters that may be passed by name, `required` those among them without a default;
    `any_keyword` says that it takes `**kwargs`. `returns` is what every result is: a kind of `Column`, `list` for a
    list of anything, `none` where nothing is returned, `unknown`. `renders_chat` says that it renders conversations
    with a chat template, as text.
    """

    name: str
    names: tuple[str, ...]
    required: tuple[str, ...]
    any_keyword: bool
    returns: str
    renders_chat: bool = False


def local_function(given: Argument | Setting, text_of: TextOf) -> LocalFunction | None:
    """The function that is passed here; None where it is not one whose text is plain to see."""
    found = find_function(given, text_of)
    if found is None:
        return None
    parameters = found.args
    by_position = [*parameters.posonlyargs, *parameters.args]
    plain = by_position[: len(by_position) - len(parameters.defaults)]
    keyword_only = [
        arg for arg, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True) if default is None
    ]
    required = {arg.arg for arg in (*plain, *keyword_only)}
    names = tuple(arg.arg for arg in (*parameters.args, *parameters.kwonlyargs))
    try:
        returns = _returns(found)
    except RecursionError:
        returns = "unknown"
    return LocalFunction(
        getattr(found, "name", "lambda"),
        names,
        tuple(name for name in names if name in required),
        parameters.kwarg is not None,
        returns,
        any(_renders(node) for node in ast.walk(found)),
    )


def _renders(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    tokenize = next((word.value for word in node.keywords if word.arg == "tokenize"), None)
    return node.func.attr == "apply_chat_template" and isinstance(tokenize, ast.Constant) and tokenize.value is False


def _returns(function: Found) -> str:
    scope = Scope(function)
    if len(scope.nodes) > MAX_NODES or any(isinstance(n, (ast.Yield, ast.YieldFrom, ast.Await)) for n in scope.nodes):
        return "unknown"
    if isinstance(function, ast.Lambda):
        return _kind(function.body, scope)
    results = [node.value for node in scope.nodes if isinstance(node, ast.Return)]
    if not results:
        return "none"
    kinds = {_kind(value, scope) if value is not None else "none" for value in results}
    if len(kinds) == 1:
        return kinds.pop()
    lists = {"list", "strings", "numbers", "messages", "dicts", "sharegpt"}
    return "list" if kinds <= lists else "unknown"


def _kind(value: ast.expr, scope: Scope) -> str:
    kind = kind_of_expression(value, scope, False)
    return "list" if kind == "unknown" and _is_list(value, scope) else kind


def _is_list(value: ast.expr, scope: Scope) -> bool:
    if isinstance(value, (ast.List, ast.ListComp)):
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "list"
    if isinstance(value, ast.Name):
        made = scope.assigned(value.id)
        return bool(made) and all(isinstance(each, (ast.List, ast.ListComp)) for each in made)
    return False
