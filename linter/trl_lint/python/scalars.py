"""Arithmetic, comparison, formatting and string methods on known scalars, each with a bound on its result.

The linted code decides what is computed here, so nothing may take long or grow large.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from trl_lint.lazy import regex
from trl_lint.model.value import Scalar
from trl_lint.python.words import words

MAX_TEXT = 50_000
MAX_BITS = 4_096
_WIDE = regex(r"\d{4,}")
_SCALARS = (bool, int, float, complex, str, bytes, type(None))


class UnclearError(Exception):
    """The result cannot be said: it is an error, too large, or no scalar."""


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


def scalar(value: object) -> Scalar:
    """`value` as a bounded scalar. Raises UnclearError for anything else."""
    if not isinstance(value, _SCALARS) or type(value) not in _SCALARS:
        raise UnclearError
    if isinstance(value, (str, bytes)) and len(value) > MAX_TEXT:
        raise UnclearError
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise UnclearError
    return value


def binary(op: ast.operator, a: object, b: object) -> Scalar:
    """`a op b`. Raises UnclearError where it fails or grows too large."""
    if isinstance(op, ast.Mult):
        _check_product(a, b)
    elif isinstance(op, (ast.Pow, ast.LShift)):
        _check_power(op, a, b)
    elif isinstance(op, ast.Mod) and isinstance(a, (str, bytes)):
        template = a if isinstance(a, str) else a.decode("latin-1")
        if _WIDE.search(template) or "*" in template:
            raise UnclearError
    return _run(_OPERATORS.get(type(op)), a, b)


def _check_product(a: object, b: object) -> None:
    for text, times in ((a, b), (b, a)):
        if isinstance(text, (str, bytes)) and isinstance(times, int) and len(text) * times > MAX_TEXT:
            raise UnclearError


def _check_power(op: ast.operator, a: object, b: object) -> None:
    if not isinstance(a, int) or not isinstance(b, int):
        return
    bits = abs(b) + abs(a).bit_length() if isinstance(op, ast.LShift) else abs(b) * abs(a).bit_length()
    if bits > MAX_BITS:
        raise UnclearError


def unary(op: ast.unaryop, a: object) -> Scalar:
    """`op a`. Raises UnclearError."""
    return _run(_UNARY.get(type(op)), a)


def compare(op: ast.cmpop, a: object, b: object) -> bool:
    """`a op b`, identity only against the three singletons. Raises UnclearError."""
    if isinstance(op, (ast.Is, ast.IsNot)):
        singletons = (None, True, False)
        if not any(a is each or b is each for each in singletons):
            raise UnclearError
        return (a is b) == isinstance(op, ast.Is)
    return bool(_run(_COMPARISONS.get(type(op)), a, b))


def _run(function: Callable[..., Any] | None, *operands: object) -> Scalar:
    if function is None:
        raise UnclearError
    try:
        return scalar(function(*operands))
    except (ArithmeticError, TypeError, ValueError, MemoryError, LookupError, RecursionError) as error:
        raise UnclearError from error


def formatted(value: Scalar, conversion: int, spec: str) -> str:
    """A field of an f-string. Raises UnclearError."""
    if _WIDE.search(spec):
        raise UnclearError
    conversions: dict[int, Callable[[object], str]] = {115: str, 114: repr, 97: ascii}
    convert = conversions.get(conversion)
    result = _run(lambda: format(convert(value) if convert else value, spec))
    assert isinstance(result, str)
    return result


def format_text(template: str, positional: Sequence[Scalar], named: dict[str, Scalar]) -> str:
    """`template.format(...)`. Raises UnclearError for attributes, indices, and wide fields."""
    if _WIDE.search(template) or re.search(r"\{[^}]*[.\[{][^}]*\}", re.sub(r":[^{}]*", "", template)):
        raise UnclearError
    result = _run(lambda: template.format(*positional, **named))
    assert isinstance(result, str)
    return result


_TEXT_METHODS = words("""
lower upper strip lstrip rstrip title capitalize casefold swapcase startswith endswith find rfind count index
removeprefix removesuffix isdigit isalpha isalnum islower isupper isspace isidentifier replace zfill split
rsplit partition rpartition splitlines encode decode
""")


def text_method(text: str | bytes, name: str, positional: Sequence[object], named: dict[str, Any]) -> object:
    """`text.name(...)`: a scalar, or a list or tuple of strings. Raises UnclearError."""
    if name not in _TEXT_METHODS:
        raise UnclearError
    if name == "zfill" and any(isinstance(width, int) and width > 999 for width in positional):
        raise UnclearError
    new = positional[1] if name == "replace" and len(positional) >= 2 else None
    if isinstance(new, (str, bytes)) and (len(text) + 1) * (len(new) + 1) > MAX_TEXT * 20:
        raise UnclearError
    try:
        result = getattr(text, name)(*positional, **named)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise UnclearError from error
    if isinstance(result, (list, tuple)):
        if len(result) > 200:
            raise UnclearError
        return result
    return scalar(result)


def join_text(separator: str, parts: Sequence[object]) -> str:
    """`separator.join(parts)`. Raises UnclearError."""
    if not all(isinstance(part, str) for part in parts):
        raise UnclearError
    if sum(len(str(part)) + len(separator) for part in parts) > MAX_TEXT:
        raise UnclearError
    return separator.join(str(part) for part in parts)
