"""The trainer calls of a file, found by names alone: what the linter is measured against."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence


def trainer_calls(trees: Sequence[ast.Module]) -> list[ast.Call]:
    """Every call of a class of TRL whose name ends with `Trainer`, or of a class of the file that derives from one.

    `trees` are the script, or the cells of a notebook. Empty where nothing of TRL is imported.
    """
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names, packages = _imported(nodes)
    if not names and not packages:
        return []
    for node in nodes:
        if isinstance(node, ast.ClassDef) and any(_is_trainer(base, names, packages) for base in node.bases):
            names.add(node.name)
    return [node for node in nodes if isinstance(node, ast.Call) and _is_trainer(node.func, names, packages)]


def _imported(nodes: Sequence[ast.AST]) -> tuple[set[str], set[str]]:
    """The names that stand for a trainer of TRL, and those that stand for TRL or a module of it."""
    names: set[str] = set()
    packages: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            packages.update(_packages(node))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "trl" and not node.level:
            names.update(alias.asname or alias.name for alias in node.names if alias.name.endswith("Trainer"))
    return names, packages


def _packages(node: ast.Import) -> Iterator[str]:
    for alias in node.names:
        if alias.name.partition(".")[0] == "trl":
            yield alias.asname or "trl"


def _is_trainer(node: ast.expr, names: set[str], packages: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    if not isinstance(node, ast.Attribute) or not node.attr.endswith("Trainer"):
        return False
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in packages
