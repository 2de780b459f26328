"""The values the interpreter computes with: alternatives (`Alt`) of atoms, and the contents of heap objects.

Mutable things are `Ref`s to contents in the memory, so that aliases stay aliases. `freeze` turns all this into
the values of the model.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from trl_lint.dataclass import dataclass, field
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Call, Guard, Mutation, Scalar, Step, Symbol, Value

MAX_ALTERNATIVES = 16
MAX_ARMS = 8
MAX_STEPS = 8
MAX_SIZE = 512  # items that a container which the code changes may hold and still be followed

FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """A scalar. Equality is strict about types: 1, 1.0 and True are three values."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Lit) or type(self.value) is not type(other.value):
            return False
        if isinstance(self.value, (float, complex)):
            return repr(self.value) == repr(other.value)  # tells 0.0 from -0.0, and nan is nan
        return self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class PathLit:
    """A `pathlib.Path` whose text is known."""

    text: str


@dataclass(frozen=True, slots=True)
class Top:
    """Anything; two of them are the same claim whatever their reasons."""

    reason: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unbound:
    """The name has no value on this path."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An object of the heap."""

    ident: int


@dataclass(frozen=True, slots=True)
class Alt:
    """One alternative, and the arms under which it holds."""

    atom: Atom
    when: tuple[Arm, ...] = ()


@dataclass(frozen=True, slots=True)
class Abs:
    """An abstract value: it is one of `alts`."""

    alts: tuple[Alt, ...]
    trail: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def only(self) -> Atom | None:
        """The atom, where there is one alternative."""
        return self.alts[0].atom if len(self.alts) == 1 else None


@dataclass(frozen=True, slots=True)
class Tup:
    """A tuple; `open` says why there may be further items."""

    items: tuple[Abs, ...]
    open: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One activation of a scope. `names` are the names that are local to it."""

    ident: int
    kind: str  # module | function | class | comprehension
    names: frozenset[str]
    parent: Frame | None = None
    declared_global: frozenset[str] = frozenset()
    qualname: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ClassInfo:
    """A class of the file. `bases` are the dotted names of its known imported ancestors.

    `opaque` says why objects of it are not followed.
    """

    name: str
    frame: Frame
    local_bases: tuple[ClassInfo, ...] = ()
    bases: tuple[str, ...] = ()
    opaque: str | None = None
    fields: tuple[DataField, ...] | None = None  # of a dataclass
    methods: frozenset[str] = frozenset()
    reader: str | None = None  # of a settings class: what else fills its fields (the environment)
    model: bool = False  # of pydantic
    guard: Guard | None = None  # what its `__init__` requires of the releases

    def lineage(self) -> tuple[ClassInfo, ...]:
        """The class and its ancestors of this file, nearest first."""
        found: dict[ClassInfo, None] = {self: None}
        for base in self.local_bases:
            found.update(dict.fromkeys(base.lineage()))
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class DataField:
    """A field of a dataclass; `factory` is called for each object. `kind` is its annotation as it is written."""

    name: str
    default: Abs | None = None
    factory: Abs | None = None
    span: Span | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FunctionInfo:
    """A function of the file, with the values that its defaults had when it was defined."""

    node: FunctionNode
    frame: Frame
    qualname: str
    defaults: Mapping[str, Abs]
    owner: ClassInfo | None = None
    wrapped: str | None = None  # the decorator that may change what a call does
    entry: object = None  # how a command line calls it (see `commands.decorated`)
    kind: str = "plain"  # plain | static | class | property


@dataclass(frozen=True, slots=True)
class Closure:
    """A function, or a method bound to `receiver`."""

    info: FunctionInfo
    receiver: Abs | None = None


@dataclass(frozen=True, slots=True)
class LocalClass:
    """A class of the file as a value."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of `owner`."""

    owner: ClassInfo
    receiver: Abs


