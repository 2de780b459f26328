"""Which parser answers a method call."""

from __future__ import annotations

import ast

from trl_lint.python.atoms import Abs, Args, InstObj
from trl_lint.python.commands import argparsers, dataclass_parsers
from trl_lint.python.machine import Machine


def parser_method(m: Machine, content: InstObj, name: str, args: Args, node: ast.expr) -> Abs | None:
    """What a command-line parser gives; None for any other object, and for methods that only tell it something."""
    if not name.startswith("parse") or content.callee.startswith("."):
        return None
    if content.origin == argparsers.ORIGIN:
        return argparsers.method(m, content, name, args, node)
    if dataclass_parsers.is_parser(content.origin):
        return dataclass_parsers.method(m, content, name, args, node)
    return None
