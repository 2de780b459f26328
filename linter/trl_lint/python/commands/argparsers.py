"""`argparse`: from the calls that were made on a parser to the namespace that it gives."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.span import Span
from trl_lint.model.value import Symbol
from trl_lint.python import scalars
from trl_lint.python.atoms import NONE, Abs, Args, InstObj, ListObj, Lit, ObjObj, Tup, lit, one, top
from trl_lint.python.commands.line import words_of
from trl_lint.python.commands.options import BOOLEAN, Option
from trl_lint.python.commands.told import Told, values_of
from trl_lint.python.commands.words import ANY, OPTIONAL
from trl_lint.python.containers import items_of
from trl_lint.python.machine import Machine
from trl_lint.python.truth import python_value

ORIGIN = "argparse.ArgumentParser"
PARSES = ("parse_args", "parse_intermixed_args")
PARSES_KNOWN = ("parse_known_args", "parse_known_intermixed_args")
_MAX_PARENTS = 4
_SUPPRESS = "argparse.SUPPRESS"


def method(m: Machine, content: InstObj, name: str, args: Args, node: ast.expr) -> Abs | None:
    """The result of a method of an argument parser; None for those that are no end of it."""
    if content.parent is not None or name not in (*PARSES, *PARSES_KNOWN):
        return None
    namespace = _parse(m, content, args, node, strict=name in PARSES)
    if name in PARSES_KNOWN:
        rest = one(m.memory.make(ListObj("list", (), "the words that the parser does not know")))
        return one(Tup((namespace, rest)))
    return namespace


def _parse(m: Machine, content: InstObj, args: Args, node: ast.expr, strict: bool) -> Abs:
    options = Told()
    _collect(m, content, options, 0)
    line = words_of(m, args)
    if any(item.name == "namespace" for item in args.items) or len(args.positional()) > 1:
        m.memory.lose([item.value for item in args.items], "a parser fills it")
        return top("a namespace that a parser fills")
    attrs = values_of(m, options, line, node, strict)
    return one(m.memory.make(ObjObj(None, attrs, parsed=True)))


def _collect(m: Machine, content: InstObj, options: Told, depth: int) -> None:
    made = m.raw.get(id(content.call))
    if made is not None:
        _from_parents(m, made, options, depth)
    suppresses = made is not None and _text(made.keyword("argument_default")) == _SUPPRESS
    for mutation in content.mutations:
        *above, last = mutation.name.split(".")
        if mutation.kind == "escape":
            options.open = mutation.name
            continue
        args = m.raw.get(id(mutation.call)) if mutation.call is not None else None
        if args is None:
            continue
        told = options
        for name in above:
            if name.startswith("add_parser"):
                told = told.command(name.partition(":")[2])
        if last == "add_argument":
            option = _option(m, args, mutation.span, mutation.optional)
            if option is None:
                told.open = told.open or "an argument that is added in a way that is not followed"
            elif option.dest:
                explicit = args.keyword("default") is not None
                told.add(option if explicit or not suppresses else replace(option, suppressed=True), explicit)
        elif last == "set_defaults":
            for passed in args.items:
                if passed.name is not None:
                    told.set_default(m, passed.name, passed.value, passed.span, mutation.optional or passed.optional)
        elif last == "add_subparsers":
            told.commands_dest, told.commands_at = _text(args.keyword("dest")), len(told.options)
            required = args.keyword("required")
            told.commands_required = required is not None and required.only == Lit(True)
        elif last == "add_parser":
            name = _command(args)
            told.command(name if args.keyword("aliases") is None else "")


def _from_parents(m: Machine, made: Args, options: Told, depth: int) -> None:
    parents = made.keyword("parents")
    items, unknown = items_of(m, parents.only) if parents is not None and parents.only is not None else ((), None)
    for item in items:
        parent = m.content(item)
        if isinstance(parent, InstObj) and depth < _MAX_PARENTS:
            _collect(m, parent, options, depth + 1)
        else:
            unknown = unknown or "a parent that is not known"
    if unknown or (parents is not None and parents.only is None):
        options.open = unknown or "parents that are not known"


def _command(args: Args) -> str:
    """The name of a sub-command; empty where it is not known."""
    given = args.positional()
    name = given[0].only.value if given and isinstance(given[0].only, Lit) else None
    return name if isinstance(name, str) and name.replace("-", "_").isidentifier() else ""


def _option(m: Machine, args: Args, span: Span, optional: bool) -> Option | None:
    """What one `add_argument` says. `dest` empty: it gives no value; None: not understood."""
    names = [value.only.value for value in args.positional() if isinstance(value.only, Lit)]
    if not args.plain or len(names) != len(args.positional()) or not all(isinstance(name, str) for name in names):
        return None
    written = tuple(str(name) for name in names)
    action = _text(args.keyword("action")) or "store"
    if action in ("help", "version"):
        return Option(written, "", span, None)
    dest = _text(args.keyword("dest")) or _dest(written)
    if not dest:
        return None
    default = args.keyword("default")
    gone = default is not None and isinstance(default.only, Symbol) and default.only.name == _SUPPRESS
    option = Option(
        written, dest, span, _default(args, action, written), optional=optional, key=written[0], suppressed=gone
    )
    if action in ("store_true", "store_false"):
        return replace(option, takes=0, action="const", const=lit(action == "store_true"))
    if action in ("store_const", "append_const"):
        return replace(option, takes=0, action="const", const=args.keyword("const") or NONE)
    if action == "count":
        return replace(option, takes=0, action="count")
    if action == "argparse.BooleanOptionalAction":
        return replace(option, takes=0, action=BOOLEAN)
    takes = _takes(args.keyword("nargs"))
    if takes is None or action not in ("store", "append", "extend"):
        return replace(option, takes=ANY, optional=True)
    return replace(
        option,
        takes=takes,
        listed=_is_number(args.keyword("nargs")),
        action=action,
        const=args.keyword("const"),
        convert=args.keyword("type"),
        choices=_choices(m, args.keyword("choices")),
    )


def _default(args: Args, action: str, written: tuple[str, ...]) -> Abs | None:
    """The value without the option; None where it has to be given, or is then missing from the namespace."""
    given = args.keyword("default")
    if given is not None:
        atom = given.only
        return None if isinstance(atom, Symbol) and atom.name == _SUPPRESS else given
    required = args.keyword("required")
    if required is not None and not (isinstance(required.only, Lit) and not required.only.value):
        return None
    if action in ("store_true", "store_false"):
        return lit(action == "store_false")
    if written and not written[0].startswith("-"):
        nargs = args.keyword("nargs")
        return NONE if nargs is not None and isinstance(nargs.only, Lit) and nargs.only.value == "?" else None
    return NONE


def _dest(written: tuple[str, ...]) -> str:
    long = next((name for name in written if name.startswith("--")), written[0] if written else "")
    return long.lstrip("-").replace("-", "_") if long.startswith("-") else long


def _text(value: Abs | None) -> str | None:
    atom = value.only if value is not None else None
    if isinstance(atom, Symbol):
        return atom.name
    if value is None:
        return None
    return atom.value if isinstance(atom, Lit) and isinstance(atom.value, str) else "unknown"


def _takes(nargs: Abs | None) -> int | None:
    if nargs is None:
        return 1
    atom = nargs.only
    if isinstance(atom, Lit) and type(atom.value) is int:
        return max(1, atom.value)
    known = {"?": OPTIONAL, "*": ANY, "+": ANY}
    return known.get(str(atom.value)) if isinstance(atom, Lit) else None


def _is_number(nargs: Abs | None) -> bool:
    return nargs is not None and isinstance(nargs.only, Lit) and type(nargs.only.value) is int


def _choices(m: Machine, value: Abs | None) -> tuple[str, ...]:
    if value is None or value.only is None:
        return ()
    try:
        held = python_value(m, value.only)
    except scalars.UnclearError:
        return ()
    return tuple(str(item) for item in held) if isinstance(held, (list, tuple, set, dict)) else ()
