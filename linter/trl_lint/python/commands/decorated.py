"""`click`, `typer` and `hydra`: functions whose arguments a command line gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.span import Span
from trl_lint.model.value import Symbol
from trl_lint.python.atoms import (
    NONE,
    Abs,
    Args,
    ArgVal,
    Closure,
    DictObj,
    FunctionInfo,
    InstObj,
    Lit,
    Top,
    lit,
    one,
    top,
)
from trl_lint.python.commands.options import BOOLEAN, Option, value_of
from trl_lint.python.commands.words import Given, Takes, read
from trl_lint.python.data_files import load
from trl_lint.python.libraries import HARMLESS_DECORATORS
from trl_lint.python.machine import Machine

MAX_LEAVES = 400
_COMMANDS = ("command", "callback")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """That a command line calls a function: `kind` is `click`, `typer` or `hydra`; `decorators` are those of click
    that add options (`click.option`), or the one of hydra, as they were called."""

    kind: str
    decorators: tuple[tuple[str, Args, Span], ...] = ()


def entry_of(m: Machine, decorators: list[ast.expr]) -> Entry | None:
    """The entry that decorators make of a function; None where one of them is something else."""
    kind = ""
    options: list[tuple[str, Args, Span]] = []
    for node in decorators:
        value = m.eval(node)
        content = m.content(value)
        symbol = value.only.name if isinstance(value.only, Symbol) else ""
        dotted = content.callee if isinstance(content, InstObj) else symbol
        if dotted in HARMLESS_DECORATORS:
            continue
        root, last = dotted.partition(".")[0], dotted.rpartition(".")[2]
        origin = content.origin if isinstance(content, InstObj) else symbol
        if root == "click" and last in ("option", "argument", "command", "group", "pass_context"):
            kind = kind or ("click" if last in ("command", "group") else "")
        elif origin in ("typer.Typer", "click.group", "click.Group", "click.command") and last in _COMMANDS:
            kind = "typer" if origin == "typer.Typer" else "click"
        elif dotted == "hydra.main":
            kind = "hydra"
        else:
            return None
        args = m.raw.get(id(content.call)) if isinstance(content, InstObj) and content.call is not None else None
        if args is not None and last in ("option", "argument", "main"):
            options.append((last, args, m.span(node)))
    return Entry(kind, tuple(options)) if kind else None


def arguments(m: Machine, closure: Closure, node: ast.expr) -> Args:
    """What the command line gives the function."""
    info = closure.info
    entry = info.entry
    spec = info.node.args
    parameters = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    with m.inside(info.frame):
        places = {arg.arg: m.span(arg) for arg in parameters}
    if isinstance(entry, Entry) and entry.kind == "hydra":
        return _hydra(m, entry, [arg.arg for arg in parameters], places)
    options = list(_options(m, info, places))
    given: Given | None = None
    line = m.line()
    if line is not None:
        given = read(line.words, _Names(options).takes, line.open)
        if given.positional:
            given.open = given.open or "a word of the command that is no option"
    found = []
    for option in options:
        if option.dest in places:
            value = value_of(m, option, given, node)
            found.append(ArgVal(option.dest, value, places[option.dest], places[option.dest]))
    return Args(tuple(found), *(2 * (f"the parameters of `{info.qualname}`",)))


@dataclass(slots=True)
class _Names:
    options: list[Option]

    def takes(self, written: str) -> Takes | None:
        """The option of this name."""
        for option in self.options:
            if written in option.names:
                return Takes(option.dest, option.takes)
            if option.action == BOOLEAN and written.startswith("--no-") and f"--{written[5:]}" in option.names:
                return Takes(option.dest, 0, off=True)
        return None


def _options(m: Machine, info: FunctionInfo, places: dict[str, Span]) -> Iterator[Option]:
    entry = info.entry
    if isinstance(entry, Entry) and entry.kind == "click":
        for kind, args, span in entry.decorators:
            option = _click(args, span, kind)
            if option is not None:
                yield option
        return
    for name, span in places.items():
        default = info.defaults.get(name)
        yield _parameter(m, name, default, span)


def _click(args: Args, span: Span, kind: str) -> Option | None:
    names = [value.only.value for value in args.positional() if isinstance(value.only, Lit)]
    written = [str(name) for name in names if isinstance(name, str)]
    plain = [name for name in written if not name.startswith("-")]
    flags = [part for name in written if name.startswith("-") for part in name.split("/")]
    if not written:
        return None
    long = next((name for name in flags if name.startswith("--")), flags[0] if flags else plain[0])
    dest = (plain[0] if plain and flags else long.lstrip("-")).replace("-", "_").lower()
    paired = any("/" in name for name in written)
    is_flag = args.keyword("is_flag")
    flag = paired or (is_flag is not None and isinstance(is_flag.only, Lit) and bool(is_flag.only.value))
    default = args.keyword("default")
    required = args.keyword("required")
    optional = required is None or (isinstance(required.only, Lit) and not required.only.value)
    needed = kind == "argument" or not optional
    multiple = args.keyword("multiple")
    if default is None and not needed:
        default = lit(False) if flag else NONE if multiple is None else None
    if not args.plain:
        default = None
    convert = args.keyword("type")
    if convert is None and default is not None and isinstance(default.only, Lit):
        convert = _converter(default.only.value)
    elif convert is not None and not (isinstance(convert.only, Symbol) and convert.only.root == "builtins"):
        convert = None  # `click.Choice`, `click.Path`: texts
    names_of = tuple(flags) if not paired else (long,)
    action = BOOLEAN if flag else "store"
    return Option(names_of or (dest,), dest, span, default, 0 if flag else 1, action, None, convert)


def _converter(value: object) -> Abs | None:
    name = {bool: "bool", int: "int", float: "float"}.get(type(value))
    return one(Symbol(f"builtins.{name}")) if name is not None else None


def _parameter(m: Machine, name: str, default: Abs | None, span: Span) -> Option:
    """A parameter as typer sees it: `lr: float = 1e-5`, `lr: float = typer.Option(1e-5)`."""
    written = (f"--{name.replace('_', '-')}", f"--{name}")
    content = m.content(default) if default is not None else None
    if isinstance(content, InstObj) and content.callee in ("typer.Option", "typer.Argument"):
        args = m.raw.get(id(content.call)) if content.call is not None else None
        given = args.positional() if args is not None else []
        default = given[0] if given else args.keyword("default") if args is not None else None
        if default is not None and not isinstance(default.only, Lit):
            default = None if _is_ellipsis(default) else default
    convert = _converter(default.only.value) if default is not None and isinstance(default.only, Lit) else None
    flag = default is not None and isinstance(default.only, Lit) and type(default.only.value) is bool
    return Option(written, name, span, default, 0 if flag else 1, BOOLEAN if flag else "store", None, convert)


def _is_ellipsis(value: Abs) -> bool:
    """Whether a default is `...`, which typer takes for "has to be given"."""
    return isinstance(value.only, Top) and value.only.reason == "..."


def _hydra(m: Machine, entry: Entry, names: list[str], places: dict[str, Span]) -> Args:
    """The config that `@hydra.main(config_path=..., config_name=...)` reads; any of its values may be overridden."""
    more = "Hydra's command line"
    value = top("the config that Hydra puts together")
    for _, args, _span in entry.decorators:
        folder, name = _text(args.keyword("config_path")), _text(args.keyword("config_name"))
        if name is not None and folder is not None:
            file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
            value = softened(m, load(m, lit(f"{folder}/{file}"), beside_script=True), more)
    if not names:
        return Args((), more, more)
    place = places[names[0]]
    return Args((ArgVal(names[0], value, place, place),))


def _text(value: Abs | None) -> str | None:
    text = value.only.value if value is not None and isinstance(value.only, Lit) else None
    return text if isinstance(text, str) else None


def softened(m: Machine, value: Abs, reason: str) -> Abs:
    """`value` of a config file of which something outside of the code may replace every part."""
    left = [MAX_LEAVES]

    def soft(held: Abs) -> Abs:
        left[0] -= 1
        content = m.content(held)
        if isinstance(content, DictObj) and left[0] > 0:
            grouped = content.open
            if "defaults" in content.slots:
                grouped = grouped or "the config groups of Hydra's `defaults`"
            slots = {key: replace(slot, value=soft(slot.value)) for key, slot in content.slots.items()}
            return one(m.memory.make(DictObj(slots, grouped)))
        return Abs(m.either([(Abs(held.alts), ()), (top(reason), ())]).alts, held.trail)

    return soft(value)
