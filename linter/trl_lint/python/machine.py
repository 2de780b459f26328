"""What all parts of the interpreter share: memory, scopes, budgets, and the way from a node to its evaluation."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trl_lint.dataclass import dataclass, field
from trl_lint.model.module import Import
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Call, Guard, Step, Symbol
from trl_lint.python.atoms import (
    UNBOUND,
    Abs,
    Args,
    Atom,
    Closure,
    Content,
    Frame,
    FunctionInfo,
    FunctionNode,
    Ref,
    Unbound,
    one,
    top,
)
from trl_lint.python.builtin_names import builtin
from trl_lint.python.commands.words import Line
from trl_lint.python.files import BRANCHES, File
from trl_lint.python.joins import both, gather, join
from trl_lint.python.memory import Layer, Memory
from trl_lint.python.offsets import Located
from trl_lint.python.project import Alone, Project
from trl_lint.python.records import Records
from trl_lint.python.scopes import Bindings, function_bindings

MAX_DEPTH = 300  # nested evaluations
STEPS_PER_NODE = 5
BYTES_PER_NODE = 5
MIN_STEPS = 30_000
COST_OF_KEEPING = 4  # steps for each thing in a state that is kept


@dataclass(slots=True)
class Exits:
    """Paths that leave a function or loop early, with what they return. `level` is the layer it began on."""

    level: int
    returns: list[tuple[Abs, Layer]] = field(default_factory=list)
    jumps: list[Layer] = field(default_factory=list)
    breaks: list[Layer] = field(default_factory=list)
    unfollowed: bool = False  # there are more than the budget allows to keep


@dataclass(slots=True)
class Handlers:
    """The parts that depend on each other, put together by the front end."""

    evaluate: Callable[[Machine, ast.expr], Abs]
    execute: Callable[[Machine, list[ast.stmt]], None]
    call: Callable[[Machine, Abs, Args, ast.expr], Abs]
    attribute: Callable[[Machine, Abs, str, ast.expr], Abs]
    assign: Callable[[Machine, ast.expr, Abs, ast.stmt | ast.expr], None]
    set_attribute: Callable[[Machine, Abs, str, Abs, Span], None]
    drain: Callable[[Machine], None]


class Machine:
    """The state of one analysis."""

    def __init__(
        self,
        source: Source,
        handlers: Handlers,
        nodes: int,
        project: Project | None = None,
        command: Line | None = None,
    ) -> None:
        self.project = project or Alone()
        self.sources: dict[str, Source] = {}  # other files that were read
        self.asked = False  # for the command line
        self._command = command
        if command is not None and command.source is not None:
            self.sources[command.source.path] = command.source
        self.raw: dict[int, Args] = {}  # of calls on parsers, by the identity of the call
        self.kept: list[Call] = []  # keeps these identities valid
        self.handlers = handlers
        self.memory = Memory(source.path)
        self.records = Records()
        self.frame = Frame(0, "module", frozenset())
        self.main = File(source, self.frame)
        self.files: dict[str, File] = {source.path: self.main}
        self.file_of_frame: dict[int, File] = {0: self.main}
        self._enter(self.main)
        self.guards: list[Guard] = []
        self.when: tuple[Arm, ...] = ()  # of the branches that enclose the current place
        self.exits: list[Exits] = []  # of the functions being evaluated
        self.loops: list[Exits] = []
        self.active: list[FunctionInfo] = []
        self.again: dict[FunctionNode, Closure] = {}  # called in ways that were not followed
        self.iterated: list[Ref] = []  # what an iterator that was just made goes through, later
        self.names_at_end: dict[int, str] = {}  # variables of functions that held an object when they returned
        self.visited: set[FunctionInfo] = set()
        self.closures: dict[FunctionNode, Closure] = {}
        self.patched: set[str] = set()
        self.imports: dict[Import, None] = {}
        self.packages: set[str] = set()  # that the other files import
        self.declared: set[tuple[int, str]] = set()  # names that functions rebind in outer scopes
        self.depth = 0
        self.steps = 0
        self.limit = MIN_STEPS + STEPS_PER_NODE * nodes
        self._bindings: dict[FunctionNode, Bindings] = {}

    def _enter(self, file: File) -> None:
        """From now on nodes are those of this file."""
        self.file = file
        self.source, self.offsets, self.module = file.source, file.offsets, file.frame
        self.bound, self.stars, self.guard_names = file.bound, file.stars, file.guard_names

    @property
    def has_project(self) -> bool:
        """Whether other files of the project may be read."""
        return not isinstance(self.project, Alone)

    # -- evaluation ---------------------------------------------------------------------------------------------

    @property
    def exhausted(self) -> bool:
        """Whether the budget is spent: calls of local functions are then not followed."""
        return self.steps + self.memory.joins > self.limit

    def eval(self, node: ast.expr) -> Abs:
        """The value of an expression, with its effects."""
        self.steps += 1
        if self.depth >= MAX_DEPTH:
            return self.give_up(node)
        self.depth += 1
        try:
            return self.handlers.evaluate(self, node)
        finally:
            self.depth -= 1

    def give_up(self, node: ast.AST) -> Abs:
        """Nothing is known of `node`, and everything it names may have been changed by it."""
        names = [self.read(n.id) for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        self.memory.lose(names, "a place that is nested too deeply")
        for name in (n for n in ast.walk(node) if isinstance(n, ast.NamedExpr)):
            if isinstance(name.target, ast.Name):
                self.bind(name.target.id, top("nested too deeply"))
        return top("nested too deeply")

    def execute(self, body: list[ast.stmt]) -> None:
        """Run statements, up to the end of the path."""
        self.handlers.execute(self, body)

    def call(self, callee: Abs, args: Args, node: ast.expr) -> Abs:
        """Call a value."""
        return self.handlers.call(self, callee, args, node)

    def imported(self, item: Import) -> None:
        """Record an import."""
        if self.file is self.main:
            self.imports.setdefault(item)
        else:
            self.packages.add(item.name.partition(".")[0])

    def line(self) -> Line | None:
        """The words behind the script's name; None: not known."""
        self.asked = True
        return self._command

    def reset(self) -> None:
        """Back to the module level, whatever happened before."""
        del self.memory.layers[1:]
        self.memory.layers[0].dead = False
        self.memory.layers[0].path = ()
        self.memory.collectors.clear()
        self.memory.watchers.clear()
        self._enter(self.main)
        self.frame, self.when, self.depth = self.module, (), 0
        for stack in (self.guards, self.exits, self.loops, self.active):
            stack.clear()

    # -- text ---------------------------------------------------------------------------------------------------

    def span(self, node: Located) -> Span:
        """Where a node stands."""
        return self.offsets.span(node)

    def text(self, node: Located, limit: int = 60) -> str:
        """The source of a node on one line, shortened."""
        span = self.offsets.span(node)
        text = " ".join(self.source.text[span.start : min(span.end, span.start + 4 * limit)].split())
        return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."

    def step(self, node: Located, what: str) -> Step:
        """A link of a trail."""
        return Step(self.offsets.span(node), what)

    # -- names --------------------------------------------------------------------------------------------------

    def local_bindings(self, node: FunctionNode) -> Bindings:
        """What is local to a function."""
        found = self._bindings.get(node)
        if found is None:
            found = self._bindings[node] = function_bindings(node)
            if found.declared_global:
                self.declared.update((self.module.ident, name) for name in found.declared_global)
        return found

    def owner(self, name: str, frame: Frame | None = None) -> Frame:
        """The frame in which `name` is bound when code of `frame` (the current one) assigns it."""
        frame = frame or self.frame
        while frame.kind == "comprehension" and name not in frame.names and frame.parent is not None:
            frame = frame.parent
        if name in frame.declared_global:
            return self.module
        if name in frame.names or frame.kind in ("module", "class"):
            return frame
        outer = frame.parent
        while outer is not None and (outer.kind == "class" or name not in outer.names):
            outer = outer.parent
        return outer or self.module

    def bind(self, name: str, value: Abs) -> None:
        """Give a name of the current scope a value."""
        frame = self.owner(name)
        self.memory.write((frame.ident, name), value)
        if frame is self.module:
            self.bound[name] = self.bound.get(name, 0) + 1
        for alt in value.alts:
            if isinstance(alt.atom, Ref):
                self.records.name(self.memory, alt.atom, frame, name)

    def unbind(self, name: str) -> None:
        """Forget a name of the current scope."""
        self.memory.write((self.owner(name).ident, name), UNBOUND)

    def read(self, name: str) -> Abs:
        """The value of a name where it is used."""
        frame: Frame | None = self.frame
        while frame is not None and frame.kind != "module":
            if name in frame.declared_global:
                break
            if frame.kind == "class" and frame is not self.frame:
                frame = frame.parent
                continue
            if frame.kind == "class" or name in frame.names:
                found = self.memory.variable(frame.ident, name)
                if frame.kind != "class":
                    return _bound(found, name)
                if found is not None and found != UNBOUND:
                    return self._or_outer(found, name, frame)
            frame = frame.parent
        return self._module_name(name)

    def _or_outer(self, found: Abs, name: str, _frame: Frame) -> Abs:
        if not _may_be_unbound(found):
            return found
        return top(f"`{name}` may be that of the class or an outer one")

    def _module_name(self, name: str) -> Abs:
        found = self.memory.variable(self.module.ident, name)
        if found is not None and not _may_be_unbound(found):
            return found
        outside = self._outside(name)
        if found is None or found == UNBOUND:
            return outside or top(f"the name `{name}`, which nothing in this file defines")
        bound = _bound(found, name)
        if outside is None:
            return bound
        return Abs(gather((*bound.alts, *outside.alts), []), bound.trail)

    def _outside(self, name: str) -> Abs | None:
        """What a name means that the module does not bind."""
        found = builtin(name)
        if name == "__name__" and self.file is not self.main:
            found = top("the name of a module")
        if not self.stars:
            return found
        if found is None and len(self.stars) == 1 and self.stars[0][1]:
            return one(Symbol(f"{self.stars[0][0]}.{name}"))
        if found is not None and all(trusted for _, trusted in self.stars):
            return found
        return top(f"`{name}` may come from `from {self.stars[-1][0]} import *`")

    # -- branches -----------------------------------------------------------------------------------------------

    def branch(self, offset: int) -> int | None:
        """The name of a branch at `offset` of the current file that is taken now (see `Records.branch`)."""
        return self.records.branch(self.file.number * BRANCHES + offset)

    def fork(self, offset: int, runs: list[Callable[[], Abs]]) -> Abs:
        """One of `runs` happens, and nothing says which; the value is that of one of them."""
        branch = self.branch(offset)
        layers: list[Layer] = []
        results: list[tuple[Abs, tuple[Arm, ...]]] = []
        outer, start = self.when, len(self.memory.path)
        for index, run in enumerate(runs):
            arm = Arm(branch, index) if branch is not None else None
            self.memory.push(arm)
            self.when = (*outer, arm) if arm else outer
            value = run()
            layer = self.memory.pop()
            layers.append(layer)
            if not layer.dead:
                results.append((value, layer.path[start:]))
        self.when = outer
        self.memory.merge(layers)
        return self.either(results) if results else top("no path comes here")

    def either(self, results: list[tuple[Abs, tuple[Arm, ...]]]) -> Abs:
        """Any of these values, each under its arms."""
        lost: list[Abs] = []
        value = join(results, lost)
        self.memory.lose(lost, "it has many possible values")
        return value

    def each(self, value: Abs, run: Callable[[Atom], Abs]) -> Abs:
        """What `run` gives for each alternative of `value`: only one of them happens."""
        if len(value.alts) == 1:
            return run(value.alts[0].atom)
        layers, results = [], []
        for alt in value.alts:
            self.memory.push()
            result = run(alt.atom)
            layer = self.memory.pop()
            layers.append(layer)
            if not layer.dead:
                results.append((result, alt.when))
        self.memory.merge(layers)
        return self.either(results) if results else top("no path comes here")

    def product(self, values: list[Abs], run: Callable[[list[Atom]], Abs]) -> Abs:
        """What a function without effects gives for every combination of alternatives that can occur."""
        if all(len(value.alts) == 1 for value in values):
            return run([value.alts[0].atom for value in values])
        combinations: list[tuple[list[Atom], tuple[Arm, ...]]] = [([], ())]
        for value in values:
            grown = []
            for atoms, when in combinations:
                for alt in value.alts:
                    merged = both(when, alt.when)
                    if merged is not None:
                        grown.append(([*atoms, alt.atom], merged))
            if len(grown) > 64:
                return top("more than 64 combinations")
            combinations = grown
        if not combinations:
            return top("no path comes here")
        return self.either([(run(atoms), when) for atoms, when in combinations])

    def leave(self, exits: Exits) -> Layer | None:
        """End the path here, and give its state for where it goes on; None where there is no budget for that."""
        layer = None
        if self.exhausted:
            exits.unfollowed = True
        else:
            layer = self.memory.snapshot(exits.level)
            self.steps += COST_OF_KEEPING * len(layer.writes)
        self.memory.kill()
        return layer

    # -- contexts -----------------------------------------------------------------------------------------------

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Evaluate in another scope, which may be one of another file."""
        outer, self.frame = self.frame, frame
        file = self.file
        if len(self.files) > 1:
            self._enter(self._file(frame))
        try:
            yield
        finally:
            self.frame = outer
            if self.file is not file:
                self._enter(file)

    def _file(self, frame: Frame) -> File:
        while frame.parent is not None:
            frame = frame.parent
        return self.file_of_frame[frame.ident]

    @contextmanager
    def guarded(self, guard: Guard | None) -> Iterator[None]:
        """Evaluate within a guard."""
        if guard is not None:
            self.guards.append(guard)
        try:
            yield
        finally:
            if guard is not None:
                self.guards.remove(guard)

    # -- objects ------------------------------------------------------------------------------------------------

    def content(self, value: Abs) -> Content | None:
        """What the one object that `value` is holds; None for anything else."""
        atom = value.only
        return self.memory.content(atom) if isinstance(atom, Ref) else None


def _may_be_unbound(found: Abs) -> bool:
    for alt in found.alts:  # noqa: SIM110 (a generator takes longer, and this runs for every name)
        if isinstance(alt.atom, Unbound):
            return True
    return False


def _bound(found: Abs | None, name: str) -> Abs:
    """`found` on the paths on which the name has a value: no other path goes on."""
    if found is None:
        return top(f"`{name}` has no value here")
    if not _may_be_unbound(found):
        return found
    alts = tuple(alt for alt in found.alts if not isinstance(alt.atom, Unbound))
    if not alts:
        return top(f"`{name}` has no value here")
    return Abs(gather(alts, []), found.trail)
