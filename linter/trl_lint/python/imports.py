"""Import statements: what they bind, and the list of what is imported."""

from __future__ import annotations

import ast

from trl_lint.model.module import Import
from trl_lint.model.value import Symbol
from trl_lint.python import modules
from trl_lint.python.atoms import Abs, FileModule, Lit, LocalClass, Unbound, one, top
from trl_lint.python.libraries import TRUSTED
from trl_lint.python.machine import Machine


def import_modules(m: Machine, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        m.imported(Import(alias.name, bound, m.span(alias), m.span(node), tuple(m.guards)))
        found = _project_module(m, alias.name, bool(alias.asname))
        m.bind(bound, found or one(Symbol(alias.name if alias.asname else bound)))


def _project_module(m: Machine, name: str, whole: bool) -> Abs | None:
    """What `import name` binds where the project has that module: it (`whole`), or the package it lies in."""
    if _is_library_name(name):
        return None
    parts = name.split(".")
    files = [modules.module(m, ".".join(parts[: index + 1])) for index in range(len(parts))]
    last = files[-1]
    if last is None:
        return None
    for package, inner, part in zip(files, files[1:], parts[1:], strict=False):
        if package is not None and inner is not None:
            m.memory.write((package.frame.ident, part), modules.as_value(inner))
    first = last if whole else files[0]
    return modules.as_value(first) if first is not None else top(f"the project's package `{parts[0]}`")


def _is_library_name(name: str) -> bool:
    return name.partition(".")[0] in TRUSTED


def import_names(m: Machine, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`."""
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        dotted = f"{module}.{alias.name}" if not module.endswith(".") else f"{module}{alias.name}"
        bound = alias.asname or alias.name
        m.imported(Import(dotted, bound, m.span(alias), m.span(node), tuple(m.guards)))
        if alias.name == "*":
            _star(m, module, node)
            continue
        found = _from_project(m, node, alias)
        if found is not None:
            m.bind(bound, found)
        elif node.level:
            m.bind(bound, top(f"`{alias.name}` of the project's module `{module}`"))
        elif node.module == "__future__":
            continue
        elif dotted in m.patched:
            m.bind(bound, top(f"`{dotted}`, which this file replaces"))
        else:
            m.bind(bound, one(Symbol(dotted)))


def _from_project(m: Machine, node: ast.ImportFrom, alias: ast.alias) -> Abs | None:
    """What one name of `from module import name` is, where the project has the module."""
    name = node.module or ""
    if not node.level and (_is_library_name(name) or name == "__future__"):
        return None
    package = modules.module(m, name, node.level)
    found = modules.member(m, package, alias.name, node) if package is not None else None
    if found is not None:
        return found
    inner = modules.module(m, f"{name}.{alias.name}" if name else alias.name, node.level)
    if inner is not None:
        return modules.as_value(inner)
    return top(f"`{alias.name}` of the project's module `{package.name}`") if package is not None else None


def _all_names(m: Machine, node: ast.ImportFrom) -> bool:
    """`from module import *` of a module of the project: whether it was found, and all its names are known."""
    if not node.level and _is_library_name(node.module or ""):
        return False
    package = modules.module(m, node.module or "", node.level)
    if package is None or package.open or any(not trusted for _, trusted in package.stars):
        return False
    listed = m.memory.variable(package.frame.ident, "__all__")
    if listed is not None:
        return False
    m.stars.extend(package.stars)
    for name in list(package.bound):
        value = modules.member(m, package, name, node) if not name.startswith("_") else None
        if value is not None:
            m.bind(name, value)
    return True


def _star(m: Machine, module: str, node: ast.ImportFrom) -> None:
    """`from a import *`: a module that is no known library may rebind whatever the file has assigned."""
    if _all_names(m, node):
        return
    trusted = not node.level and module.partition(".")[0] in TRUSTED
    m.stars.append((module, trusted))
    if trusted:
        return
    for key, value in list(m.memory.layers[0].writes.items()):
        if isinstance(key, tuple) and key[0] == m.module.ident and isinstance(value, Abs):
            name = key[1]
            if not all(_is_library(alt.atom) for alt in value.alts):
                m.memory.lose([value], f"`from {module} import *` may replace it")
                m.bind(name, top(f"`{name}` may come from `from {module} import *`"))


def _is_library(atom: object) -> bool:
    if isinstance(atom, Symbol):
        return atom.root in TRUSTED
    return isinstance(atom, (Unbound, LocalClass, FileModule)) and not isinstance(atom, Lit)