@dataclass(frozen=True, slots=True)
class Method:
    """A bound method of a container, string or object of a library, not yet called."""

    receiver: Atom
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ArgVal:
    """One argument of a call that is being evaluated."""

    name: str | None
    value: Abs
    span: Span
    value_span: Span
    via: str = "keyword"
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Args:
    """The arguments of a call. `open`: there may be further keywords; `open_positional`: further positions."""

    items: tuple[ArgVal, ...] = ()
    open: str | None = None
    open_positional: str | None = None
    guards: tuple[Guard, ...] = ()

    def keyword(self, name: str) -> Abs | None:
        """The value passed by this name."""
        return next((item.value for item in reversed(self.items) if item.name == name), None)

    def positional(self) -> list[Abs]:
        """The values passed by position."""
        return [item.value for item in self.items if item.name is None]

    @property
    def plain(self) -> bool:
        """Whether all arguments are known to be passed, and no others."""
        return not (self.open or self.open_positional or any(item.optional for item in self.items))


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """`functools.partial(callee, ...)`."""

    callee: Abs
    args: Args


@dataclass(frozen=True, slots=True)
class Attributes:
    """`vars(x)` or `x.__dict__` of an object that is followed: a dict that shows and changes its attributes."""

    ident: int


@dataclass(frozen=True, slots=True)
class FileModule:
    """A module of the project as a value: its names are those of a frame."""

    frame: int
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Names:
    """`globals()`: a dict that shows and changes the names of a module's frame."""

    frame: int


Atom: TypeAlias = (
    "Lit | PathLit | Top | Unbound | Ref | Tup | Symbol | Closure | LocalClass | Super | Method | Partial"
    " | Attributes | FileModule | Names"
)


@dataclass(frozen=True, slots=True)
class ListObj:
    """The content of a list or set."""

    kind: str
    items: tuple[Abs, ...]
    open: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A value in a dict, and where key and value stand."""

    value: Abs
    span: Span = field(compare=False)
    optional: bool = False
    guards: tuple[Guard, ...] = ()
    value_span: Span | None = field(default=None, compare=False)
    via: str = field(default="splat", compare=False)


@dataclass(frozen=True, slots=True)
class DictObj:
    """The content of a dict; `slots` is never changed in place."""

    slots: Mapping[Scalar, Slot]
    open: str | None = None


@dataclass(frozen=True, slots=True)
class Wild:
    """The content of a container that other code may change at any time."""

    kind: str
    reason: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class ObjObj:
    """The content of an object of a class of the file (or of a namespace, `cls` None, which a parser may fill)."""

    cls: ClassInfo | None
    attrs: Mapping[str, Abs]
    wild: bool = False
    parsed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class InstObj:
    """The content of an object that a library made. `names`: the plain variables it was bound to, by frame.

    `parent` is the object that this one is a part of, `part` under what name; `parsed` says that it came from
    a command-line parser, whose values are not known; `attrs` are the attributes that were set and still hold;
    `origin` is the dotted name of the call that all began with; `weight` bounds what snapshots of it may hold.
    `filled` says of a dataclass's object that a parser has filled it, and why attributes beyond `attrs` are unknown.
    """

    callee: str
    span: Span
    call: Call | None = None
    receiver: Value | None = None
    mutations: tuple[Mutation, ...] = ()
    parent: int | None = None
    part: str = ""
    names: tuple[tuple[int, str], ...] = ()
    parsed: str | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    attrs: Mapping[str, Abs] = field(default_factory=dict)
    origin: str = ""
    digest: int = 0
    weight: int = 1
    filled: str | None = None


Content: TypeAlias = "ListObj | DictObj | Wild | ObjObj | InstObj"
Key: TypeAlias = "int | tuple[int, str]"
Stored: TypeAlias = "Abs | Content"

UNBOUND = Abs((Alt(Unbound()),))
NONE = Abs((Alt(Lit(None)),))


def one(atom: Atom, trail: tuple[Step, ...] = ()) -> Abs:
    """The value that is `atom` on every path."""
    return Abs((Alt(atom),), trail)


def lit(value: Scalar) -> Abs:
    """The value that is this scalar on every path."""
    return Abs((Alt(Lit(value)),))


def top(reason: str) -> Abs:
    """The value of which nothing is known."""
    return Abs((Alt(Top(reason)),))


def stepped(value: Abs, step: Step) -> Abs:
    """`value` with one more link in its trail: the first and the latest links are kept."""
    trail = value.trail
    if len(trail) >= MAX_STEPS:
        trail = (trail[0], *trail[2:])
    return Abs(value.alts, (*trail, step))


def reason_of(value: Abs, default: str) -> str:
    """Why `value` is not known."""
    return next((alt.atom.reason for alt in value.alts if isinstance(alt.atom, Top)), default)
