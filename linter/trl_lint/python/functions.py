"""Functions of the file: defining them, and following a call into the body."""

from __future__ import annotations

import ast

from trl_lint.model.value import Scalar, Step, Symbol
from trl_lint.python import marimo
from trl_lint.python.atoms import (
    NONE,
    Abs,
    Args,
    ArgVal,
    ClassInfo,
    Closure,
    DictObj,
    Frame,
    FunctionInfo,
    FunctionNode,
    Lit,
    LocalClass,
    Ref,
    Slot,
    Tup,
    one,
    stepped,
    top,
)
from trl_lint.python.commands import decorated
from trl_lint.python.guards import failing_guard, is_broad
from trl_lint.python.libraries import HARMLESS_DECORATORS
from trl_lint.python.loops import many
from trl_lint.python.machine import Exits, Machine
from trl_lint.python.memory import Layer

MAX_INLINED = 8


def define(m: Machine, node: FunctionNode, name: str, owner: ClassInfo | None = None) -> Closure:
    """The function that a definition makes here."""
    spec = node.args
    defaults = {arg.arg: value for arg, value in _defaults(m, spec)}
    wrapped, kind = None, "plain"
    for decorator in [] if isinstance(node, ast.Lambda) else node.decorator_list:
        symbol = _decorator(m, decorator)
        last = symbol.last if symbol is not None else ""
        if owner is not None and last in ("staticmethod", "classmethod", "property") and symbol is not None:
            kind = {"staticmethod": "static", "classmethod": "class"}.get(last, last)
        elif symbol is None or symbol.name not in HARMLESS_DECORATORS:
            wrapped = m.text(decorator)
    entry = None
    if wrapped is not None and owner is None and not isinstance(node, ast.Lambda):
        entry = decorated.entry_of(m, node.decorator_list)
        wrapped = wrapped if entry is None else None
    parent = m.frame.qualname
    qualname = f"{parent}.{name}" if parent else name
    info = FunctionInfo(node, m.frame, qualname, defaults, owner, wrapped, entry, kind)
    closure = Closure(info)
    if m.file is m.main:
        m.closures[node] = closure
    return closure


def _defaults(m: Machine, spec: ast.arguments) -> list[tuple[ast.arg, Abs]]:
    positional = [*spec.posonlyargs, *spec.args]
    tail = positional[len(positional) - len(spec.defaults) :]
    found = [(arg, m.eval(value)) for arg, value in zip(tail, spec.defaults, strict=True)]
    for arg, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
        if value is not None:
            found.append((arg, m.eval(value)))
    return found


def _decorator(m: Machine, node: ast.expr) -> Symbol | None:
    target = node.func if isinstance(node, ast.Call) else node
    value = m.eval(target)
    if isinstance(node, ast.Call):
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            m.eval(part)
    return value.only if isinstance(value.only, Symbol) else marimo.decorator(m, value)


def invoke(m: Machine, closure: Closure, args: Args, node: ast.expr, awaited: bool = False) -> Abs:
    """Call a function of the file."""
    info = closure.info
    name = info.qualname
    if info.entry is not None and not args.items:
        args = decorated.arguments(m, closure, node)
    later = isinstance(info.node, ast.AsyncFunctionDef) and not awaited
    if info.wrapped or later or m.local_bindings(info.node).generator:
        m.memory.lose([item.value for item in args.items], f"it is handed to `{name}`", m.span(node))
        visit(m, closure, f"`{name}` may change it")
        if info.wrapped:
            return top(f"the result of `{name}()`, which `@{info.wrapped}` wraps")
        return top(f"the result of `{name}()`")
    if m.exhausted or info in m.active or len(m.active) >= MAX_INLINED:
        return _not_followed(m, closure, args, node)
    return inline(m, closure, args, node)


