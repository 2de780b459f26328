"""Objects that a library made: what is done to them, and what is read from them."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.span import Span
from trl_lint.model.value import Call, Known, Mutation, Symbol, Unknown, Value
from trl_lint.python import freeze as snapshots
from trl_lint.python.atoms import (
    Abs,
    Args,
    ClassInfo,
    Closure,
    InstObj,
    ListObj,
    Lit,
    ObjObj,
    Partial,
    Ref,
    Tup,
    one,
    top,
)
from trl_lint.python.libraries import PARSERS, WATCHED, is_parser, is_trusted
from trl_lint.python.machine import Machine
from trl_lint.python.memory import mutated

GROUPS = ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser")
_INERT = frozenset({"__init__", "__post_init__", "__repr__", "__str__"})


def record(m: Machine, dotted: str, args: Args, node: ast.expr, bases: tuple[str, ...] = ()) -> Call:
    """A call of something imported, with its arguments as they are now; calls of watched packages are reported."""
    func = node.func if isinstance(node, ast.Call) else node
    size = snapshots.weight(m, args)
    large = size > snapshots.MAX_WEIGHT
    call = Call(
        dotted,
        m.span(node),
        m.span(func),
        () if large else snapshots.arguments(m, args),
        "its arguments are too large to be followed" if large else args.open or args.open_positional,
        (*m.guards, *(guard for guard in args.guards if guard not in m.guards)),
        bases,
        m.when,
        scope(m),
    )
    roots = {dotted.partition(".")[0], *(base.partition(".")[0] for base in bases)}
    if roots & WATCHED or dotted == "dataclasses.replace":
        m.records.call(call, snapshots.digest(m, args))
    return call


def scope(m: Machine) -> str:
    """The qualified name of the enclosing function."""
    frame = m.frame
    while frame.kind == "comprehension" and frame.parent is not None:
        frame = frame.parent
    return frame.qualname


def make(m: Machine, callee: str, call: Call | None, args: Args, node: ast.expr, origin: str) -> Abs:
    """The object that a call gives."""
    _keep(m, origin, call, args)
    content = InstObj(
        callee,
        m.span(node),
        call,
        origin=origin,
        digest=hash((callee, m.offsets.start(node), snapshots.digest(m, args))),
        weight=snapshots.weight(m, args),
    )
    return new(m, content)


def _keep(m: Machine, origin: str, call: Call | None, args: Args) -> None:
    """What a parser is told is needed as it is, functions and classes included."""
    if call is not None and is_parser(origin):
        m.raw[id(call)] = args
        m.kept.append(call)


def new(m: Machine, content: InstObj) -> Abs:
    """A new object; those of watched packages are reported."""
    ref = m.memory.make(content)
    if content.origin.partition(".")[0] in WATCHED:
        m.records.made(ref.ident)
    return one(ref)


def receiver(m: Machine, ref: Ref, content: InstObj) -> Value:
    """The object as the receiver of a method, or the whole of a part."""
    if content.weight > snapshots.MAX_WEIGHT:
        return Unknown("a chain that is too long to be followed")
    if content.parsed is not None:
        return Unknown(content.parsed)
    return Known(snapshots.instance(m, ref.ident, content))


def method(m: Machine, ref: Ref, content: InstObj, name: str, args: Args, node: ast.expr) -> Abs:
    """`object.name(...)`: noted as a change of the object, and giving a new one."""
    call = record(m, f".{name}", args, node)
    _keep(m, content.origin, call, args)
    size = content.weight + snapshots.weight(m, args)
    result = InstObj(
        f".{name}",
        m.span(node),
        call,
        receiver(m, ref, content),
        origin=content.origin,
        digest=hash((name, m.offsets.start(node), content.digest, snapshots.digest(m, args))),
        weight=size,
        parsed=_parsed(content, name),
        parent=ref.ident if name in GROUPS and content.origin.startswith("argparse.") else None,
        part=f".{name}{_command(args) if name == 'add_parser' else ''}",
    )
    mutate(m, ref, Mutation("call", name, Unknown("what a method gives"), call.span, call))
    if not is_trusted(content.origin):
        m.memory.lose([item.value for item in args.items], f"it is handed to `.{name}()`", m.span(node))
    return new(m, result)


def _command(args: Args) -> str:
    """The name of a sub-command, as the name of its parser's changes bears it."""
    given = args.positional()
    name = given[0].only.value if given and isinstance(given[0].only, Lit) else None
    return f":{name}" if isinstance(name, str) and name.replace("-", "_").isidentifier() else ""


