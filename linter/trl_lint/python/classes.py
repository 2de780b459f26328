"""Classes of the file: defining them, and making objects of the simple ones."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.value import Symbol
from trl_lint.python import instances, marimo
from trl_lint.python.atoms import (
    Abs,
    Args,
    ClassInfo,
    Closure,
    DataField,
    Frame,
    LocalClass,
    ObjObj,
    Ref,
    Top,
    one,
    stepped,
    top,
)
from trl_lint.python.attributes import class_attribute
from trl_lint.python.functions import define, invoke
from trl_lint.python.guards import class_guard
from trl_lint.python.machine import Machine

_MAGIC = frozenset(
    {"__getattr__", "__getattribute__", "__setattr__", "__new__", "__class_getitem__", "__init_subclass__"}
)
_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic"})
_DATACLASS = frozenset({"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})
_MODELS = frozenset({"pydantic.BaseModel"})
_SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
_FIELDS = frozenset({"dataclasses.field", "pydantic.Field", "pydantic.fields.Field"})


def define_class(m: Machine, node: ast.ClassDef) -> None:
    """Run the body of a class and bind its name."""
    local, known, opaque = _bases(m, node)
    reader = next((base.reader for base in local if base.reader), None)
    dataclass = any(base.model for base in local) or bool(known.keys() & (_MODELS | _SETTINGS))
    model = dataclass
    if known.keys() & _SETTINGS:
        reader = "the environment variable"
    validated = _validators(m, node) if model else None
    opaque = opaque or validated
    known_names = tuple(name for name in known if name not in _MODELS | _SETTINGS)
    for decorator in node.decorator_list:
        value = m.eval(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if isinstance(value.only, Symbol) and value.only.name in _DATACLASS:
            dataclass = True
            if isinstance(decorator, ast.Call) and any(k.arg in ("init", "kw_only") for k in decorator.keywords):
                opaque = opaque or "a special dataclass"
        elif marimo.decorator(m, value) is None:
            opaque = f"`@{m.text(decorator)}`"
    qualname = f"{m.frame.qualname}.{node.name}" if m.frame.qualname else node.name
    frame = Frame(m.memory.fresh(), "class", frozenset(), m.frame, frozenset(), qualname)
    methods = [part.name for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if not opaque and (_MAGIC & set(methods)):
        opaque = "it has special methods"
    guard = class_guard(m, node) if "__init__" in methods else None
    fields: list[DataField] | None = [] if dataclass or any(base.fields is not None for base in local) else None
    owner = ClassInfo(
        node.name,
        frame,
        local,
        known_names,
        opaque,
        methods=frozenset(methods),
        reader=reader,
        model=model,
        guard=guard,
    )
    with m.inside(frame):
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                m.bind(statement.name, one(define(m, statement, statement.name, owner)))
            else:
                m.execute([statement])
            if dataclass and fields is not None and isinstance(statement, ast.AnnAssign):
                _field(m, statement, fields)
    if fields is not None:
        fields = _inherited(local, fields if dataclass else [])
        info = replace(owner, fields=tuple(fields))
    else:
        info = owner
    m.bind(node.name, one(LocalClass(info)))


def _validators(m: Machine, node: ast.ClassDef) -> str | None:
    """Why the values of a pydantic model's fields are not those that it is given."""
    for part in node.body:
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for decorator in part.decorator_list:
                if "validator" in m.text(decorator):
                    return "it has validators"
    return None


def _bases(m: Machine, node: ast.ClassDef) -> tuple[tuple[ClassInfo, ...], dict[str, None], str | None]:
    local: list[ClassInfo] = []
    known: dict[str, None] = {}
    opaque: str | None = "it has a metaclass" if node.keywords else None
    for part in node.bases:
        value = m.eval(part.value if isinstance(part, ast.Subscript) else part)
        atom = value.only
        if isinstance(atom, LocalClass):
            local.append(atom.info)
            known.update(dict.fromkeys(atom.info.bases))
            opaque = opaque or atom.info.opaque
        elif isinstance(atom, Symbol):
            if atom.name in _MODELS | _SETTINGS:
                known[atom.name] = None
            elif atom.name not in _PLAIN_BASES:
                known[atom.name] = None
                opaque = opaque or f"it is derived from `{atom.name}`"
        else:
            opaque = opaque or f"its base `{m.text(part)}` is not known"
    return tuple(local), known, opaque


