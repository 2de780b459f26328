"""marimo notebooks: scripts whose cells are functions, `@app.cell`, that share their names as cells do."""

from __future__ import annotations

import ast

from trl_lint.model.value import Symbol
from trl_lint.python.atoms import Abs, InstObj
from trl_lint.python.machine import Machine

_APP = "marimo.App"


def decorator(m: Machine, value: Abs) -> Symbol | None:
    """The name of a decorator that belongs to a notebook, `marimo.App.cell`; None for any other."""
    content = m.content(value)
    if isinstance(content, InstObj) and content.origin == _APP and content.callee.startswith("."):
        return Symbol(f"{_APP}{content.callee}")
    return None


def is_cell(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is a cell."""
    for each in node.decorator_list:
        target = each.func if isinstance(each, ast.Call) else each
        if isinstance(target, ast.Attribute) and target.attr == "cell":
            found = decorator(m, m.eval(target))
            if found is not None and found.last == "cell":
                return True
    return False


def run_cell(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Run a cell: what it assigns are names of the notebook. Its parameters and what it returns only list them."""
    m.records.entered.setdefault(node)
    m.execute([statement for statement in node.body if not isinstance(statement, ast.Return)])
