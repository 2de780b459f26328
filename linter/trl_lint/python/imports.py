"""Import statements: what they bind, and the list of what is imported."""

from __future__ import annotations

import ast

from trl_lint.model.module import Import
from trl_lint.model.value import Symbol
from trl_lint.python.atoms import Abs, Lit, LocalClass, Unbound, one, top
from trl_lint.python.libraries import TRUSTED
from trl_lint.python.machine import Machine


def import_modules(m: Machine, node: ast.Import) -> None:
    """`import a.b as c`."""
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        m.imported(Import(alias.name, bound, m.span(alias), m.span(node), tuple(m.guards)))
        m.bind(bound, one(Symbol(alias.name if alias.asname else bound)))


def import_names(m: Machine, node: ast.ImportFrom) -> None:
    """`from a.b import c as d`."""
    module = "." * node.level + (node.module or "")
    for alias in node.names:
        dotted = f"{module}.{alias.name}" if not module.endswith(".") else f"{module}{alias.name}"
        bound = alias.asname or alias.name
        m.imported(Import(dotted, bound, m.span(alias), m.span(node), tuple(m.guards)))
        if alias.name == "*":
            _star(m, module, bool(node.level))
        elif node.level:
            m.bind(bound, top(f"`{alias.name}` of the project's module `{module}`"))
        elif node.module == "__future__":
            continue
        elif dotted in m.patched:
            m.bind(bound, top(f"`{dotted}`, which this file replaces"))
        else:
            m.bind(bound, one(Symbol(dotted)))


def _star(m: Machine, module: str, relative: bool) -> None:
    """`from a import *`: a module that is no known library may rebind whatever the file has assigned."""
    trusted = not relative and module.partition(".")[0] in TRUSTED
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
    return isinstance(atom, (Unbound, LocalClass)) and not isinstance(atom, Lit)