def _parsed(content: InstObj, name: str) -> str | None:
    """Why the result of a method is not known, where it is that of a command-line parser."""
    root = content.origin.partition(".")[0]
    if name in PARSERS.get(root, ()) and content.origin.endswith("Parser"):
        return f"parsed by {content.origin.rpartition('.')[2]}"
    return None


def mutate(m: Machine, ref: Ref, mutation: Mutation) -> None:
    """Note a change of an object, and of those that it is a part of."""
    name = mutation.name
    target: int | None = ref.ident
    for _ in range(6):
        if target is None:
            return
        content = m.memory.content(Ref(target))
        if not isinstance(content, InstObj):
            return
        changed = mutated(content, replace(mutation, name=name))
        if mutation.kind != "set":
            changed = replace(changed, attrs={})
        m.memory.write(target, changed)
        if content.part.startswith("["):
            return
        name = f"{content.part.lstrip('.')}.{name}"
        target = content.parent


def set_attribute(m: Machine, ref: Ref, name: str, value: Abs, span: Span) -> None:
    """`object.name = value`."""
    frozen = snapshots.freeze(m, value)
    mutate(m, ref, Mutation("set", name, frozen, span))
    content = m.memory.content(ref)
    if isinstance(content, InstObj):
        simple = all(isinstance(alt.atom, (Lit, Symbol)) or _is_instance(m, alt.atom) for alt in value.alts)
        attrs = {key: held for key, held in content.attrs.items() if key != name}
        parts = {key: held for key, held in content.parts.items() if key != f".{name}"}
        if simple:
            attrs[name] = value
        m.memory.write(ref.ident, replace(content, attrs=attrs, parts=parts))
        if not simple:
            m.memory.lose([value], f"it is put into `.{name}`", span)


def _is_instance(m: Machine, atom: object) -> bool:
    return isinstance(atom, Ref) and isinstance(m.memory.content(atom), InstObj)


def get_attribute(m: Machine, ref: Ref, content: InstObj, name: str, node: ast.expr) -> Abs:
    """`object.name`."""
    if name in content.attrs:
        return content.attrs[name]
    if content.filled is not None:
        return top(f"`{name}`, {content.filled}")
    return part(m, ref, content, f".{name}", node)


def part(m: Machine, ref: Ref, content: InstObj, label: str, node: ast.expr) -> Abs:
    """A part of an object: an attribute `.tokenizer`, an item `[0]`. The same part is the same object."""
    known = content.parts.get(label)
    if known is not None:
        return one(Ref(known))
    parsed = _parsed_part(content, label)
    if parsed is not None and label.startswith("."):
        return top(parsed)
    made = new(
        m,
        InstObj(
            label,
            m.span(node),
            None,
            receiver(m, ref, content),
            parent=ref.ident,
            part=label,
            origin=content.origin,
            digest=hash((label, content.digest)),
            weight=content.weight + 1,
            parsed=parsed,
        ),
    )
    found = made.only
    if isinstance(found, Ref):
        m.memory.write(ref.ident, replace(content, parts={**content.parts, label: found.ident}))
    return made


def _parsed_part(content: InstObj, label: str) -> str | None:
    if content.parsed is None:
        return None
    if not label.startswith("."):
        return content.parsed
    if content.origin.startswith("argparse."):
        return f"the command-line argument `--{label[1:]}`"
    return f"`{label[1:]}`, {content.parsed}"


def loose_functions(m: Machine, args: Args) -> list[Abs]:
    """Functions and objects of the file among the arguments: a library may call them."""
    found: list[Abs] = []
    for item in args.items:
        for alt in item.value.alts:
            inner: tuple[Abs, ...] = ()
            if isinstance(alt.atom, Tup):
                inner = alt.atom.items
            elif isinstance(alt.atom, Ref):
                content = m.memory.content(alt.atom)
                inner = content.items if isinstance(content, ListObj) else ()
            found.extend(value for value in (one(alt.atom), *inner) if _is_callable(m, value))
    return found


def _is_callable(m: Machine, value: Abs) -> bool:
    for alt in value.alts:
        if isinstance(alt.atom, (Closure, Partial)):
            return True
        content = m.memory.content(alt.atom) if isinstance(alt.atom, Ref) else None
        if isinstance(content, ObjObj) and content.cls is not None and _has_methods(content.cls):
            return True
    return False


def _has_methods(info: ClassInfo) -> bool:
    """Whether a library could make an object do anything: one that only holds values is left alone by it."""
    return info.opaque is not None or any(cls.methods - _INERT for cls in info.lineage())
