"""Functions of the standard library whose result can be said."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable

from trl_lint.dataclass import replace
from trl_lint.python import instances
from trl_lint.python.atoms import (
    NONE,
    Abs,
    Args,
    ArgVal,
    Atom,
    Closure,
    DictObj,
    InstObj,
    ListObj,
    Lit,
    ObjObj,
    Partial,
    Ref,
    Tup,
    lit,
    one,
    reason_of,
    top,
)
from trl_lint.python.classes import instantiate, namespace
from trl_lint.python.commands import decorated
from trl_lint.python.config_calls import CALLS
from trl_lint.python.containers import from_pairs, keywords, merged, path_text
from trl_lint.python.functions import invoke
from trl_lint.python.machine import Machine
from trl_lint.python.text_calls import join_paths

MAX_COPIED = 8

Known = Callable[[Machine, Args, ast.expr], "Abs | None"]


def call_known(m: Machine, dotted: str, args: Args, node: ast.expr) -> Abs | None:
    """The result of a library function that is known well; None for any other."""
    handler = _HANDLERS.get(dotted) or CALLS.get(dotted)
    return handler(m, args, node) if handler is not None else None


def _environment(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    if not given:
        return None
    name = given[0].only
    label = "an environment variable"
    if isinstance(name, Lit) and isinstance(name.value, str):
        label = f"the environment variable `{name.value}`"
    line = m.line()
    if line is not None and isinstance(name, Lit) and name.value in line.environment:
        return line.environment[str(name.value)]
    default = given[1] if len(given) > 1 else args.keyword("default") or NONE
    return m.either([(default, ()), (top(label), ())])


def _os_join(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    return join_paths(m, args.positional(), as_path=False) if args.plain else None


def _path(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    return join_paths(m, args.positional(), as_path=True) if args.plain else None


def _on_text(function: Callable[[str], str]) -> Known:
    def handler(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
        if len(args.items) != 1 or not args.plain:
            return None

        def run(atoms: list[Atom]) -> Abs:
            text = path_text(atoms[0])
            return lit(function(text)) if text is not None else top(reason_of(one(atoms[0]), "a path"))

        return m.product([args.items[0].value], run)

    return handler


def _copy(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    return _copied(m, args.items[0].value, None, 0) if len(args.items) == 1 and args.plain else None


def _deepcopy(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    return _copied(m, args.items[0].value, {}, 0) if len(args.items) == 1 and args.plain else None


def _copied(m: Machine, value: Abs, made: dict[int, Abs] | None, depth: int) -> Abs:
    """A copy of a value; a deep one where `made` is given, which holds the copies of what was met before."""

    def run(atoms: list[Atom]) -> Abs:
        atom = atoms[0]
        if isinstance(atom, Tup) and made is not None and depth < MAX_COPIED:
            return one(Tup(tuple(_copied(m, item, made, depth + 1) for item in atom.items), atom.open))
        if not isinstance(atom, Ref):
            return one(atom)
        if made is None:
            return _copy_of(m, atom, None, depth)
        if atom.ident not in made:
            made[atom.ident] = top("a copy of something that holds itself")
            made[atom.ident] = _copy_of(m, atom, made, depth)
        return made[atom.ident]

    return m.product([value], run)


def _copy_of(m: Machine, ref: Ref, made: dict[int, Abs] | None, depth: int) -> Abs:
    content = m.memory.content(ref)
    deep = made is not None
    if isinstance(content, (ListObj, DictObj)) and depth >= MAX_COPIED:
        return top("a copy of something that is nested too deeply")
    if isinstance(content, ListObj):
        items = tuple(_copied(m, item, made, depth + 1) for item in content.items) if deep else content.items
        return one(m.memory.make(ListObj(content.kind, items, content.open)))
    if isinstance(content, DictObj):
        slots = {
            key: replace(slot, value=_copied(m, slot.value, made, depth + 1)) if deep else slot
            for key, slot in content.slots.items()
        }
        return one(m.memory.make(DictObj(slots, content.open)))
    if isinstance(content, InstObj):
        return one(m.memory.make(replace(content, names=(), parent=None, part="", parts={})))
    if isinstance(content, ObjObj):
        m.memory.lose(content.attrs.values(), "it is copied")
    return top("a copy of something that is not known")


def _partial(_m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if not args.items or args.items[0].name is not None:
        return None
    rest = Args(args.items[1:], args.open, args.open_positional, args.guards)
    return one(Partial(args.items[0].value, rest))


def _replace(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    target = args.items[0].value if args.items and args.items[0].name is None else None
    content = m.content(target) if target is not None else None
    if isinstance(content, ObjObj) and target is not None:
        return _replaced(m, target, content, args, node)
    call = instances.record(m, "dataclasses.replace", args, node)
    origin = content.origin if isinstance(content, InstObj) else "dataclasses.replace"
    return instances.make(m, "dataclasses.replace", call, args, node, origin)


def _replaced(m: Machine, target: Abs, content: ObjObj, args: Args, node: ast.expr) -> Abs:
    """A new object of a class of the project: its `__init__` is called with the fields of the old one."""
    info = content.cls
    if info is None or info.fields is None or not args.plain or content.wild:
        m.memory.lose([item.value for item in args.items], "it is handed to `replace()`", m.span(node))
        return top("what `replace()` gives")
    changed = {item.name: item for item in args.items if item.name is not None}
    span = m.span(node)
    given = [
        changed.get(each.name) or ArgVal(each.name, m.handlers.attribute(m, target, each.name, node), span, span)
        for each in info.fields
    ]
    return instantiate(m, info, Args(tuple(given)), node)


def _ordered(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    return make_dict(m, args, node)


def make_dict(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    """`dict(...)`."""
    given = args.positional()
    if len(given) > 1 or args.open_positional:
        return None
    base = from_pairs(m, given[0], m.span(node)) if given else DictObj({})
    return one(m.memory.make(merged(m, base, one(m.memory.make(keywords(m, args))))))


def _namespace(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    return namespace(m, args)


def _cast(_m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    return given[1] if len(given) == 2 else None


def _run(_m: Machine, _args: Args, _node: ast.expr) -> Abs | None:
    """`asyncio.run(main())`: the body was followed when the coroutine was made."""
    return top("the result of a coroutine")


def _fire(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    """`fire.Fire(main)`, `typer.run(main)`: calls it with what the command line gives."""
    target = args.items[0].value.only if args.items else None
    if isinstance(target, Closure):
        return invoke(m, target, decorated.arguments(m, target, node), node)
    return None


_HANDLERS: dict[str, Known] = {
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "os.path.join": _os_join,
    "os.path.basename": _on_text(posixpath.basename),
    "os.path.dirname": _on_text(posixpath.dirname),
    "os.path.normpath": _on_text(posixpath.normpath),
    "os.fspath": _on_text(str),
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PosixPath": _path,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "functools.partial": _partial,
    "dataclasses.replace": _replace,
    "collections.OrderedDict": _ordered,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "typing.cast": _cast,
    "asyncio.run": _run,
    "fire.Fire": _fire,
    "typer.run": _fire,
}
