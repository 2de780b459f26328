"""Calls of the names that every module has."""

from __future__ import annotations

import ast
from collections.abc import Callable

from trl_lint.model.value import Symbol
from trl_lint.python import scalars
from trl_lint.python.atoms import (
    NONE,
    Abs,
    Args,
    Atom,
    Attributes,
    Closure,
    DictObj,
    ListObj,
    Lit,
    LocalClass,
    Names,
    ObjObj,
    PathLit,
    Ref,
    Tup,
    lit,
    one,
    reason_of,
    top,
)
from trl_lint.python.config_calls import open_file
from trl_lint.python.containers import inner, items_of, spread
from trl_lint.python.library_calls import make_dict
from trl_lint.python.machine import Machine
from trl_lint.python.truth import python_value, truth
from trl_lint.python.words import words

Handler = Callable[[Machine, Args, ast.expr], "Abs | None"]

_READS = words("""
print isinstance issubclass hasattr id hash callable type repr ascii format input open ord chr divmod hex bin
oct memoryview bytearray any all sum min max round pow abs len str int float bool complex bytes object super
NotImplementedError ValueError TypeError RuntimeError KeyError Exception ImportError AssertionError SystemExit
FileNotFoundError display breakpoint property staticmethod classmethod slice
""")
_ITERATES = words("""
iter next map filter zip enumerate reversed sorted list tuple set frozenset range
""")
_POISON = words("""
exec eval globals locals vars compile __import__ delattr get_ipython
""")
MAX_RANGE = 64


def call_builtin(m: Machine, symbol: Symbol, args: Args, node: ast.expr) -> Abs | None:
    """The result of a builtin; None where it may do anything with its arguments."""
    name = symbol.name.partition(".")[2]
    handler = _HANDLERS.get(name)
    found = handler(m, args, node) if handler is not None and args.plain else None
    if name == "dict":
        found = make_dict(m, args, node)
    if found is not None:
        return found
    if name in ("exec", "eval"):
        if not _has_own_names(m, args):
            _poison(m)
            return None
        m.memory.lose([item.value for item in args.items], f"it is handed to `{name}()`")
        return top(f"the result of `{name}()`")
    if name in _POISON:
        m.memory.lose([item.value for item in args.items], f"it is handed to `{name}()`")
        return top(f"`{name}()`")
    if name in _ITERATES:
        # What it gives may hold the items of its arguments, under another name.
        for item in args.items:
            for alt in item.value.alts:
                m.memory.lose(inner(m, alt.atom), f"it is handed to `{name}()`")
                if isinstance(alt.atom, Closure):
                    m.memory.lose([one(alt.atom)], f"it is handed to `{name}()`")
        return top(_why(args, name))
    if name in _READS:
        for item in args.items:
            if name in ("min", "max", "sum"):
                m.memory.lose([item.value], f"it is handed to `{name}()`")
        return top(_why(args, name))
    return None


def _why(args: Args, name: str) -> str:
    for item in args.items:
        reason = reason_of(item.value, "")
        if reason:
            return reason
    return f"the result of `{name}()`"


def _has_own_names(m: Machine, args: Args) -> bool:
    """Whether code in a string gets a dict of its own for its names, as `eval(text, {"__builtins__": None})` does."""
    given = [item.value for item in args.items if item.name in (None, "globals")]
    return args.plain and len(given) > 1 and isinstance(m.content(given[1]), DictObj)


def _poison(m: Machine) -> None:
    """Code in a string may rebind every name."""
    reason = "`exec` or `eval` may change it"
    m.memory.wild_before = m.memory.fresh()
    frame = m.frame
    while frame is not None:
        m.memory.wild_frames.setdefault(frame.ident, reason)
        if frame.parent is None:
            break
        frame = frame.parent


