"""Random small programs that end in calls of a stub `trl.SFTConfig`, run for real and compared with what is claimed."""

from __future__ import annotations

import builtins
import copy
import itertools
import random
import sys
import types
from collections.abc import Iterator
from typing import Any

from trl_lint.model.module import Module
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Arm, Call, Instance, Items, Known, OneOf, Table, Unknown, Value, options
from trl_lint.python.front import understand

KEYS = ("k", "m", "n")
HEAD = """\
import contextlib
import copy
import functools
from dataclasses import dataclass
from trl import SFTConfig
from elsewhere import flag, opaque, risky
a = 1
b = "x"
c = {"k": 1}
d = [1, 2]
g = ["z"]
e = {"k": d, "m": c}
"""
CLASSES = """\
class Box:
    shared = 3
    def __init__(self, value, other=None):
        self.value = value
        self.other = other
    def change(self, value):
        self.value = value
        return self
    def note(self):
        self.other["k"] = self.value
    def keep(self, value):
        self.value, self.other = value, {"m": self.value}
    def table(self):
        return {"k": self.value, "m": self.other, "n": self.shared}
@dataclass
class Pair:
    k: object = 1
    m: object = "p"
box = Box(c, 2)
"""


class Generator:
    """Writes one program, line by line: `a`, `b` are mostly scalars, `c`, `e` dicts, `d` is a list."""

    def __init__(self, rng: random.Random, size: int = 10) -> None:
        self.rng = rng
        self.size = size
        self.lines: list[str] = []
        self.functions: list[tuple[str, tuple[str, ...], str]] = []
        self.parameters: dict[str, str] = {}
        self.loops = 0
        self.inside = 0

    def program(self) -> str:
        """The text of a program."""
        for _ in range(self.rng.randint(0, max(1, self.size // 3))):
            self.function()
        self.block(0, self.rng.randint(self.size // 3, self.size))
        self.show(0)
        text = "\n".join(self.lines) + "\n"
        return HEAD + (CLASSES if "ox" in text or "Pair" in text else "") + text

    def emit(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def block(self, depth: int, count: int) -> None:
        for _ in range(count):
            self.statement(depth)

    def kind(self) -> str:
        return self.rng.choice(("scalar", "dict", "list", "dict"))

    def name(self, kind: str) -> str:
        if self.rng.random() < 0.03:
            kind = self.kind()
        names = {"scalar": ["a", "b"], "dict": ["c", "e"], "list": ["d", "g"]}[kind]
        return self.rng.choice([*names, *(name for name, held in self.parameters.items() if held == kind)])

    def key(self) -> str:
        return repr(self.rng.choice(KEYS)) if self.rng.random() < 0.93 else self.name("scalar")

    def expression(self, kind: str, depth: int = 2) -> str:
        """An expression that mostly gives a value of this kind."""
        if depth == 0 or self.rng.random() < 0.3:
            return self.atom(kind)
        pick = self.rng.randint(0, 9)
        if pick == 0:
            return f"({self.expression(kind, depth - 1)} if {self.test()} else {self.expression(kind, depth - 1)})"
        if pick == 1:
            joint = self.rng.choice(("or", "and"))
            return f"({self.expression(kind, depth - 1)} {joint} {self.expression(kind, depth - 1)})"
        if pick == 2:
            return self.call(kind)
        if pick == 3:
            return f"({self.name(kind)} := {self.expression(kind, depth - 1)})"
        return {"scalar": self.scalar, "dict": self.dict, "list": self.list}[kind](depth - 1)

    def atom(self, kind: str) -> str:
        if self.rng.random() < 0.6:
            return self.name(kind)
        plain = {
            "scalar": ("0", "1", "2", "True", "False", "None", '"x"', '"y"', "1.0", "-3"),
            "dict": ("{}", '{"k": 1}', '{"m": None, "n": 2}'),
            "list": ("[]", "[1]", '["x", 2]'),
        }
        return self.rng.choice(plain[kind])

    def any(self, depth: int = 1) -> str:
        return self.expression(self.kind(), depth)

    def scalar(self, depth: int) -> str:
        c, d, x = self.name("dict"), self.name("list"), self.name("scalar")
        one, two = self.expression("scalar", depth), self.expression("scalar", depth)
        return self.rng.choice(
            (
                f"{c}[{self.key()}]",
                f"{c}.get({self.key()}, {one})",
                f"{d}[{self.rng.choice((0, -1, 1))}]",
                f"({one} == {two})",
                f"({one} + {two})",
                f"f'{{{one}}}-{{{x}}}'",
                f"len({d})",
                f"str({x})",
                f"(not {one})",
                f"(lambda p: p)({one})",
                "box.value",
                "box.other",
                "Box.shared",
                f"box.change({one}).value",
                f"Pair({one}, m={two}).k",
                f"{c}.pop({self.key()}, {one})",
                f"int({x})",
                f"({c} == {self.name('dict')})",
                f"sum({d})",
                f"max(1, {x})",
                "vars(box).get('value')",
                f"getattr(box, 'value', {one})",
            )
        )

    def dict(self, depth: int) -> str:
        c, d, one = self.name("dict"), self.name("list"), self.any(depth)
        return self.rng.choice(
            (
                f"{{{self.key()}: {one}, 'm': {self.any(depth)}}}",
                f"{{**{c}, {self.key()}: {one}}}",
                f"dict({c}, k={one})",
                f"{{k: v for k, v in {c}.items() if {self.test()}}}",
                f"({c} | {self.name('dict')})",
                f"{c}.copy()",
                f"copy.deepcopy({c})",
                "box.table()",
                f"{{'k': {d}}}",
                f"dict(zip(('k', 'm'), {d}))",
                f"{{str(i): i for i in {d}}}",
                f"{c}.setdefault('n', {{}})",
                f"copy.copy({c})",
                f"{{'n': {c}}}",
                "box.other",
                f"(lambda p: {{'k': p}})({one})",
            )
        )

    def list(self, depth: int) -> str:
        c, d, one = self.name("dict"), self.name("list"), self.any(depth)
        return self.rng.choice(
            (
                f"[{one}, {self.any(depth)}]",
                f"[{one}, *{d}]",
                f"({d} + [{one}])",
                f"list({c})",
                f"[i for i in {d}]",
                f"list({d})",
                f"[{one} for _ in {d}]",
                f"{d}[:1]",
                f"{d}.copy()",
                f"[i for i in {d} if {self.test()}]",
                f"({d} * 2)",
                f"[{c}, {one}]",
            )
        )

    def call(self, kind: str) -> str:
        found = [function for function in self.functions if function[2] == kind]
        if not found:
            return self.atom(kind)
        name, kinds, _ = self.rng.choice(found)
        given = [self.expression(k, 1) for k in kinds[: self.rng.randint(0, len(kinds))]]
        if self.rng.random() < 0.1:
            given.append(f"**{{'q': {self.atom('scalar')}}}")
        return f"{name}({', '.join(given)})"

    def test(self) -> str:
        x, c, d = self.name("scalar"), self.name("dict"), self.name("list")
        return self.rng.choice(
            (
                "flag()",
                "flag()",
                "flag()",
                "flag()",
                x,
                f"not {x}",
                f"{x} is None",
                f"{x} == {self.atom('scalar')}",
                f"{c} and flag()",
                f"'k' in {c}",
                f"{d}",
                f"{x} or flag()",
                f"{c}.get('k')",
                f"isinstance({x}, int)",
                f"len({d}) > 1",
            )
        )

    def statement(self, depth: int) -> None:
        if depth < 3 and self.rng.random() < 0.3:
            self.compound(depth)
            return
        kind = self.kind()
        a, c, d = self.name("scalar"), self.name("dict"), self.name("list")
        self.emit(
            depth,
            self.rng.choice(
                (f"{self.name(kind)} = {self.expression(kind)}",) * 6
                + (f"{c}[{self.key()}] = {self.any()}",) * 3
                + (
                    f"{c}.update({self.rng.choice((self.name('dict'), 'k=' + self.any()))})",
                    f"{d}.append({self.any()})",
                )
                + (
                    f"{d} += {self.rng.choice(('[1]', '(2,)', self.name('list')))}",
                    f"{c}.pop({self.key()}, None)",
                    f"{a} += 1",
                )
                + (
                    f"{c}.setdefault({self.key()}, {self.any()})",
                    f"opaque({self.name(kind)})",
                    f"opaque([{self.name(kind)}])",
                )
                + (
                    f"{a}, {c} = {self.expression('scalar', 1)}, {self.expression('dict', 1)}",
                    f"{c} = {self.name('dict')}",
                )
                + (
                    f"{c} |= {self.expression('dict', 1)}",
                    f"{c}.pop('k', None)",
                    f"box.value = {self.any()}",
                    f"box.change({self.any()})",
                )
                + (
                    f"{d}.extend({self.name('list')})",
                    f"box = Box({self.any()}, {self.name('dict')})",
                    f"del {c}['k']",
                    "box = box.change(c)",
                )
                + (
                    f"a, *g = {d}",
                    f"{d}[0] = {self.any()}",
                    f"box.other = {c}",
                    f"{c} = box.other",
                    self.call(kind),
                    "risky()",
                    f"{d}.pop()",
                )
                + (
                    f"Box.shared = {self.atom('scalar')}",
                    f"e['m'] = {c}",
                    f"{c} = e['m']",
                    f"{d} = e['k']",
                    f"setattr(box, 'value', {a})",
                )
                + (
                    f"opaque(lambda: {c}.update(k=5))",
                    "box.note()",
                    f"box.keep({self.any()})",
                    f"{d}.insert(0, 1)",
                    f"{d}.sort(key=str)",
                )
                + (
                    f"assert {self.test()}",
                    f"{c} = (lambda p: p)({c})",
                    f"h = functools.partial({c}.update, k=7); h()",
                    f"h = {d}.append; h(8)",
                )
            ),
        )
        if self.rng.random() < 0.15:
            self.show(depth)

    def compound(self, depth: int) -> None:
        pick = self.rng.randint(0, 9)
        if pick <= 4:
            self.emit(depth, f"if {self.test()}:")
            self.body(depth)
            if self.rng.random() < 0.3:
                self.emit(depth, f"elif {self.test()}:")
                self.body(depth)
            if self.rng.random() < 0.6:
                self.emit(depth, "else:")
                self.body(depth)
        elif pick <= 6:
            heads = (
                f"for {self.name('scalar')} in {self.name('list')}[:3]:",
                "for _ in range(2):",
                "while flag():",
                "for a in (1, 'y'):",
            )
            more = (
                "while True:",
                f"for k in {self.name('dict')}:",
                f"for k, v in list({self.name('dict')}.items()):",
                "for g in ([1], [2]):",
            )
            head = self.rng.choice(heads + more)
            self.emit(depth, head)
            if head == "while True:":
                self.emit(depth + 1, "if flag(): break")
            self.loops += 1
            self.body(depth)
            self.loops -= 1
            if self.rng.random() < 0.2:
                self.emit(depth, "else:")
                self.body(depth)
        elif pick <= 8:
            self.exceptional(depth)
        else:
            self.emit(depth, f"match {self.name(self.kind())}:")
            self.emit(depth + 1, f"case {self.rng.choice(('1', 'None', 'True'))}:")
            self.body(depth + 1)
            if self.rng.random() < 0.7:
                self.emit(
                    depth + 1, self.rng.choice(("case _:", "case {'k': a}:", "case {'k': 1, **c}:", "case [a, *d]:"))
                )
                self.body(depth + 1)

    def exceptional(self, depth: int) -> None:
        if self.rng.random() < 0.15:
            self.emit(depth, "with contextlib.suppress(Exception):")
            self.body(depth)
            return
        self.emit(depth, "try:")
        self.body(depth)
        if self.rng.random() < 0.8:
            self.emit(depth, "except Exception:")
            self.body(depth)
            if self.rng.random() < 0.3:
                self.emit(depth, "else:")
                self.body(depth)
            if self.rng.random() < 0.7:
                return
        self.emit(depth, "finally:")
        self.body(depth)

    def body(self, depth: int) -> None:
        self.block(depth + 1, self.rng.randint(1, 3))
        if self.loops and self.rng.random() < 0.25:
            self.emit(depth + 1, self.rng.choice(("break", "continue")))
        elif self.inside and self.rng.random() < 0.25:
            self.emit(depth + 1, f"return {self.any()}")

    def function(self) -> None:
        """A helper, which may change globals, its arguments and its defaults, and call the ones before it."""
        name = f"f{len(self.functions)}"
        kinds = tuple(self.kind() for _ in range(self.rng.randint(0, 2)))
        parameters = dict(zip(("p", "q"), kinds, strict=False))
        defaults = {"scalar": ("1", "None", "a"), "dict": ("c", "{}"), "list": ("[]", "d")}
        spec = [f"{parameter}={self.rng.choice(defaults[kind])}" for parameter, kind in parameters.items()]
        self.emit(0, f"def {name}({', '.join([*spec, '**r'][: len(spec) + self.rng.randint(0, 1)])}):")
        assigned = ["a", "b", "c", "d", "e", "g", "box"]
        if self.rng.random() < 0.85:
            self.emit(1, "global " + ", ".join(assigned))
        self.parameters = parameters
        loops, self.loops = self.loops, 0
        self.inside += 1
        if self.rng.random() < 0.2:
            self.emit(1, "def inner():")
            if parameters:
                self.emit(2, f"nonlocal {', '.join(parameters)}")
            self.emit(2, self.rng.choice(("c['k'] = 9", *(f"{p} = {self.atom(k)}" for p, k in parameters.items()))))
            self.emit(1, self.rng.choice(("inner()", "opaque(inner)", "if flag(): inner()")))
        self.block(1, self.rng.randint(1, 4))
        self.inside -= 1
        self.loops = loops
        result = self.kind()
        self.emit(1, f"return {self.expression(result)}")
        self.parameters = {}
        self.functions.append((name, kinds, result))

    def show(self, depth: int) -> None:
        """A call that is compared."""
        names = [self.name(self.kind()) for _ in range(3)]
        parts = [f"{key}={name}" for key, name in zip("uvw", names, strict=True)]
        if self.rng.random() < 0.5:
            parts.append(f"**{self.rng.choice(('c', 'e', 'c', 'box.table()'))}")
        self.emit(depth, f"SFTConfig({', '.join(parts)})")


class _StopError(Exception):
    """The program has run long enough."""


class Execution:
    """Runs a program with stubs, and notes what each call of `SFTConfig` got."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seen: list[tuple[int, dict[str, Any]]] = []
        self.kept: list[Any] = []
        self.steps = 0

    def flag(self) -> bool:
        self.steps += 1
        if self.steps > 60:
            raise _StopError
        for thing in self.kept:
            self.disturb(thing)
        return self.rng.random() < 0.5

    def disturb(self, thing: Any) -> None:
        if callable(thing) and self.rng.random() < 0.3:
            thing()
        elif hasattr(thing, "change") and self.rng.random() < 0.3:
            thing.value = 55
        elif isinstance(thing, dict) and self.rng.random() < 0.3:
            thing[self.rng.choice(KEYS)] = self.rng.randint(100, 105)
        elif isinstance(thing, list) and len(thing) < 20 and self.rng.random() < 0.3:
            thing.append(99)
        if isinstance(thing, (dict, list)) and self.rng.random() < 0.3:
            for inner in thing.values() if isinstance(thing, dict) else list(thing):
                if inner is not thing and isinstance(inner, (dict, list)) and len(inner) < 20:
                    self.disturb(inner)
                    break

    def opaque(self, thing: Any) -> None:
        self.kept.append(thing)
        self.disturb(thing)

    def risky(self) -> None:
        if self.rng.random() < 0.5:
            raise ValueError

    def config(self, **given: Any) -> object:
        try:
            self.seen.append((sys._getframe(1).f_lineno, copy.deepcopy(given)))
        except RecursionError:
            pass
        if len(self.seen) > 60:
            raise _StopError
        return object()

    def run(self, text: str) -> None:
        stubs = {
            "trl": types.SimpleNamespace(SFTConfig=self.config),
            "elsewhere": types.SimpleNamespace(flag=self.flag, opaque=self.opaque, risky=self.risky),
        }

        def find(name: str, *rest: Any, **more: Any) -> Any:
            return stubs[name] if name in stubs else __import__(name, *rest, **more)

        scope = {"__builtins__": {**vars(builtins), "__import__": find}, "__name__": "__main__"}
        try:
            exec(compile(text, "program", "exec", dont_inherit=True), scope)
        except (_StopError, Exception):
            pass


def analysed(text: str) -> Module:
    """What is claimed of a program."""
    return understand(Source("program.py", Kind.PYTHON, text))


def holds(claim: Value, actual: Any) -> Iterator[tuple[Arm, ...]]:
    """The arms under which `claim` is true of the value that was met."""
    for option in options(claim):
        if isinstance(option.value, Unknown) or _equals(option.value, actual):
            yield option.when


def _equals(claim: Known, actual: Any) -> bool:
    value = claim.value
    if isinstance(value, Items):
        if type(actual).__name__ != value.kind:
            return False
        if value.kind == "set":
            return value.open is not None or len(actual) == len(value.items)
        if len(actual) < len(value.items) or (value.open is None and len(actual) != len(value.items)):
            return False
        return all(any(True for _ in holds(item, got)) for item, got in zip(value.items, actual, strict=False))
    if isinstance(value, Table):
        if not isinstance(actual, dict):
            return False
        keys = {(type(entry.key), entry.key) for entry in value.entries}
        if value.open is None and any(
            (type(key), key) not in keys and key not in [e.key for e in value.entries] for key in actual
        ):
            return False
        for entry in value.entries:
            if entry.key not in actual:
                if not entry.optional:
                    return False
            elif not any(True for _ in holds(entry.value, actual[entry.key])):
                return False
        return True
    if isinstance(value, Instance):
        return not isinstance(actual, (int, str, dict, list, tuple, type(None)))
    if not isinstance(value, (bool, int, float, complex, str, bytes, type(None))):
        return callable(actual)
    return type(actual) is type(value) and actual == value


def consistent(call: Call, given: dict[str, Any]) -> str | None:
    """Why a call with these arguments contradicts what is claimed, or None."""
    claimed = {argument.name: argument for argument in call.arguments if argument.name}
    if call.open is None:
        extra = set(given) - set(claimed)
        if extra:
            return f"not claimed: {extra}"
    choices = []
    for name, argument in claimed.items():
        if name not in given:
            if not argument.optional:
                return f"claimed but not given: {name}"
            continue
        found = list(holds(argument.value, given[name]))
        if not found:
            return f"{name}={given[name]!r} is not {argument.value}"
        choices.append(found)
    for combination in itertools.islice(itertools.product(*choices), 5_000):
        taken: dict[int, int] = {}
        if all(taken.setdefault(arm.branch, arm.index) == arm.index for when in combination for arm in when):
            return None
    return f"no path gives these together: {given}" if choices else None


def contradiction(text: str, module: Module, seed: int) -> str | None:
    """Run the program and compare; what is wrong, or None."""
    execution = Execution(seed)
    execution.run(text)
    lines = text.splitlines(keepends=True)
    starts = list(itertools.accumulate((len(line) for line in lines), initial=0))
    sites: dict[int, list[Call]] = {}
    for call in module.calls:
        line = next(index for index, start in enumerate(starts) if start > call.span.start)
        sites.setdefault(line, []).append(call)
    for line, given in execution.seen:
        reasons = [consistent(call, given) for call in sites.get(line, [])]
        if not reasons:
            return f"line {line}: the call was not recorded"
        if None not in reasons and len(reasons) < 16:
            return f"line {line}: " + "; ".join(str(reason) for reason in reasons)
    return None


__all__ = ["Generator", "OneOf", "analysed", "contradiction"]