def _field(m: Machine, node: ast.AnnAssign, fields: list[DataField]) -> None:
    if not isinstance(node.target, ast.Name) or "ClassVar" in m.text(node.annotation):
        return
    default: Abs | None = None
    factory: Abs | None = None
    if isinstance(node.value, ast.Call) and isinstance(m.eval(node.value.func).only, Symbol):
        symbol = m.eval(node.value.func).only
        if isinstance(symbol, Symbol) and symbol.name in _FIELDS:
            if node.value.args and not isinstance(node.value.args[0], ast.Starred):
                default = m.eval(node.value.args[0])  # of pydantic
                if isinstance(default.only, Top) and default.only.reason == "...":
                    default = None
            for keyword in node.value.keywords:
                if keyword.arg == "default":
                    default = m.eval(keyword.value)
                elif keyword.arg == "default_factory":
                    factory = m.eval(keyword.value)
                elif keyword.arg in ("init", None):
                    default = top("a special field")
        else:
            default = m.read(node.target.id)
    elif node.value is not None:
        default = m.read(node.target.id)
    fields[:] = [field for field in fields if field.name != node.target.id]
    fields.append(DataField(node.target.id, default, factory, m.span(node), m.text(node.annotation)))


def _inherited(local: tuple[ClassInfo, ...], own: list[DataField]) -> list[DataField]:
    found: dict[str, DataField] = {}
    for base in reversed(local):
        found.update({field.name: field for field in base.fields or ()})
    found.update({field.name: field for field in own})
    return list(found.values())


def instantiate(m: Machine, info: ClassInfo, args: Args, node: ast.expr) -> Abs:
    """Call a class of the file."""
    if info.bases and not all(base.startswith("builtins.") for base in info.bases):
        return _library_object(m, info, args, node)
    if info.opaque is not None:
        m.memory.lose([item.value for item in args.items], f"it is handed to `{info.name}`", m.span(node))
        return top(f"an object of `{info.name}` ({info.opaque})")
    made = m.memory.make(ObjObj(info, {}))
    initialise = class_attribute(m, info, "__init__", one(made), node)
    if initialise is None and info.fields is not None:
        _fill(m, info, made, args, node)
        initialise = class_attribute(m, info, "__post_init__", one(made), node)
        args = Args()
    if initialise is not None:
        if isinstance(initialise.only, Closure):
            invoke(m, initialise.only, args, node)
        else:
            m.memory.lose([one(made), *(item.value for item in args.items)], f"it is handed to `{info.name}`")
    return one(made)


def _library_object(m: Machine, info: ClassInfo, args: Args, node: ast.expr) -> Abs:
    call = instances.record(m, info.name, args, node, info.bases)
    made = instances.make(m, info.name, call, args, node, info.bases[0])
    if any(
        class_attribute(m, info, name, None, node) for name in ("__init__", "__post_init__", "__new__", "__setattr__")
    ):
        m.memory.lose([item.value for item in args.items], f"it is handed to `{info.name}`", m.span(node))
    return made


def _fill(m: Machine, info: ClassInfo, made: Ref, args: Args, node: ast.expr) -> None:
    """What the generated `__init__` of a dataclass does."""
    attrs: dict[str, Abs] = {}
    positional = args.positional()
    for position, field in enumerate(info.fields or ()):
        given: Abs | None = None
        optional = False
        for item in args.items:
            if item.name == field.name:
                given, optional = item.value, item.optional
        if given is None and position < len(positional):
            given = positional[position]
        default = field.default
        if given is None or optional:
            if field.factory is not None:
                default = m.call(field.factory, Args(), node)
            default = default if default is not None else top(f"the field `{field.name}`, which is not given")
        if given is None:
            unknown = args.open or args.open_positional
            assert default is not None
            given = m.either([(default, ()), (top(unknown), ())]) if unknown else default
        elif optional and default is not None:
            given = m.either([(given, ()), (default, ())])
        if info.reader is not None and not any(item.name == field.name for item in args.items):
            outside = top(f"{info.reader} `{field.name.upper()}`")
            given = Abs(m.either([(given, ()), (outside, ())]).alts, given.trail)
        attrs[field.name] = stepped(given, m.step(node, f"{info.name}.{field.name}"))
    m.memory.write(made.ident, ObjObj(info, attrs))


def namespace(m: Machine, args: Args) -> Abs:
    """`SimpleNamespace(...)`: an object whose attributes are the arguments."""
    attrs = {item.name: item.value for item in args.items if item.name is not None and not item.optional}
    return one(m.memory.make(ObjObj(None, attrs, not args.plain or bool(args.positional()))))
