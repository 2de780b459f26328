"""Functions that read a configuration: `yaml.safe_load`, `json.load`, OmegaConf, and objects as dicts."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

from trl_lint.dataclass import replace
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Call, Scalar, Symbol
from trl_lint.python import freeze as snapshots
from trl_lint.python.atoms import (
    Abs,
    Args,
    Atom,
    Attributes,
    ClassInfo,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    LocalClass,
    ObjObj,
    Ref,
    Slot,
    Tup,
    one,
    top,
)
from trl_lint.python.containers import as_dict, merged
from trl_lint.python.data_files import OPENED, load, load_open, parse
from trl_lint.python.machine import Machine
from trl_lint.python.thaw import thaw

MAX_DEPTH = 20
MAX_TEXT = 100_000

Known = Callable[[Machine, Args, ast.expr], "Abs | None"]


def open_file(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    """`open(path)`: an object that knows its path, unless it is opened for writing."""
    mode = args.positional()[1] if len(args.positional()) > 1 else args.keyword("mode")
    writes = mode is not None and not (isinstance(mode.only, Lit) and "r" in str(mode.only.value))
    if not args.items or args.items[0].name is not None or not args.plain or writes:
        return None
    span = m.span(node)
    call = Call(OPENED, span, span, snapshots.arguments(m, args))
    m.raw[id(call)] = args
    m.kept.append(call)
    return one(m.memory.make(InstObj(OPENED, span, call, origin=OPENED)))


def _load(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    if not given:
        return None
    text = given[0].only.value if isinstance(given[0].only, Lit) else None
    if isinstance(text, str):
        return _text(m, text, Kind.YAML)
    return load_open(m, given[0])


def _loads(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    if not given:
        return None
    text = given[0].only.value if isinstance(given[0].only, Lit) else None
    if isinstance(text, str):
        return _text(m, text, Kind.JSON)
    return load_open(m, given[0])


def _text(m: Machine, text: str, kind: Kind) -> Abs:
    """A configuration that is written out in the code. It has no lines of its own."""
    if len(text) > MAX_TEXT:
        return top("a text that is too long to be read")
    if kind is Kind.JSON:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return top("a text that is no JSON")
    return thaw(m, parse(Source(m.source.path, kind, text)), placed=False)


def _omega_load(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    return load(m, given[0]) if given else None


def _create(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    return copied(m, given[0], 0) if len(given) == 1 else None


def _from_cli(m: Machine, _args: Args, _node: ast.expr) -> Abs:
    return one(m.memory.make(DictObj({}, "the command line")))


def _merge(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    if not given or not args.plain:
        return None
    result = one(m.memory.make(DictObj({})))
    for value in given:
        result = _over(m, result, value, 0)
    return result


def _over(m: Machine, base: Abs, other: Abs, depth: int) -> Abs:
    """`base` with `other` laid over it, mapping by mapping."""
    below, above = as_dict(m, base.only), as_dict(m, other.only)
    if below is None or above is None or depth > MAX_DEPTH:
        return top("a merged config that is not known") if below is None or depth > MAX_DEPTH else _unknown(m, base)
    if above.open is not None:
        below = DictObj({key: _soft(m, slot, above.open, depth) for key, slot in below.slots.items()}, above.open)
        above = DictObj(above.slots)
    shared = {}
    for key, slot in above.slots.items():
        held = below.slots.get(key)
        if held is not None and as_dict(m, held.value.only) is not None and as_dict(m, slot.value.only) is not None:
            shared[key] = replace(slot, value=_over(m, held.value, slot.value, depth + 1))
        else:
            shared[key] = slot
    return one(m.memory.make(merged(m, below, one(m.memory.make(DictObj(shared, above.open))))))


def _unknown(m: Machine, base: Abs) -> Abs:
    """A config over which something is laid that is not known."""
    held = as_dict(m, base.only)
    assert held is not None
    reason = "a config that is merged into it"
    return one(m.memory.make(DictObj({key: _soft(m, slot, reason, 0) for key, slot in held.slots.items()}, reason)))


def _soft(m: Machine, slot: Slot, reason: str, depth: int) -> Slot:
    inner = as_dict(m, slot.value.only)
    if inner is not None and depth < MAX_DEPTH:
        slots = {key: _soft(m, each, reason, depth + 1) for key, each in inner.slots.items()}
        return replace(slot, value=one(m.memory.make(DictObj(slots, inner.open or reason))))
    value = m.either([(Abs(slot.value.alts), ()), (top(reason), ())])
    return replace(slot, value=Abs(value.alts, slot.value.trail))


def _as_dict(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    """`dataclasses.asdict(x)`, `OmegaConf.to_container(x)`: a deep copy as plain containers."""
    given = args.positional()
    return copied(m, given[0], 0) if given else None


def copied(m: Machine, value: Abs, depth: int) -> Abs:
    """`value` as fresh dicts and lists, objects of the project's dataclasses included."""

    def run(atoms: list[Atom]) -> Abs:
        return _copy(m, atoms[0], depth)

    found = m.product([Abs(value.alts)], run)
    return Abs(found.alts, value.trail)


def _copy(m: Machine, atom: Atom, depth: int) -> Abs:
    if depth > MAX_DEPTH:
        return top("it is nested too deeply")
    if isinstance(atom, Tup):
        return one(Tup(tuple(copied(m, item, depth + 1) for item in atom.items), atom.open))
    if not isinstance(atom, Ref):
        return one(atom) if isinstance(atom, (Lit, Symbol, LocalClass)) else top("a copy of something")
    content = m.memory.content(atom)
    if isinstance(content, ListObj):
        items = tuple(copied(m, item, depth + 1) for item in content.items)
        return one(m.memory.make(ListObj(content.kind, items, content.open)))
    held = content if isinstance(content, DictObj) else None
    if isinstance(content, ObjObj) and (content.cls is None or content.cls.fields is not None):
        held = as_dict(m, Attributes(atom.ident))
        if held is not None and content.cls is not None:
            held = _fields_of(held, content.cls)
    if held is None:
        return top("a copy of something that is not known")
    slots = {key: replace(slot, value=copied(m, slot.value, depth + 1)) for key, slot in held.slots.items()}
    return one(m.memory.make(DictObj(slots, held.open)))


def _fields_of(held: DictObj, info: ClassInfo) -> DictObj:
    """Of the attributes of an object those that are fields of its class."""
    names = [each.name for each in info.fields or ()]
    slots: dict[Scalar, Slot] = {name: held.slots[name] for name in names if name in held.slots}
    gone = held.open or ("a field that was deleted" if len(slots) < len(names) else None)
    return DictObj(slots, gone)


CALLS: dict[str, Known] = {
    "yaml.safe_load": _load,
    "yaml.full_load": _load,
    "yaml.unsafe_load": _load,
    "yaml.load": _load,
    "json.load": _load,
    "json.loads": _loads,
    "omegaconf.OmegaConf.load": _omega_load,
    "omegaconf.OmegaConf.create": _create,
    "omegaconf.OmegaConf.merge": _merge,
    "omegaconf.OmegaConf.from_cli": _from_cli,
    "omegaconf.OmegaConf.to_container": _as_dict,
    "omegaconf.OmegaConf.to_object": _as_dict,
    "dataclasses.asdict": _as_dict,
}