def _not_followed(m: Machine, closure: Closure, args: Args, node: ast.expr) -> Abs:
    """A call whose effects may be all that functions of this file can do."""
    reason = f"`{closure.info.qualname}` is called in a way that is not followed"
    m.memory.lose([item.value for item in args.items], reason, m.span(node))
    if closure.info.node in m.closures:
        m.again.setdefault(closure.info.node, closure)
    return _anything(m, closure, reason)


def _anything(m: Machine, closure: Closure, reason: str) -> Abs:
    m.memory.wild_before = m.memory.fresh()
    for key in m.declared:
        m.memory.volatile.setdefault(key, reason)
    frame: Frame | None = closure.info.frame
    while frame is not None and frame.kind != "module":
        m.memory.wild_frames.setdefault(frame.ident, reason)
        frame = frame.parent
    return top(f"the result of `{closure.info.qualname}()`")


def visit(m: Machine, closure: Closure, reason: str) -> None:
    """Follow a function that something may call at any time with any arguments."""
    with m.inside(closure.info.frame):
        _visit(m, closure, reason)


def _visit(m: Machine, closure: Closure, reason: str) -> None:
    if closure.info in m.active or len(m.active) >= MAX_INLINED or m.exhausted:
        _not_followed(m, closure, Args(), _place(closure.info.node))
        return
    read = many(m, lambda: inline(m, closure, unknown_arguments(m, closure), _place(closure.info.node)), reason)
    for key in read:
        if isinstance(key, tuple):
            m.memory.readers.setdefault(key, {})[closure.info] = closure


def _place(node: FunctionNode) -> ast.expr:
    return ast.copy_location(ast.Constant(None), node)


def unknown_arguments(m: Machine, closure: Closure) -> Args:
    """Arguments of which nothing is known; a parameter with a default may have that."""
    info = closure.info
    if info.entry is not None:
        return decorated.arguments(m, closure, _place(info.node))
    spec = info.node.args
    found = []
    positional = [*spec.posonlyargs, *spec.args]
    if info.owner is not None and info.kind != "static":
        positional = positional[1:]
    with m.inside(info.frame):
        spans = {arg.arg: m.span(arg) for arg in [*positional, *spec.kwonlyargs]}
    for arg in [*positional, *spec.kwonlyargs]:
        unknown = top(f"the parameter `{arg.arg}`")
        default = info.defaults.get(arg.arg)
        value = unknown if default is None else m.either([(default, ()), (unknown, ())])
        found.append(ArgVal(arg.arg, value, spans[arg.arg], spans[arg.arg]))
    return Args(tuple(found), *(2 * (f"the parameters of `{info.qualname}`",)))


def inline(m: Machine, closure: Closure, args: Args, node: ast.expr) -> Abs:
    """Evaluate the body with its parameters bound, and join what it returns."""
    info = closure.info
    found = m.local_bindings(info.node)
    name = "" if isinstance(info.node, ast.Lambda) else info.qualname
    frame = Frame(
        m.memory.fresh(), "function", found.names, info.frame, found.declared_global, name or info.frame.qualname
    )
    m.records.entered.setdefault(info.node)
    start = len(m.memory.path)
    exits = Exits(len(m.memory.layers))
    loops, m.loops = m.loops, []
    guards, m.guards = m.guards, [guard for guard in m.guards if not is_broad(guard)]
    with m.inside(info.frame):
        failing = failing_guard(m, info.node)
    required = info.owner.guard if info.owner is not None else None
    m.guards.extend(guard for guard in (failing, required) if guard is not None)
    m.exits.append(exits)
    m.active.append(info)
    m.memory.push()
    try:
        values = _bind(m, closure, args)
        with m.inside(frame):
            for parameter, value in values.items():
                m.bind(parameter, value)
            result = _run(m, info.node)
    finally:
        m.exits.pop()
        m.active.pop()
        m.loops, m.guards = loops, guards
    layer = m.memory.pop()
    if exits.unfollowed:
        layer.dead = False
        m.memory.merge([layer, *(end for _, end in exits.returns), Layer(path=m.memory.path)])
        return _anything(m, closure, f"`{info.qualname}` has too many ways out to be followed")
    ends = [*exits.returns, (result, layer)]
    _note_names(m, frame, [end for _, end in ends if not end.dead])
    m.memory.merge([end for _, end in ends])
    results = [(value, end.path[start:]) for value, end in ends if not end.dead]
    if not results:
        return top(f"`{info.qualname}()` does not return")
    value = m.either(results)
    return stepped(value, Step(m.span(node), f"returned by {name}()")) if name else value


