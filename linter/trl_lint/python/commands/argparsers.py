"""`argparse`: from the calls that were made on a parser to the namespace that it gives."""

from __future__ import annotations

import ast

from trl_lint.dataclass import replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Symbol
from trl_lint.python import scalars
from trl_lint.python.atoms import NONE, Abs, Args, InstObj, ListObj, Lit, ObjObj, Tup, lit, one
from trl_lint.python.commands.line import words_of
from trl_lint.python.commands.options import BOOLEAN, Option, value_of
from trl_lint.python.commands.words import ANY, OPTIONAL, Given, Takes, Time, read
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
    options = _Options()
    _collect(m, content, options, 0)
    line = words_of(m, args)
    given: Given | None = None
    if line is not None:
        given = read(line.words, options.takes, line.open)
        _place_positional(options, given)
        if not strict and given.open is not None and given.open.endswith("no option of this parser"):
            given.open = None
    attrs: dict[str, Abs] = {}
    for dest, several in options.by_dest().items():
        values: list[tuple[Abs, tuple[Arm, ...]]] = [(value_of(m, option, given, node), ()) for option in several]
        attrs[dest] = values[0][0] if len(values) == 1 else m.either(values)
    namespace = m.memory.make(ObjObj(None, attrs, parsed=True))
    return one(namespace)


class _Options:
    """What a parser was told: options in their order, and the defaults that were set apart from them."""

    def __init__(self) -> None:
        self.found: list[Option] = []
        self.defaults: dict[str, tuple[Abs, Span, bool]] = {}
        self.open: str | None = None

    def takes(self, written: str) -> Takes | None:
        """The option that a word means: itself, or the only one that it begins."""
        exact = next((option for option in self.found if written in option.names), None)
        if exact is None and written.startswith("--"):
            if written.startswith("--no-"):
                positive = next((o for o in self.found if o.action == BOOLEAN and f"--{written[5:]}" in o.names), None)
                if positive is not None:
                    return Takes(positive.dest, 0, off=True)
            begun = [o for o in self.found if any(name.startswith(written) for name in o.names)]
            exact = begun[0] if len(begun) == 1 else None
        return Takes(exact.dest, exact.takes) if exact is not None else None

    def by_dest(self) -> dict[str, list[Option]]:
        """The options that end in one attribute, each with the default that counts."""
        found: dict[str, list[Option]] = {}
        for option in self.found:
            held = self.defaults.get(option.dest)
            default = option.default if held is None else held[0]
            if self.open is not None:
                option = replace(option, optional=True)
            found.setdefault(option.dest, []).append(replace(option, default=default))
        for dest, (value, span, optional) in self.defaults.items():
            if dest not in found:
                what = "set as a default of"
                found[dest] = [Option((), dest, span, value, optional=optional, what=what, action="set")]
        # Two flags for one attribute (`--x`, `--no-x`) share the default of the first.
        return {dest: _shared(several) for dest, several in found.items()}


def _shared(several: list[Option]) -> list[Option]:
    return several if len(several) == 1 or any(option.optional for option in several) else several[:1]


def _collect(m: Machine, content: InstObj, options: _Options, depth: int) -> None:
    made = m.raw.get(id(content.call))
    if made is not None:
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
    for mutation in content.mutations:
        last = mutation.name.rpartition(".")[2]
        if mutation.kind == "escape":
            options.open = mutation.name
            continue
        args = m.raw.get(id(mutation.call)) if mutation.call is not None else None
        if args is None:
            continue
        below = "add_parser" in mutation.name
        if last == "add_argument":
            option = _option(m, args, mutation.span, mutation.optional or below)
            if option is None:
                options.open = options.open or "an argument that is added in a way that is not followed"
            elif option.dest:
                options.found.append(option)
        elif last == "set_defaults":
            for passed in args.items:
                if passed.name is not None:
                    options.defaults[passed.name] = (passed.value, passed.span, mutation.optional or below)
        elif last == "add_subparsers":
            dest = args.keyword("dest")
            if dest is not None and isinstance(dest.only, Lit) and isinstance(dest.only.value, str):
                options.found.append(Option((dest.only.value,), dest.only.value, mutation.span, None))


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
    option = Option(written, dest, span, _default(args, action, written), optional=optional)
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
        action="append" if action in ("append", "extend") else "store",
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


def _choices(m: Machine, value: Abs | None) -> tuple[str, ...]:
    if value is None or value.only is None:
        return ()
    try:
        held = python_value(m, value.only)
    except scalars.UnclearError:
        return ()
    return tuple(str(item) for item in held) if isinstance(held, (list, tuple, set, dict)) else ()


def _place_positional(options: _Options, given: Given) -> None:
    """Give the words without an option to the arguments that are known by their place."""
    waiting = list(given.positional) if given.open is None else []
    places = [option for option in options.found if option.positional and not option.optional]
    fixed = sum(1 for option in places if option.takes == 1)
    for option in places:
        if option.takes == 1 and waiting:
            word = waiting.pop(0)
            given.options.setdefault(option.dest, []).append(Time(word.span, [word]))
        elif option.takes in (ANY, OPTIONAL) and waiting and len(places) == fixed + 1:
            mine = waiting if option.takes == ANY else waiting[:1]
            given.options.setdefault(option.dest, []).append(Time(mine[0].span, list(mine)))
            waiting = [] if option.takes == ANY else waiting[1:]
