"""`setup.py`, as far as it is literal: read as a syntax tree, never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.files import Document, too_large
from trl_lint.targets.requirement import claim_of

_Line = tuple[str, int]
_DEEPEST = 20


def read_setup_py(document: Document) -> Reading:
    """`install_requires` first, then the extras, then any other list of the module (a `_deps` table)."""
    large = too_large(document)
    if large is not None:
        return Reading(problems=(large,))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(document.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        row = error.lineno if isinstance(error, SyntaxError) and error.lineno else 1
        return Reading(problems=(Problem(document.place(row), "not valid Python for this interpreter: not read"),))
    layers: list[Layer] = []
    problems: list[Problem] = []
    for group in _groups(tree):
        found = [claim_of(text, document.place(row)) for text, row in group]
        problems.extend(item for item in found if isinstance(item, Problem))
        claims = tuple(item for item in found if isinstance(item, Claim))
        if claims:
            layers.append(Layer(claims, Basis.REQUIREMENT, (document.path,)))
    return Reading(tuple(layers), tuple(dict.fromkeys(problems)))


def _groups(tree: ast.Module) -> Iterator[list[_Line]]:
    """The strings of each list of requirements."""
    names: dict[str, ast.expr] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            names.update({target.id: statement.value for target in statement.targets if isinstance(target, ast.Name)})
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            names[statement.target.id] = statement.value
    keywords = [
        keyword
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "setup"
        for keyword in node.keywords
    ]
    for keyword in keywords:
        if keyword.arg == "install_requires":
            yield list(_strings(keyword.value, names))
    for keyword in keywords:
        if keyword.arg == "extras_require":
            yield from _extras(keyword.value, names)
    for value in names.values():
        yield list(_strings(value, {}))


def _extras(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[list[_Line]]:
    table = names.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(table, ast.Dict):
        for value in table.values:
            yield list(_strings(value, names))


def _strings(node: ast.expr, names: dict[str, ast.expr], depth: int = 0) -> Iterator[_Line]:
    """The string literals of a list, tuple, sum of lists or dict of lists, with their rows."""
    if depth > _DEEPEST:
        return
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for item in node.elts:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield item.value, item.lineno
            elif isinstance(item, ast.Starred):
                yield from _strings(item.value, names, depth + 1)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _strings(node.left, names, depth + 1)
        yield from _strings(node.right, names, depth + 1)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value, names, depth + 1)
    elif isinstance(node, ast.Name) and node.id in names:
        yield from _strings(names[node.id], names, depth + 1)