def _note_names(m: Machine, frame: Frame, ends: list[Layer]) -> None:
    """Which variables of a function hold one object, however it is left."""
    for key, stored in ends[0].writes.items() if ends else ():
        if isinstance(key, int) or key[0] != frame.ident or not isinstance(stored, Abs):
            continue
        held = stored.only
        if isinstance(held, Ref) and all(end.writes.get(key) == stored for end in ends[1:]):
            m.names_at_end[held.ident] = key[1]


def _run(m: Machine, node: FunctionNode) -> Abs:
    if isinstance(node, ast.Lambda):
        return m.eval(node.body)
    m.execute(node.body)
    return NONE


def _bind(m: Machine, closure: Closure, args: Args) -> dict[str, Abs]:
    """The values of all parameters."""
    info = closure.info
    spec = info.node.args
    slots = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    given = [item for item in args.items if item.name is None]
    values: dict[str, Abs] = {}
    if closure.receiver is not None and slots and info.kind != "static":
        values[slots.pop(0)] = closure.receiver
    elif info.owner is not None and info.kind == "class" and slots:
        values[slots.pop(0)] = one(LocalClass(info.owner))
    elif info.owner is not None and info.kind != "static" and not given and slots:
        values[slots.pop(0)] = top(f"an object of `{info.owner.name}`")
    for name, item in zip(slots, given, strict=False):
        values[name] = _passed(m, info, name, item)
    extra = given[len(slots) :]
    names = {*slots, *(arg.arg for arg in spec.kwonlyargs)} - {arg.arg for arg in spec.posonlyargs}
    others: dict[Scalar, Slot] = {}
    for item in args.items:
        if item.name in names:
            value = _passed(m, info, item.name, item)
            default = info.defaults.get(item.name)
            if item.optional and default is not None:
                value = m.either([(value, ()), (default, ())])
            values[item.name] = value
        elif item.name is not None:
            others[item.name] = Slot(item.value, item.span, item.optional, (), item.value_span)
    for name in (*slots, *(arg.arg for arg in spec.kwonlyargs)):
        if name not in values:
            values[name] = _missing(m, info, args, name)
        elif args.open_positional and name in slots and not any(item.name == name for item in args.items):
            values[name] = m.either([(values[name], ()), (top(args.open_positional), ())])
    if spec.vararg is not None:
        values[spec.vararg.arg] = one(Tup(tuple(item.value for item in extra), args.open_positional))
    if spec.kwarg is not None:
        values[spec.kwarg.arg] = one(m.memory.make(DictObj(others, args.open)))
    return values


def _missing(m: Machine, info: FunctionInfo, args: Args, name: str) -> Abs:
    default = info.defaults.get(name)
    reason = args.open or args.open_positional
    if reason is None:
        return default if default is not None else top(f"the parameter `{name}`, which this call does not give")
    unknown = top(f"the parameter `{name}`" if reason.startswith("the parameters of") else reason)
    return unknown if default is None else m.either([(default, ()), (unknown, ())])


def _passed(_m: Machine, info: FunctionInfo, name: str, item: ArgVal) -> Abs:
    if isinstance(item.value.only, Lit) and item.value.only.value is None and not item.value.trail:
        return item.value
    return stepped(item.value, Step(item.value_span, f"passed to {info.qualname}() as {name}"))
