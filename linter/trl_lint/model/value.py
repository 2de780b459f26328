"""What the code says about one thing: `Known`, `OneOf` or `Unknown`. Never a bare guess.

Python data is represented structurally so that partial knowledge survives: a list whose second item is
unknown is a `Known(Items(...))` with an `Unknown` inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.span import Span

Scalar: TypeAlias = "bool | int | float | complex | str | bytes | None"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain of lines a value came through, in the words that `trl-lint runs` prints."""

    span: Span
    what: str


@dataclass(frozen=True, slots=True)
class Arm:
    """One way through a branching place of the code: the `index`-th arm of the branch at `branch`.

    `branch` is the offset of the deciding test; two values that depend on the same branch share it.
    """

    branch: int
    index: int


@dataclass(frozen=True, slots=True)
class Known:
    """The value is this on every path."""

    value: Scalar | Items | Table | Symbol | Instance
    trail: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is claimed; `reason` is a phrase such as "the parameter `model_name`"."""

    reason: str
    trail: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative of a `OneOf`, and the arms under which it holds (empty: any)."""

    value: Known | Unknown
    when: tuple[Arm, ...] = ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these; an `Unknown` among them means that there are more possibilities."""

    options: tuple[Option, ...]
    trail: tuple[Step, ...] = ()


Value: TypeAlias = "Known | OneOf | Unknown"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set, item by item; `open` says why there may be further items (None: there are none)."""

    kind: str
    items: tuple[Value, ...]
    open: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a `Table`: where its key (or keyword) and its value stand.

    `optional` entries are present on some paths only.
    """

    key: Scalar
    value: Value
    span: Span
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A dict in insertion order; `open` says why there may be further keys (None: there are none)."""

    entries: tuple[Entry, ...]
    open: str | None = None

    def get(self, key: Scalar) -> Entry | None:
        """The entry of `key`, if there is one."""
        return next((entry for entry in self.entries if entry.key == key and type(entry.key) is type(key)), None)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name of an imported package by its dotted path (`trl.SFTConfig`, `torch.bfloat16`), or something
    that the project defines (`bases` then holds the dotted names of a class's known ancestors)."""

    name: str
    local: bool = False
    bases: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        """The top-level package."""
        return self.name.partition(".")[0]

    @property
    def last(self) -> str:
        """The last part of the dotted name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call. `name` is None for a positional one.

    `span` covers `name=value`, or the entry of the dict that was splatted; `value_span` the value alone. `via` is
    `read` for what comes out of a namespace or a config file, and of a parser's object `default`, `flag`, `recipe`.
    """

    name: str | None
    value: Value
    span: Span
    value_span: Span
    via: str = "keyword"  # keyword | positional | splat | read | default | flag | recipe
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A construct around a place that makes it tolerant of releases.

    `kind`: `version` (a test on `trl.__version__`, `is_..._available`), `signature`
    (`inspect.signature`, `dataclasses.fields`, `hasattr`), `try` (`except ImportError/TypeError/...`),
    `expected` (`with pytest.raises(...)`: it is meant to fail).
    """

    kind: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something imported. `open` says why further arguments may be passed (`**kwargs` unknown)."""

    callee: str
    span: Span
    func_span: Span
    arguments: tuple[Argument, ...] = ()
    open: str | None = None
    guards: tuple[Guard, ...] = ()
    bases: tuple[str, ...] = ()
    when: tuple[Arm, ...] = ()
    scope: str = ""  # qualified name of the enclosing function, "" at module level
    parsed: bool = False  # a command-line parser makes the object: no call stands there that could be edited

    @property
    def root(self) -> str:
        """The top-level package of the callee."""
        return self.callee.partition(".")[0]

    @property
    def last(self) -> str:
        """The last part of the callee's dotted name."""
        return self.callee.rpartition(".")[2]

    def keyword(self, name: str) -> Argument | None:
        """The argument passed by this name (the last one, should a splat repeat it)."""
        return next((a for a in reversed(self.arguments) if a.name == name), None)

    def positional(self) -> Iterator[Argument]:
        """The arguments passed by position, in order."""
        return (a for a in self.arguments if a.name is None)


@dataclass(frozen=True, slots=True)
class Mutation:
    """What was done to an object after it was made: `tokenizer.pad_token = ...`, `tokenizer.add_tokens(...)`.

    `kind`: `set` (attribute), `call` (method; `call` holds the arguments), `escape` (handed to code that is
    not known, which may have changed it). `optional`: on some paths only.
    """

    kind: str
    name: str
    value: Value
    span: Span
    call: Call | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """An object that some call made, as it was at the place where it was looked at.

    `callee` is a dotted name (`transformers.AutoTokenizer.from_pretrained`); for a method of an object it
    is `.map` and `receiver` holds the object; for an attribute read, `.tokenizer` with `call` None.
    `ident` is the same for the same object within one analysis.
    """

    ident: int
    callee: str
    span: Span
    call: Call | None = None
    receiver: Value | None = None
    mutations: tuple[Mutation, ...] = ()
    variable: str | None = None  # the name it was first bound to, and through which it may be referred to


def with_step(value: Value, span: Span, what: str) -> Value:
    """`value` with one more link at the end of its trail."""
    return replace(value, trail=(*value.trail, Step(span, what)))


def options(value: Value) -> tuple[Option, ...]:
    """All alternatives of `value` (a single one unless it is a `OneOf`)."""
    return value.options if isinstance(value, OneOf) else (Option(value),)
