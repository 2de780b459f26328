"""What is true at the current point of the program: names and heap objects, in layers.

A branch pushes a layer, runs, and pops it; `merge` joins the layers of all arms into the one below. So the cost of
a branch is that of what it writes, not of all that exists.
"""

from __future__ import annotations

from collections.abc import Iterable

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Mutation, Unknown
from trl_lint.python.atoms import (
    UNBOUND,
    Abs,
    Alt,
    Atom,
    Attributes,
    Closure,
    Content,
    DictObj,
    FileModule,
    FunctionInfo,
    InstObj,
    Key,
    ListObj,
    LocalClass,
    Method,
    Names,
    ObjObj,
    Partial,
    Ref,
    Stored,
    Super,
    Tup,
    Wild,
    top,
)
from trl_lint.python.joins import drop, join, join_contents

MAX_PATH = 16
MAX_MUTATIONS = 128


@dataclass(slots=True)
class Layer:
    """What one path has written since it forked off. `path` are the arms taken to get here."""

    writes: dict[Key, Stored] = field(default_factory=dict)
    path: tuple[Arm, ...] = ()
    dead: bool = False


@dataclass(slots=True)
class Watcher:
    """Notes what a loop's body reads of the state before it: `exposed` keys. The values of `tainted` ones hold
    something of that state since they were joined with it."""

    level: int
    exposed: set[Key] = field(default_factory=set)
    tainted: set[Key] = field(default_factory=set)


