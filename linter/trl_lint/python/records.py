"""What is reported in the end: calls, and the objects that were made. A part that is run again is taken back first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from trl_lint.dataclass import replace
from trl_lint.model.value import Call
from trl_lint.python.atoms import Frame, FunctionNode, InstObj, Ref
from trl_lint.python.memory import Memory

MAX_CONTEXTS = 16
MAX_INSTANCES = 5_000
MAX_CALLS = 20_000

Mark = tuple[int, int, int, int]


class Records:
    """Logs that can be rewound to a mark."""

    def __init__(self) -> None:
        self._calls: list[tuple[Call, tuple[tuple[str, int], int]]] = []
        self._contexts: dict[tuple[str, int], set[int]] = {}
        self._apart: tuple[list[Call], list[int]] = [], []
        self._made: list[int] = []
        self._branches: dict[int, None] = {}
        self._muted = 0
        self.entered: dict[FunctionNode, None] = {}  # functions whose bodies were evaluated

    def mark(self) -> Mark:
        """The present state, to come back to."""
        return len(self._calls), len(self._made), len(self._branches), len(self.entered)

    def rewind(self, mark: Mark) -> None:
        """Take back what was recorded since `mark`."""
        for _, (site, digest) in self._calls[mark[0] :]:
            self._contexts[site].discard(digest)
        del self._calls[mark[0] :]
        del self._made[mark[1] :]
        while len(self._branches) > mark[2]:
            self._branches.popitem()
        while len(self.entered) > mark[3]:
            self.entered.popitem()

    def branch(self, offset: int) -> int | None:
        """The name of a branch that is taken now: its offset. None for a second time through the same code,
        whose arms have nothing to do with those of the first."""
        if self._muted or offset in self._branches:
            return None
        self._branches[offset] = None
        return offset

    @contextmanager
    def without_arms(self) -> Iterator[None]:
        """Run code that will be run again, for good."""
        self._muted += 1
        try:
            yield
        finally:
            self._muted -= 1

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Run code that runs once, whatever is run again around it."""
        outer = self._calls, self._made, self._branches, self._muted
        self._calls, self._made, self._branches, self._muted = [], [], {}, 0
        try:
            yield
        finally:
            self._apart[0].extend(call for call, _ in self._calls)
            self._apart[1].extend(self._made)
            self._calls, self._made, self._branches, self._muted = outer

    def call(self, call: Call, digest: int) -> None:
        """Record a call, once for each distinct set of values."""
        site = (call.span.path, call.span.start)
        seen = self._contexts.setdefault(site, set())
        key = hash((digest, call.span.end))
        if key in seen or len(seen) >= MAX_CONTEXTS or len(self._calls) >= MAX_CALLS:
            return
        seen.add(key)
        self._calls.append((call, (site, key)))

    def made(self, ident: int) -> None:
        """Record that a library made an object."""
        if len(self._made) < MAX_INSTANCES:
            self._made.append(ident)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls, as they were met."""
        return (*self._apart[0], *(call for call, _ in self._calls))

    @property
    def instances(self) -> tuple[int, ...]:
        """The objects, as they were made."""
        return (*self._apart[1], *self._made)

    def name(self, memory: Memory, ref: Ref, frame: Frame, name: str) -> None:
        """Note that a plain variable holds an object that a library made."""
        content = memory.content(ref)
        if not isinstance(content, InstObj) or frame.kind not in ("module", "function"):
            return
        binding = (frame.ident, name)
        if binding not in content.names and len(content.names) < 8:
            memory.write(ref.ident, replace(content, names=(*content.names, binding)))
