"""Kinds of the values that a function computes, as far as their form alone tells."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trl_lint.datasets.kinds import kind_of_keys

_TEXT_METHODS = frozenset({"join", "format", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "removesuffix"})
_OF_LIST = {"string": "strings", "number": "numbers", "bool": "numbers"}
_MAX_DEPTH = 8


class Scope:
    """The names of one function: what is assigned to them, stored under their keys, and appended."""

    def __init__(self, function: ast.FunctionDef | ast.Lambda) -> None:
        self.nodes: list[ast.AST] = []
        self._plain: set[int] = set()
        body: list[ast.AST] = list(function.body) if isinstance(function.body, list) else [function.body]
        self._collect(body)
        self._values: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            self._note(node)

    def _collect(self, body: Sequence[ast.AST]) -> None:
        self._plain.update(id(statement) for statement in body)
        pending = list(reversed(body))
        while pending:
            node = pending.pop()
            self.nodes.append(node)
            if isinstance(node, ast.With):
                self._plain.update(id(statement) for statement in node.body)
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                pending.extend(reversed(list(ast.iter_child_nodes(node))))

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._values.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            self._values.setdefault(node.target.id, []).append(node.value)

    def assigned(self, name: str) -> list[ast.expr]:
        """All that is assigned to the name; another kind of binding (a loop, `with`, unpacking) counts as a value."""
        values = self._values.get(name, [])
        stores = [n for n in self.nodes if isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load)]
        return [*values, *stores[len(values) :]]

    def stored_keys(self, name: str) -> dict[str, ast.expr] | None:
        """What `name["key"] = value` stores on every path; None where that is not plain to see."""
        found: dict[str, ast.expr] = {}
        plain: set[int] = set()
        for node in self.nodes:
            if not isinstance(node, ast.Assign) or id(node) not in self._plain or len(node.targets) != 1:
                continue
            target = node.targets[0]
            if isinstance(target, ast.Subscript) and _key(target) is not None and _is_name(target.value, name):
                found[_key(target) or ""] = node.value
                plain.add(id(target))
        for node in self.nodes:
            stored = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _is_name(node.value, name)
            if stored and id(node) not in plain and (not isinstance(node, ast.Subscript) or _key(node) not in found):
                return None
        return found

    def is_untouched(self, name: str) -> bool:
        """Whether nothing is assigned to the name or under its keys."""
        return not self.assigned(name) and self.stored_keys(name) == {} and not self.is_handed_on(name)

    def is_handed_on(self, name: str) -> bool:
        """Whether other code gets the object itself and may change it."""
        arguments = (a for node in self.nodes if isinstance(node, ast.Call) for a in _arguments(node))
        return any(_is_name(argument, name) for argument in arguments)

    def appended(self, name: str) -> list[ast.expr] | None:
        """What is appended to the list of this name; None where it is filled in some other way too."""
        found: list[ast.expr] = []
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and _is_name(node.value, name):
                if node.attr not in ("append", "insert"):
                    return None
            elif isinstance(node, ast.AugAssign) and _is_name(node.target, name):
                if not isinstance(node.value, ast.List):
                    return None
                found += node.value.elts
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_name(node.func.value, name):
                found += node.args[-1:]
        return found


def _arguments(call: ast.Call) -> list[ast.expr]:
    harmless = isinstance(call.func, ast.Name) and call.func.id in ("len", "str", "dict", "print", "isinstance", "list")
    return [] if harmless else [*call.args, *(word.value for word in call.keywords)]


def _key(node: ast.Subscript) -> str | None:
    return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) else None


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def kind_of_expression(value: ast.expr, scope: Scope, batched: bool) -> str:
    """The kind of the column that gets this value; with `batched`, the value is a list of the column's values."""
    if not batched:
        return _kind(value, scope, _MAX_DEPTH)
    kinds = {_kind(item, scope, _MAX_DEPTH) for item in _items(value, scope) or ()}
    return kinds.pop() if len(kinds) == 1 else "unknown"


def _items(value: ast.expr, scope: Scope) -> list[ast.expr] | None:
    """The expressions of a list's items; None where it is no list to be seen through."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return list(value.elts)
    if isinstance(value, (ast.ListComp, ast.GeneratorExp)):
        return [value.elt]
    if isinstance(value, ast.Name):
        values, appended = scope.assigned(value.id), scope.appended(value.id)
        if len(values) != 1 or appended is None or isinstance(values[0], ast.Name):
            return None
        begun = _items(values[0], scope)
        return None if begun is None else [*begun, *appended]
    return None


def _kind(value: ast.expr, scope: Scope, depth: int) -> str:
    if depth <= 0:
        return "unknown"
    if isinstance(value, ast.Constant):
        return _of_constant(value.value)
    if isinstance(value, ast.JoinedStr) or _is_text(value, scope, depth):
        return "string"
    if isinstance(value, ast.IfExp):
        kinds = {_kind(value.body, scope, depth - 1), _kind(value.orelse, scope, depth - 1)}
        return kinds.pop() if len(kinds) == 1 else "unknown"
    if isinstance(value, ast.Name):
        values = scope.assigned(value.id)
        if len(values) == 1 and not isinstance(values[0], (ast.Name, ast.List)):
            return _kind(values[0], scope, depth - 1)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        sides = {_kind(value.left, scope, depth - 1), _kind(value.right, scope, depth - 1)}
        return "messages" if "messages" in sides and sides <= {"messages", "unknown"} else "unknown"
    items = _items(value, scope)
    return "struct" if isinstance(value, ast.Dict) else "unknown" if not items else _of_items(items, scope, depth)


def _of_constant(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number" if isinstance(value, (int, float)) else "unknown"


def _of_items(items: Sequence[ast.expr], scope: Scope, depth: int) -> str:
    dicts = [_keys(item) for item in items]
    if all(keys is not None for keys in dicts):
        return kind_of_keys({key for keys in dicts for key in keys or ()})
    kinds = {_kind(item, scope, depth - 1) for item in items}
    return _OF_LIST.get(kinds.pop(), "unknown") if len(kinds) == 1 else "unknown"


def _keys(item: ast.expr) -> set[str] | None:
    if not isinstance(item, ast.Dict):
        return None
    keys = {key.value for key in item.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return keys if len(keys) == len(item.keys) else None


def _is_text(value: ast.expr, scope: Scope, depth: int) -> bool:
    if isinstance(value, ast.BinOp):
        if isinstance(value.op, ast.Mod):
            return _kind(value.left, scope, depth - 1) == "string"
        sides = (value.left, value.right)
        return isinstance(value.op, ast.Add) and any(_kind(side, scope, depth - 1) == "string" for side in sides)
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id == "str"
    if not isinstance(value.func, ast.Attribute):
        return False
    if value.func.attr == "apply_chat_template":
        flags = {word.arg: word.value for word in value.keywords}
        tokenize = flags.get("tokenize")
        return isinstance(tokenize, ast.Constant) and tokenize.value is False
    return value.func.attr in _TEXT_METHODS and _kind(value.func.value, scope, depth - 1) == "string"