class Memory:
    """Names and heap objects at the current point, and what was given out of hand."""

    def __init__(self, path: str) -> None:
        self.layers = [Layer()]
        self.volatile: dict[Key, str] = {}  # written by code that may run at any time
        self.wild_frames: dict[int, str] = {}
        self.leaky: set[Key] = set()  # read by code that may run at any time, and change what it finds there
        self.readers: dict[Key, dict[FunctionInfo, Closure]] = {}  # the functions that read such a name
        self.late: dict[Key, None] = {}  # names of that kind that got another value afterwards
        self.collectors: list[dict[Key, Stored]] = []
        self.watchers: list[Watcher] = []
        self.latest: dict[int, InstObj] = {}
        self.lost_functions: dict[FunctionInfo, Closure] = {}
        self.wild_before = 0
        self.joins = 0  # how many were made: they cost as much as steps do
        self._losing: list[tuple[Abs, str, Span]] = []
        self._busy = False
        self._next = 1
        self.nowhere = Span(path, 0, 0)

    # -- reading and writing ------------------------------------------------------------------------------------

    def read(self, key: Key) -> Stored | None:
        """What is stored, or None."""
        found, index = self._find(key)
        if found is not None or isinstance(key, tuple):  # an object that does not exist yet depends on nothing
            for watcher in self.watchers:
                if index < watcher.level or key in watcher.tainted:
                    watcher.exposed.add(key)
        return found

    def peek(self, key: Key) -> Stored | None:
        """What is stored, for joining it with something else: it matters only if the result is read."""
        found, index = self._find(key)
        if found is not None or isinstance(key, tuple):
            for watcher in self.watchers:
                if index < watcher.level:
                    watcher.tainted.add(key)
        return found

    def _find(self, key: Key) -> tuple[Stored | None, int]:
        index = len(self.layers)
        for layer in reversed(self.layers):
            index -= 1
            found = layer.writes.get(key)
            if found is not None:
                return found, index
        return None, -1

    def write(self, key: Key, stored: Stored) -> None:
        """Store, on the current path."""
        if key in self.leaky:
            self._leak(key, stored)
        before = self.peek(key) if self.collectors else None
        self.layers[-1].writes[key] = stored
        for collected in self.collectors:
            earlier = collected.get(key) or before or (UNBOUND if isinstance(key, tuple) else None)
            collected[key] = self.joined(key, [earlier, stored])
        if isinstance(stored, InstObj):
            assert isinstance(key, int)
            self.latest[key] = stored

    def variable(self, frame: int, name: str) -> Abs | None:
        """The value of a name of a frame, or None."""
        key = (frame, name)
        if key in self.volatile:
            return top(self.volatile[key])
        if frame in self.wild_frames:
            return top(self.wild_frames[frame])
        found = self.read(key)
        return found if isinstance(found, Abs) else None

    def fresh(self) -> int:
        """A new identity, for an object or a frame."""
        self._next += 1
        return self._next

    def make(self, content: Content) -> Ref:
        """A new object."""
        ident = self.fresh()
        self.write(ident, content)
        return Ref(ident)

    def content(self, ref: Ref) -> Content:
        """What an object holds here."""
        found = self.read(ref.ident)
        if found is None or isinstance(found, Abs):
            return self.latest.get(ref.ident) or Wild("object", "it was made on another path")
        if ref.ident < self.wild_before and not isinstance(found, Wild):
            if isinstance(found, InstObj):
                return self._escaped(found, "code that was not followed", self.nowhere)
            if isinstance(found, ObjObj):
                return replace(found, wild=True)
            return Wild(kind_of(found), "code that was not followed may have changed it")
        return found

    # -- paths --------------------------------------------------------------------------------------------------

    @property
    def dead(self) -> bool:
        """Whether the current path has ended."""
        return self.layers[-1].dead

    def kill(self) -> None:
        """End the current path."""
        self.layers[-1].dead = True

    @property
    def path(self) -> tuple[Arm, ...]:
        """The arms taken to get here."""
        return self.layers[-1].path

    def push(self, arm: Arm | None = None) -> None:
        """Fork off a path."""
        path = self.layers[-1].path
        if arm is not None and len(path) < MAX_PATH:
            path = (*path, arm)
        self.layers.append(Layer(path=path))

    def pop(self) -> Layer:
        """Leave the current path, whose writes are then no longer seen."""
        return self.layers.pop()

    def snapshot(self, level: int) -> Layer:
        """All that was written above the layer `level`, as one layer."""
        merged: dict[Key, Stored] = {}
        for layer in self.layers[level:]:
            merged.update(layer.writes)
        return Layer(merged, self.path)

    def merge(self, layers: Iterable[Layer]) -> None:
        """Go on with what is true after any of `layers` (which forked off here)."""
        parent = self.layers[-1]
        live = [layer for layer in layers if not layer.dead]
        if not live:
            parent.dead = True
            return
        if len(live) == 1:
            parent.writes.update(live[0].writes)
            parent.path = live[0].path
            return
        start = len(parent.path)
        arms = [layer.path[start:] for layer in live]
        lost: list[Abs] = []
        for key in dict.fromkeys(key for layer in live for key in layer.writes):
            values = [layer.writes.get(key) for layer in live]
            if any(value is None for value in values):
                base = self.peek(key)
                values = [base if value is None else value for value in values]
            stored = self._join(key, list(zip(values, arms, strict=True)), lost)
            parent.writes[key] = stored
            self.joins += 1
            if isinstance(stored, InstObj) and isinstance(key, int):
                self.latest[key] = stored
        common = live[0].path
        for layer in live[1:]:
            shared = 0
            while shared < min(len(common), len(layer.path)) and common[shared] == layer.path[shared]:
                shared += 1
            common = common[:shared]
        parent.path = common
        self.lose(lost, "it differs between branches")

    def joined(self, key: Key, values: Iterable[Stored | None]) -> Stored:
        """Any of `values` (None: nothing is stored there)."""
        lost: list[Abs] = []
        stored = self.join(key, values, lost)
        self.lose(lost, "it has many possible values")
        return stored

    def join(self, key: Key, values: Iterable[Stored | None], lost: list[Abs]) -> Stored:
        """Any of `values`; what can no longer be followed is added to `lost`."""
        return self._join(key, [(value, ()) for value in values], lost)

    def _join(self, key: Key, values: list[tuple[Stored | None, tuple[Arm, ...]]], lost: list[Abs]) -> Stored:
        first = values[0][0]
        if first is not None and all(value is first for value, _ in values):
            return first
        if isinstance(key, tuple):
            return join([(v if isinstance(v, Abs) else UNBOUND, arms) for v, arms in values], lost)
        return join_contents([(v, arms) for v, arms in values if v is not None and not isinstance(v, Abs)], lost)

    # -- out of hand --------------------------------------------------------------------------------------------

    def lose(self, values: Iterable[Abs], reason: str, span: Span | None = None) -> None:
        """Other code may now hold everything that `values` reach, and change it at any time."""
        for value in values:
            self._losing.append((value, reason, span or self.nowhere))
        if self._busy or not self._losing:
            return
        self._busy = True
        try:
            while self._losing:
                value, why, where = self._losing.pop()
                for alt in value.alts:
                    self._losing.extend((inner, why, where) for inner in self._release(alt.atom, why, where))
        finally:
            self._busy = False

    def _release(self, atom: Atom, reason: str, span: Span) -> list[Abs]:
        """Give one thing out of hand; what it refers to is to follow."""
        if isinstance(atom, Ref):
            return self._let_go(atom, reason, span)
        if isinstance(atom, Tup):
            return list(atom.items)
        if isinstance(atom, Closure):
            self.lost_functions.setdefault(atom.info, atom)
            return [atom.receiver] if atom.receiver is not None else []
        if isinstance(atom, LocalClass) and atom.info.frame.ident not in self.wild_frames:
            return self._let_class_go(atom.info.frame.ident, reason)
        if isinstance(atom, Super):
            return [atom.receiver]
        if isinstance(atom, Attributes):
            return self._let_go(Ref(atom.ident), reason, span)
        if isinstance(atom, (FileModule, Names)) and atom.frame not in self.wild_frames:
            return self._let_class_go(atom.frame, reason)
        if isinstance(atom, Method) and isinstance(atom.receiver, Ref):
            return self._let_go(atom.receiver, reason, span)
        if isinstance(atom, Partial):
            return [atom.callee, *(item.value for item in atom.args.items)]
        return []

    def _let_class_go(self, frame: int, reason: str) -> list[Abs]:
        """Other code may set and read the attributes of a class."""
        self.wild_frames[frame] = reason
        keys = {key for layer in self.layers for key in layer.writes if isinstance(key, tuple) and key[0] == frame}
        held = [self.read(key) for key in keys]
        return [value for value in held if isinstance(value, Abs) and not isinstance(value.only, Closure)]

    def _leak(self, key: Key, stored: Stored) -> None:
        """Containers that are put where code may find and change them at any time."""
        old, new = self.peek(key), [stored] if isinstance(stored, Abs) else []
        if key in self.readers and old != stored:
            self.late.setdefault(key)
        known: list[Abs] = [old] if isinstance(old, Abs) else []
        if not isinstance(stored, (Abs, InstObj)):
            drop(stored, new)
            if old is not None and not isinstance(old, Abs):
                drop(old, known)
        seen = {alt.atom for value in known for alt in value.alts if isinstance(alt.atom, Ref)}
        fresh = {alt.atom: None for value in new for alt in value.alts if isinstance(alt.atom, Ref)}
        for ref in fresh:
            if ref not in seen and not isinstance(self.content(ref), InstObj):
                self.lose([Abs((Alt(ref),))], "a function that other code may call may change it")

    def _let_go(self, ref: Ref, reason: str, span: Span) -> list[Abs]:
        content = self.content(ref)
        inner: list[Abs] = []
        if isinstance(content, InstObj):
            escaped = self._escaped(content, reason, span)
            if escaped is not content:
                self.write(ref.ident, escaped)
        elif isinstance(content, ObjObj):
            if not content.wild:
                drop(content, inner)
                self.write(ref.ident, replace(content, wild=True))
        elif not isinstance(content, Wild):
            drop(content, inner)
            self.write(ref.ident, Wild(kind_of(content), reason))
        return inner

    def _escaped(self, content: InstObj, reason: str, span: Span) -> InstObj:
        if content.mutations and content.mutations[-1].kind == "escape":
            return content
        return replace(mutated(content, Mutation("escape", reason, Unknown(reason), span)), attrs={})


def mutated(content: InstObj, mutation: Mutation) -> InstObj:
    """`content` after one more change; a long history ends in an escape."""
    if len(content.mutations) < MAX_MUTATIONS:
        return replace(content, mutations=(*content.mutations, mutation))
    if content.mutations[-1].kind == "escape":
        return content
    reason = "it is changed in too many places"
    return replace(content, mutations=(*content.mutations, Mutation("escape", reason, Unknown(reason), mutation.span)))


def kind_of(content: Content) -> str:
    """`list`, `set`, `dict` or `object`."""
    if isinstance(content, (ListObj, Wild)):
        return content.kind
    return "dict" if isinstance(content, DictObj) else "object"
