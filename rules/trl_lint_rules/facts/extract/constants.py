"""Module-level constants made of literals: enough of Python to follow the mapping tables of transformers.

Optional packages are taken to be installed (`x if is_..._available() else None` is `x`), type checkers' branches
are skipped.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from trl_lint_rules.facts.extract.errors import NotConstantError
from trl_lint_rules.facts.extract.tree import Tree


def constants(tree: Tree, module: str) -> dict[str, Any]:
    """The constants that `module` binds at its top level, those imported from its own package included."""
    known: dict[str, Any] = {}
    _run(tree, module, tree.parsed(module).body, known)
    return known


def _run(tree: Tree, module: str, body: list[ast.stmt], known: dict[str, Any]) -> None:
    for statement in body:
        if isinstance(statement, ast.ImportFrom):
            _imported(tree, module, statement, known)
        elif isinstance(statement, ast.If):
            typing_only = "TYPE_CHECKING" in ast.unparse(statement.test)
            _run(tree, module, statement.orelse if typing_only else statement.body, known)
        elif isinstance(statement, ast.For):
            _loop(tree, module, statement, known)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            _assigned(targets, statement.value, known)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            _called(statement.value, known)


def _imported(tree: Tree, module: str, statement: ast.ImportFrom, known: dict[str, Any]) -> None:
    source = tree.absolute(module, statement)
    wanted = [alias for alias in statement.names if alias.name.isupper()]
    if wanted and source in tree.modules:
        theirs = constants(tree, source)
        known.update({a.asname or a.name: theirs[a.name] for a in wanted if a.name in theirs})


def _assigned(targets: Sequence[ast.expr], value: ast.expr, known: dict[str, Any]) -> None:
    try:
        result = evaluate(value, known)
    except NotConstantError:
        return
    for target in targets:
        if isinstance(target, ast.Name):
            known[target.id] = result
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id in known:
            known[target.value.id][evaluate(target.slice, known)] = result


def _called(call: ast.Call, known: dict[str, Any]) -> None:
    function = call.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and call.args):
        return
    if function.attr == "update" and function.value.id in known:
        known[function.value.id].update(evaluate(call.args[0], known))


def _loop(tree: Tree, module: str, statement: ast.For, known: dict[str, Any]) -> None:
    """`for x in TABLE: if x not in OTHER: OTHER[x] = ...`; any other loop is left out."""
    branch = statement.body[0]
    if not (isinstance(statement.target, ast.Name) and isinstance(branch, ast.If) and len(statement.body) == 1):
        return
    test = branch.test
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn)):
        return
    for item in sorted(evaluate(statement.iter, known)):
        known[statement.target.id] = item
        if item not in evaluate(test.comparators[0], known):
            _run(tree, module, branch.body, known)


def evaluate(node: ast.expr, known: dict[str, Any]) -> Any:
    """The value of a constant expression. Raises NotConstantError for any other."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.IfExp):
        return evaluate(node.body, known)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return _sequence(node, known)
    if isinstance(node, ast.Dict):
        return _table(node, known)
    if isinstance(node, ast.Call):
        return _call(node, known)
    raise NotConstantError(ast.unparse(node)[:80])


def _sequence(node: ast.Tuple | ast.List | ast.Set, known: dict[str, Any]) -> Any:
    items: list[Any] = []
    for item in node.elts:
        if isinstance(item, ast.Starred):
            items.extend(evaluate(item.value, known))
        else:
            items.append(evaluate(item, known))
    return tuple(items) if isinstance(node, ast.Tuple) else set(items) if isinstance(node, ast.Set) else items


def _table(node: ast.Dict, known: dict[str, Any]) -> dict[Any, Any]:
    table: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            table.update(evaluate(value, known))
        else:
            table[evaluate(key, known)] = evaluate(value, known)
    return table


def _call(node: ast.Call, known: dict[str, Any]) -> Any:
    function = node.func.value if isinstance(node.func, ast.Subscript) else node.func
    name = ast.unparse(function)
    if name in ("OrderedDict", "dict", "collections.OrderedDict"):
        table: dict[Any, Any] = {}
        for argument in node.args:
            table.update(evaluate(argument, known))
        for keyword in node.keywords:
            value = evaluate(keyword.value, known)
            table.update({keyword.arg: value} if keyword.arg else value)
        return table
    if name == "list" and len(node.args) == 1:
        return list(evaluate(node.args[0], known))
    if isinstance(function, ast.Attribute) and function.attr in ("items", "keys", "values") and not node.args:
        return list(getattr(evaluate(function.value, known), function.attr)())
    raise NotConstantError(name)
