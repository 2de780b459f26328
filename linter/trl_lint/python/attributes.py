"""Reading attributes and items."""

from __future__ import annotations

import ast
import posixpath

from trl_lint.model.value import Symbol
from trl_lint.python import instances
from trl_lint.python.atoms import (
    UNBOUND,
    Abs,
    Args,
    Atom,
    Attributes,
    ClassInfo,
    Closure,
    DictObj,
    FileModule,
    InstObj,
    Lit,
    LocalClass,
    Method,
    Names,
    ObjObj,
    PathLit,
    Ref,
    Super,
    Top,
    Tup,
    Unbound,
    lit,
    one,
    top,
)
from trl_lint.python.commands.line import argv
from trl_lint.python.containers import item, lookup, sliced
from trl_lint.python.functions import invoke
from trl_lint.python.machine import Machine

MAX_REASON = 120
DICT_METHODS = frozenset(dir(dict))


def attribute(m: Machine, base: Abs, name: str, node: ast.expr) -> Abs:
    """`base.name`."""
    return m.each(base, lambda atom: _attribute(m, atom, name, node))


def _attribute(m: Machine, atom: Atom, name: str, node: ast.expr) -> Abs:
    if isinstance(atom, Symbol):
        dotted = f"{atom.name}.{name}"
        if dotted in m.patched:
            return top(f"`{dotted}`, which this file replaces")
        if dotted == "sys.argv":
            return argv(m) or one(Symbol(dotted))
        return top(f"`{dotted}`") if atom.local else one(Symbol(dotted))
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, InstObj):
            return instances.get_attribute(m, atom, content, name, node)
        if isinstance(content, ObjObj):
            return _object_attribute(m, atom, content, name, node)
        if isinstance(content, DictObj) and name not in DICT_METHODS:
            return lookup(m, content, lit(name), top(content.open or f"there is no `.{name}`"))  # of OmegaConf
        return one(Method(atom, name))
    if isinstance(atom, FileModule):
        return module_attribute(m, atom, name)
    if isinstance(atom, LocalClass):
        return class_attribute(m, atom.info, name, None, node) or top(f"`.{name}` of the class `{atom.info.name}`")
    if isinstance(atom, PathLit):
        return _path_attribute(atom, name)
    if isinstance(atom, Super):
        for base in atom.owner.lineage()[1:]:
            found = _member(m, base, name)
            if found is not None:
                return _bind(m, found, atom.receiver, node)
        return one(Method(atom, name))
    if isinstance(atom, (Lit, Tup, Attributes, Names)):
        return one(Method(atom, name))
    if isinstance(atom, Top):
        reason = f"`.{name}` of {atom.reason}"
        return top(reason if len(reason) <= MAX_REASON else atom.reason)
    return top(f"the attribute `{name}`")


def module_attribute(m: Machine, module: FileModule, name: str) -> Abs:
    """`module.name` of a module of the project."""
    found = m.memory.variable(module.frame, name)
    if found is None or any(isinstance(alt.atom, Unbound) for alt in found.alts):
        return top(f"`{name}` of the project's module `{module.name}`")
    return found


def _path_attribute(path: PathLit, name: str) -> Abs:
    base = posixpath.basename(path.text)
    stem, dot, suffix = base.rpartition(".")
    if name == "name":
        return lit(base)
    if name == "stem":
        return lit(stem if dot and stem else base)
    if name == "suffix":
        return lit(dot + suffix if dot and stem and suffix else "")
    if name == "parent":
        return one(PathLit(posixpath.dirname(path.text) or "."))
    return one(Method(path, name))


