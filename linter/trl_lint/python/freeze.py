"""From what the interpreter computes with to the values of the model: snapshots of how things are now."""

from __future__ import annotations

from trl_lint.dataclass import replace
from trl_lint.model.value import (
    Argument,
    Entry,
    Instance,
    Items,
    Known,
    OneOf,
    Option,
    Symbol,
    Table,
    Unknown,
    Value,
)
from trl_lint.python.atoms import (
    Abs,
    Args,
    Atom,
    Attributes,
    Closure,
    DictObj,
    FileModule,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    ObjObj,
    PathLit,
    Ref,
    Top,
    Tup,
    Unbound,
    Wild,
)
from trl_lint.python.containers import as_dict
from trl_lint.python.machine import Machine

MAX_NODES = 20_000
MAX_NESTING = 40
MAX_WEIGHT = 2_000
MAX_DIGESTED = 200


class Freezer:
    """One snapshot; bounded in size, and proof against containers that hold themselves."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._memory = machine.memory
        self._left = MAX_NODES
        self._open: set[int] = set()

    def value(self, value: Abs) -> Value:
        """`value` as the model has it."""
        self._left -= 1
        if self._left < 0:
            return Unknown("it is too large to be followed", value.trail)
        alts = [alt for alt in value.alts if not isinstance(alt.atom, Unbound)]
        if not alts:
            return Unknown("it has no value here", value.trail)
        if len(alts) == 1:
            return replace(self._atom(alts[0].atom), trail=value.trail)
        return OneOf(tuple(Option(self._atom(alt.atom), alt.when) for alt in alts), value.trail)

    def _atom(self, atom: Atom) -> Known | Unknown:
        if isinstance(atom, Lit):
            return Known(atom.value)
        if isinstance(atom, PathLit):
            return Known(atom.text)
        if isinstance(atom, Top):
            return Unknown(atom.reason)
        if isinstance(atom, Symbol):
            return Known(atom)
        if isinstance(atom, Tup):
            return self._nested(None, atom)
        if isinstance(atom, Ref):
            return self._nested(atom.ident, atom)
        if isinstance(atom, LocalClass):
            return Known(Symbol(atom.info.name, True, atom.info.bases))
        if isinstance(atom, Closure):
            return Known(Symbol(atom.info.qualname, True))
        if isinstance(atom, Attributes):
            return self._nested(atom.ident, atom)
        if isinstance(atom, FileModule):
            return Known(Symbol(atom.name, True))
        return Unknown("a callable that is put together here")

    def _nested(self, ident: int | None, atom: Tup | Ref | Attributes) -> Known | Unknown:
        if len(self._open) >= MAX_NESTING or ident in self._open:
            return Unknown("it is nested too deeply")
        mark = ident if ident is not None else -len(self._open) - 1
        self._open.add(mark)
        try:
            if isinstance(atom, Tup):
                return Known(Items("tuple", tuple(self.value(item) for item in atom.items), atom.open))
            if isinstance(atom, Attributes):
                view = as_dict(self._machine, atom)
                return self._table(view) if view is not None else Unknown("the attributes of an object")
            return self._content(atom)
        finally:
            self._open.discard(mark)

    def _table(self, content: DictObj) -> Known:
        entries = [Entry(key, self.value(slot.value), slot.span, slot.optional) for key, slot in content.slots.items()]
        return Known(Table(tuple(entries), content.open))

    def _content(self, ref: Ref) -> Known | Unknown:
        content = self._memory.content(ref)
        if isinstance(content, ListObj):
            return Known(Items(content.kind, tuple(self.value(item) for item in content.items), content.open))
        if isinstance(content, DictObj):
            return self._table(content)
        if isinstance(content, InstObj):
            if content.parsed is not None:
                return Unknown(content.parsed)
            return Known(instance(self._machine, ref.ident, content))
        if isinstance(content, ObjObj):
            name = f"the project's class `{content.cls.name}`" if content.cls else "a namespace"
            return Unknown(f"an object of {name}")
        return Unknown(content.reason if isinstance(content, Wild) else "an object")


def freeze(machine: Machine, value: Abs) -> Value:
    """`value` as it is now."""
    return Freezer(machine).value(value)


def instance(machine: Machine, ident: int, content: InstObj) -> Instance:
    """An object that a library made, as it is now."""
    return Instance(
        ident,
        content.callee,
        content.span,
        content.call,
        content.receiver,
        content.mutations,
        variable_of(machine, ident, content),
    )


def variable_of(machine: Machine, ident: int, content: InstObj) -> str | None:
    """A plain variable through which the object can be named: best one of the current scope."""
    visible = {machine.module.ident: 0}
    frame = machine.frame
    scopes = []
    while frame.parent is not None:
        if frame.kind != "class":
            scopes.append(frame.ident)
        frame = frame.parent
    visible.update({scope: rank for rank, scope in enumerate(reversed(scopes), 1)})
    candidates = sorted(content.names, key=lambda name: visible.get(name[0], -1), reverse=True)
    for owner, name in candidates:
        held = machine.memory.variable(owner, name)
        if held is not None and held.only == Ref(ident):
            return name
    return None


def arguments(machine: Machine, args: Args) -> tuple[Argument, ...]:
    """The arguments of a call, as they are now."""
    freezer = Freezer(machine)
    found = []
    for item in args.items:
        value = freezer.value(item.value)
        found.append(Argument(item.name, value, item.span, item.value_span, item.via, item.optional))
    return tuple(found)


def weight(machine: Machine, args: Args) -> int:
    """How much a snapshot of these arguments would hold, counting shared parts as often as they are met."""
    total = 1
    stack = [item.value for item in args.items]
    seen: set[int] = set()
    while stack and total <= MAX_WEIGHT:
        total += 1
        for alt in stack.pop().alts:
            if isinstance(alt.atom, Tup):
                stack.extend(alt.atom.items)
            elif isinstance(alt.atom, Ref):
                content = machine.memory.content(alt.atom)
                if isinstance(content, InstObj):
                    total += content.weight
                elif alt.atom.ident not in seen:
                    seen.add(alt.atom.ident)
                    stack.extend(_inner(content))
    return total


def _inner(content: object) -> list[Abs]:
    if isinstance(content, ListObj):
        return [value for value in content.items if not isinstance(value.only, Lit)]
    if isinstance(content, DictObj):
        return [slot.value for slot in content.slots.values() if not isinstance(slot.value.only, Lit)]
    return []


def digest(machine: Machine, args: Args, depth: int = 4) -> int:
    """A number that tells different arguments apart, whichever objects they are made of."""
    parts = [(item.name, item.optional, _digest(machine, item.value, depth)) for item in args.items]
    return hash((tuple(parts), args.open is None))


def _digest(machine: Machine, value: Abs, depth: int) -> int:
    return hash(tuple(_digest_atom(machine, alt.atom, depth) for alt in value.alts))


def _digest_atom(machine: Machine, atom: Atom, depth: int) -> int:
    if isinstance(atom, Tup) and depth:
        return hash(("tuple", atom.open is None, tuple(_digest(machine, item, depth - 1) for item in atom.items)))
    if isinstance(atom, Ref) and not depth and not isinstance(machine.memory.content(atom), InstObj):
        return hash(("deep", atom.ident))  # what is not looked into is no other's equal
    if not isinstance(atom, Ref) or not depth:
        return hash((type(atom).__name__, atom)) if isinstance(atom, (Lit, PathLit, Symbol, Top, Tup)) else 0
    content = machine.memory.content(atom)
    if isinstance(content, ListObj):
        parts = tuple(_digest(machine, item, depth - 1) for item in content.items[:MAX_DIGESTED])
        return hash((content.kind, content.open is None, len(content.items), parts))
    if isinstance(content, DictObj):
        slots = list(content.slots.items())[:MAX_DIGESTED]
        entries = tuple((repr(k), slot.optional, _digest(machine, slot.value, depth - 1)) for k, slot in slots)
        return hash(("dict", content.open is None, len(content.slots), entries))
    if isinstance(content, InstObj):
        return hash((content.digest, tuple((m.span.start, m.optional) for m in content.mutations)))
    return 1
