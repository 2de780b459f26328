"""Expressions of a package's source as plain data: literals as they are, anything else as its source text.

In the JSON a default that is no literal is `{"src": "text"}`, a field without one `{"req": 1}`, and
a literal that JSON cannot hold (a tuple, a set, bytes, infinity) `{"lit": "its repr"}`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

Data: TypeAlias = Any  # what json.dumps takes

REQUIRED: Data = {"req": 1}


def source(node: ast.expr) -> Data:
    """`node` as the marker for source text."""
    return {"src": ast.unparse(node)}


def literal(node: ast.expr) -> Data:
    """The value of a literal, or its source text."""
    try:
        return encode(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError):
        return source(node)


def encode(value: object) -> Data:
    """A Python literal as JSON data. Raises ValueError for what is no literal."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"lit": repr(value)}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) and key not in ("src", "req", "lit") for key in value):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, set, frozenset, bytes, dict, complex)):
        return {"lit": repr(value)}
    raise ValueError(f"no literal: {value!r}")


def produced(factory: ast.expr) -> Data:
    """What a `default_factory` makes: `list`, `dict` and `lambda: literal` are known, the rest is source text."""
    if isinstance(factory, ast.Name) and factory.id in ("list", "dict"):
        return [] if factory.id == "list" else {}
    if isinstance(factory, ast.Lambda):
        return literal(factory.body)
    return {"src": f"{ast.unparse(factory)}()"}


def annotation(node: ast.expr) -> str:
    """The text of an annotation in one spelling: `Optional[int]` and `Union[int, None]` become `int | None`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        quoted = node.value
        try:
            node = ast.parse(quoted, mode="eval").body
        except SyntaxError:
            return quoted
    return " | ".join(dict.fromkeys(_parts(node)))


def _parts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [annotation(node)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _none_last([*_parts(node.left), *_parts(node.right)])
    if isinstance(node, ast.Subscript):
        name = ast.unparse(node.value).rpartition(".")[2]
        items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Optional":
            return _none_last([*_parts(node.slice), "None"])
        if name == "Union":
            return _none_last([part for item in items for part in _parts(item)])
        if name == "Literal":
            return [ast.unparse(node)]
        name = name.lower() if name in ("List", "Dict", "Tuple", "Set", "Type") else name
        return [f"{name}[{', '.join(annotation(item) for item in items)}]"]
    if isinstance(node, ast.List):
        return [f"[{', '.join(annotation(item) for item in node.elts)}]"]
    text = ast.unparse(node)
    return [text.lower() if text in ("List", "Dict", "Tuple") else text.removeprefix("typing.")]


def _none_last(parts: list[str]) -> list[str]:
    return [part for part in parts if part != "None"] + ["None"] * ("None" in parts)


def choices(node: ast.expr) -> list[Data] | None:
    """The allowed values of an annotation that holds a `Literal[...]`."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and ast.unparse(inner.value).rpartition(".")[2] == "Literal":
            items = inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
            return [literal(item) for item in items]
    return None


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1, 1.0 and True apart, inside lists and dicts too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def text(node: ast.expr) -> str:
    """The text of a string expression, interpolated parts as `{...}`."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) if isinstance(part, ast.Constant) else "{...}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return text(node.left) + text(node.right)
    return ""


def sentence(words: str, limit: int = 300) -> str:
    """`words` on one line, cut at a word where it is longer than `limit` characters."""
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 3].rsplit(" ", 1)[0] + "..."


def warnings(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The texts that statements of `body` warn with (`warnings.warn`, `logger.warning`), not those deeper inside."""
    for statement in body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if (
            isinstance(call, ast.Call)
            and ast.unparse(call.func).rpartition(".")[2] in ("warn", "warning")
            and call.args
        ):
            yield text(call.args[0])