def _object_attribute(m: Machine, ref: Ref, content: ObjObj, name: str, node: ast.expr) -> Abs:
    owner = content.cls
    method = class_attribute(m, owner, name, one(ref), node, methods_only=True) if owner is not None else None
    if method is not None:
        return method
    if owner is not None and owner.model and name in ("model_dump", "dict", "model_copy"):
        return one(Method(ref, name))
    label = f"`.{name}` of an object of `{owner.name}`" if owner is not None else f"`.{name}` of a namespace"
    if content.parsed:
        label = f"the command-line argument `--{name}`"
    if name == "__dict__":
        return one(Attributes(ref.ident))
    if content.wild or (owner is not None and owner.opaque):
        return top(label)
    held = content.attrs.get(name)
    if held is not None and not any(isinstance(alt.atom, Unbound) for alt in held.alts):
        return held
    fallback = class_attribute(m, owner, name, one(ref), node) if owner is not None else None
    if held is None or held == UNBOUND:
        return fallback or top(label)
    alts = tuple(alt for alt in held.alts if not isinstance(alt.atom, Unbound))
    if fallback is None:
        return Abs(alts, held.trail)
    return m.either([(Abs(alts, held.trail), ()), (fallback, ())])


def _member(m: Machine, info: ClassInfo, name: str) -> Abs | None:
    found = m.memory.variable(info.frame.ident, name)
    return None if found is None or found == UNBOUND else found


def class_attribute(
    m: Machine, info: ClassInfo, name: str, receiver: Abs | None, node: ast.expr, methods_only: bool = False
) -> Abs | None:
    """`name` of a class or one of its ancestors, bound to `receiver`; None where nothing defines it."""
    for cls in info.lineage():
        found = _member(m, cls, name)
        if found is None:
            continue
        if methods_only and not isinstance(found.only, Closure):
            return None
        if any(isinstance(alt.atom, Unbound) for alt in found.alts) or (
            cls.opaque and not isinstance(found.only, Closure)
        ):
            return top(f"`.{name}` of the class `{cls.name}`")
        return _bind(m, found, receiver, node)
    return None


def _bind(m: Machine, found: Abs, receiver: Abs | None, node: ast.expr) -> Abs:
    closure = found.only
    if not isinstance(closure, Closure) or closure.info.owner is None or closure.receiver is not None:
        return found
    if closure.info.kind == "property" and receiver is not None:
        return invoke(m, Closure(closure.info, receiver), Args(), node)
    if closure.info.kind == "class":
        return one(Closure(closure.info, one(LocalClass(closure.info.owner))))
    return found if receiver is None or closure.info.kind == "static" else one(Closure(closure.info, receiver))


def subscript(m: Machine, base: Abs, node: ast.Subscript) -> Abs:
    """`base[index]`."""
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        bounds = [m.eval(part) if part is not None else lit(None) for part in parts]
        return m.each(base, lambda atom: _slice(m, atom, bounds, node))
    index = m.eval(node.slice)
    return m.each(base, lambda atom: get_item(m, atom, index, node))


def _slice(m: Machine, atom: Atom, bounds: list[Abs], node: ast.Subscript) -> Abs:
    found = sliced(m, atom, bounds)
    return found if found is not None else get_item(m, atom, top("a slice"), node)


def get_item(m: Machine, atom: Atom, index: Abs, node: ast.expr) -> Abs:
    """`atom[index]`."""
    found = item(m, atom, index)
    if found is not None:
        return found
    key = index.only.value if isinstance(index.only, Lit) else None
    if isinstance(atom, Ref):
        content = m.memory.content(atom)
        if isinstance(content, InstObj):
            return instances.part(m, atom, content, f"[{key!r}]" if isinstance(key, (int, str)) else "[...]", node)
        m.memory.lose([one(atom), index], "its items are asked for")
        return top("an item of an object of the project")
    if isinstance(atom, Symbol) and atom.name == "os.environ":
        line = m.line()
        if line is not None and isinstance(key, str) and key in line.environment:
            return line.environment[key]
        return top(f"the environment variable `{key}`" if isinstance(key, str) else "an environment variable")
    if isinstance(atom, Names) and isinstance(key, str):
        return module_attribute(m, FileModule(atom.frame, "globals()"), key)
    if isinstance(atom, Top):
        m.memory.lose([index], "it is used as a key")
        label = f"`[{key!r}]` of {atom.reason}"
        return top(label if key is not None and len(label) <= MAX_REASON else atom.reason)
    return top("an item that is not known")
