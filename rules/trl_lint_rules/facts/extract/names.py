"""Which names each module of a package provides, and where a class or function is at home."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trl_lint_rules.facts.extract import values
from trl_lint_rules.facts.extract.tree import Binding, Tree, lazy_structure

_GOING = re.compile(r"(?i)deprecated|import path|now located in|will be removed")

_SKIPPED = ("TYPE_CHECKING", "annotations")


def names_of(tree: Tree, module: str) -> list[str]:
    """The public names that can be imported from `module`, sorted; submodules are not among them."""
    lazy = lazy_structure(tree.parsed(module))
    if lazy:
        found = {name for names in lazy.values() for name in names}
    else:
        found = set(tree.bindings(module))
    return sorted(name for name in found if not name.startswith("_") and name not in _SKIPPED)


def public_modules(tree: Tree) -> list[str]:
    """The modules of which no part is private."""
    return [m for m in tree.modules if not any(part.startswith("_") for part in m.split("."))]


def all_names(tree: Tree) -> dict[str, list[str]]:
    """For each public module the names it provides."""
    return {module: names_of(tree, module) for module in public_modules(tree)}


def exports(tree: Tree) -> dict[tuple[str, str], list[str]]:
    """The public modules that provide each class and function, by its defining module and name."""
    found: dict[tuple[str, str], list[str]] = {}
    for module in public_modules(tree):
        for name in names_of(tree, module):
            resolved = tree.resolve(module, name)
            if resolved and resolved[1] == name and resolved[2].kind in ("class", "function"):
                found.setdefault((resolved[0], name), []).append(module)
    return found


def homes(tree: Tree, exported: dict[tuple[str, str], list[str]]) -> dict[str, str]:
    """For each class and function of the package the best module to import it from.

    The top-level package first, then a package of `experimental`, then another package, then the module
    that defines it.
    """
    best: dict[str, tuple[int, int, str]] = {}
    for (_, name), modules in exported.items():
        for module in modules:
            rank = (_rank(tree, module), module.count("."), module)
            best[name] = min(rank, best.get(name, rank))
    return {name: rank[2] for name, rank in sorted(best.items())}


def _rank(tree: Tree, module: str) -> int:
    if module == tree.root:
        return 0
    if not tree.is_package(module):
        return 3
    return 1 if module.startswith(f"{tree.root}.experimental.") else 2


def deprecated(tree: Tree) -> dict[str, dict[str, str]]:
    """For each package the names whose use warns in any case (a class when it is made), with the words."""
    found: dict[str, dict[str, str]] = {}
    for module in public_modules(tree):
        if not tree.is_package(module):
            continue
        for name in names_of(tree, module):
            resolved = tree.resolve(module, name)
            words = next(_going(resolved[2]), None) if resolved else None
            if words is not None:
                found.setdefault(module, {})[name] = values.sentence(words)
    return found


def _going(binding: Binding) -> Iterator[str]:
    node = binding.node
    bodies = [node.body] if isinstance(node, ast.FunctionDef) else []
    if isinstance(node, ast.ClassDef):
        makers = ("__init__", "__post_init__")
        bodies = [f.body for f in node.body if isinstance(f, ast.FunctionDef) and f.name in makers]
    for body in bodies:
        yield from (words for words in values.warnings(body) if _GOING.search(words))