def _pure(function: Callable[..., object]) -> Handler:
    """A builtin that gives a scalar for plain data."""

    def handler(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
        if any(item.name is not None for item in args.items):
            return None

        def run(atoms: list[Atom]) -> Abs:
            try:
                values = [_plain(m, atom) for atom in atoms]
                return lit(scalars.scalar(function(*values)))
            except (scalars.UnclearError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError):
                return top(_why(args, getattr(function, "__name__", "a builtin")))

        found = m.product([item.value for item in args.items], run)
        return found if all(isinstance(alt.atom, Lit) for alt in found.alts) else _fallback(m, args, found)

    return handler


def _fallback(m: Machine, args: Args, found: Abs) -> Abs:
    for item in args.items:
        for alt in item.value.alts:
            m.memory.lose(inner(m, alt.atom), "it is handed to a builtin")
    return found


def _plain(m: Machine, atom: Atom) -> object:
    if isinstance(atom, PathLit):
        return atom.text
    return python_value(m, atom)


def _str(value: object = "") -> str:
    if not isinstance(value, (str, int, float, complex, type(None))):
        raise scalars.UnclearError
    return str(value)


def _round(value: object, digits: object = None) -> object:
    if not isinstance(value, (int, float)) or not isinstance(digits, (int, type(None))) or abs(digits or 0) > 300:
        raise scalars.UnclearError
    return round(value, digits)


def _pow(a: object, b: object) -> object:
    return scalars.binary(ast.Pow(), a, b)


def _bool(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if len(args.items) != 1:
        return None
    value = args.items[0].value

    def run(atoms: list[Atom]) -> Abs:
        found = truth(m, atoms[0])
        return lit(found) if found is not None else top(reason_of(value, "a truth that is not known"))

    return m.product([value], run)


def _len(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if len(args.items) != 1:
        return None

    def run(atoms: list[Atom]) -> Abs:
        atom = atoms[0]
        content = m.memory.content(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Lit) and isinstance(atom.value, (str, bytes)):
            return lit(len(atom.value))
        if isinstance(atom, Tup) and not atom.open:
            return lit(len(atom.items))
        if isinstance(content, ListObj) and not content.open:
            return lit(len(content.items))
        if isinstance(content, DictObj) and not content.open and not any(s.optional for s in content.slots.values()):
            return lit(len(content.slots))
        return top(reason_of(args.items[0].value, "a length that is not known"))

    return m.product([args.items[0].value], run)


def _collect(kind: str) -> Handler:
    def handler(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
        if len(args.items) > 1:
            return None
        items: tuple[Abs, ...] = ()
        unknown: str | None = None
        if args.items:
            items, unknown = spread(m, args.items[0].value)
        if kind == "tuple":
            return one(Tup(items, unknown))
        if kind == "list":
            return one(m.memory.make(ListObj("list", items, unknown)))
        return (
            None if items and not all(isinstance(item.only, Lit) for item in items) else _set(m, items, unknown, args)
        )

    return handler


def _set(m: Machine, items: tuple[Abs, ...], unknown: str | None, args: Args) -> Abs:
    content = m.content(args.items[0].value) if args.items else None
    if isinstance(content, ListObj) and content.kind == "set":
        return one(m.memory.make(content))
    distinct = {item.only.value: item for item in reversed(items) if isinstance(item.only, Lit)}
    return one(m.memory.make(ListObj("set", tuple(reversed(distinct.values())), unknown)))


def _range(_m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    values = [item.value.only.value if isinstance(item.value.only, Lit) else None for item in args.items]
    if not values or not all(type(value) is int for value in values) or len(values) > 3:
        return None
    try:
        numbers = range(*[value for value in values if isinstance(value, int)])
        if len(numbers) <= MAX_RANGE:
            return one(Tup(tuple(lit(number) for number in numbers)))
    except (ValueError, OverflowError):
        pass
    return None


def _passed_through(m: Machine, atom: Atom) -> tuple[tuple[Abs, ...], str | None]:
    """The items of what an iterator will go through."""
    if isinstance(atom, Ref):
        m.iterated.append(atom)
    return items_of(m, atom)


def _enumerate(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if len(args.items) != 1 or args.items[0].value.only is None:
        return None
    items, unknown = _passed_through(m, args.items[0].value.only)
    if unknown:
        return None
    return one(Tup(tuple(one(Tup((lit(index), item))) for index, item in enumerate(items))))


def _zip(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    columns = []
    for item in args.items:
        if item.name is not None or item.value.only is None:
            return None
        items, unknown = _passed_through(m, item.value.only)
        if unknown:
            return None
        columns.append(items)
    return one(Tup(tuple(one(Tup(row)) for row in zip(*columns, strict=False))))


def _sorted(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if len(args.items) != 1:
        return None
    try:
        values = python_value(m, args.items[0].value.only) if args.items[0].value.only is not None else None
        if not isinstance(values, (list, tuple, set, dict)):
            return None
        ordered = sorted(values)
        return one(m.memory.make(ListObj("list", tuple(lit(scalars.scalar(value)) for value in ordered))))
    except (scalars.UnclearError, TypeError):
        return None


def _reversed(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    if len(args.items) != 1 or args.items[0].value.only is None:
        return None
    items, unknown = _passed_through(m, args.items[0].value.only)
    return None if unknown else one(Tup(tuple(reversed(items))))


def _getattr(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    given = args.positional()
    if len(given) < 2 or not isinstance(given[1].only, Lit) or not isinstance(given[1].only.value, str):
        return None
    found = m.handlers.attribute(m, given[0], given[1].only.value, node)
    if len(given) == 2:
        return found
    if isinstance(given[0].only, (Symbol, LocalClass)):
        return m.either([(found, ()), (given[2], ())])
    # An attribute that the code itself has set is there; any other may be missing.
    return m.either([(found, ()), (given[2], ())])


def _setattr(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    given = args.positional()
    if len(given) != 3 or not isinstance(given[1].only, Lit) or not isinstance(given[1].only.value, str):
        m.memory.lose([item.value for item in args.items], "an attribute that is not known is set", m.span(node))
        return NONE
    m.handlers.set_attribute(m, given[0], given[1].only.value, given[2], m.span(node))
    return NONE


def _isinstance(_m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    given = args.positional()
    if len(given) != 2 or not isinstance(given[1].only, Symbol):
        return None
    kinds = {"str": str, "int": int, "float": float, "bool": bool}
    kind = kinds.get(given[1].only.last) if given[1].only.root == "builtins" else None
    value = given[0].only
    return lit(isinstance(value.value, kind)) if kind is not None and isinstance(value, Lit) else None


def _globals(m: Machine, args: Args, _node: ast.expr) -> Abs | None:
    """The names of the module, which code may set through it."""
    return one(Names(m.module.ident)) if not args.items else None


def _locals(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    """The names of a module; those of a function are shown in a copy."""
    return _globals(m, args, node) if m.frame is m.module else None


def _vars(m: Machine, args: Args, node: ast.expr) -> Abs | None:
    """`vars(namespace)`: the attributes as a dict."""
    given = args.positional()
    if not given:
        return _locals(m, args, node)
    if len(given) != 1 or not given[0].alts:
        return None
    found = []
    for alt in given[0].alts:
        content = m.memory.content(alt.atom) if isinstance(alt.atom, Ref) else None
        if not isinstance(alt.atom, Ref) or not isinstance(content, ObjObj):
            return None
        found.append((one(Attributes(alt.atom.ident)), alt.when))
    return m.either(found)


_HANDLERS: dict[str, Handler] = {
    "int": _pure(int),
    "float": _pure(float),
    "str": _pure(_str),
    "abs": _pure(abs),
    "min": _pure(min),
    "max": _pure(max),
    "sum": _pure(sum),
    "any": _pure(any),
    "all": _pure(all),
    "round": _pure(_round),
    "pow": _pure(_pow),
    "ord": _pure(ord),
    "chr": _pure(chr),
    "bool": _bool,
    "len": _len,
    "list": _collect("list"),
    "tuple": _collect("tuple"),
    "set": _collect("set"),
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "sorted": _sorted,
    "reversed": _reversed,
    "getattr": _getattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "vars": _vars,
    "globals": _globals,
    "locals": _locals,
    "open": open_file,
}
