"""`$((NODES * 8))`: whole numbers and variables that hold some."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

_ALLOWED = re.compile(r"[\w\s+*/%()$ {}-]{1,200}")
_NAME = re.compile(r"\$\{(\w+)\}|\$?([A-Za-z_]\w*)")
_LARGEST = 10**9

NumberOf = Callable[[str], "int | None"]


def evaluated(text: str, number_of: NumberOf) -> int | None:
    """What the shell makes of `text`, the inside of `$((...))`; None where it holds what is not known here."""
    if _ALLOWED.fullmatch(text) is None:
        return None
    missing: list[str] = []

    def put_in(match: re.Match[str]) -> str:
        found = number_of(match[1] or match[2])
        if found is None:
            missing.append(match[0])
        return f"({found})"

    filled = _NAME.sub(put_in, text).strip()
    if missing or "$" in filled or "{" in filled:
        return None
    try:
        return _value(ast.parse(filled, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> int:
    """Raises ValueError for what is no number, or too large a one."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        found = node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        found = -_value(node.operand)
    elif isinstance(node, ast.BinOp):
        found = _operation(node.op, _value(node.left), _value(node.right))
    else:
        raise ValueError("no number")
    if abs(found) > _LARGEST:
        raise ValueError("too large")
    return found


def _operation(operator: ast.operator, left: int, right: int) -> int:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult):
        return left * right
    if isinstance(operator, (ast.Div, ast.Mod)) and right:
        # Division goes towards zero in a shell, and the remainder has the sign of what is divided.
        whole = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return whole if isinstance(operator, ast.Div) else left - whole * right
    raise ValueError("no operation that is known")
