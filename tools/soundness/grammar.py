"""Random small programs: assignments, containers, branches, loops, functions, objects that are changed."""

from __future__ import annotations

import random

from .program import MAIN, Program

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

    def program(self) -> Program:
        """A program of one file."""
        self.write()
        text = "\n".join(self.lines) + "\n"
        return Program({MAIN: self.head(text) + text})

    def write(self) -> None:
        """The lines of a file, without its head."""
        for _ in range(self.rng.randint(0, max(1, self.size // 3))):
            self.function()
        self.block(0, self.rng.randint(self.size // 3, self.size))
        self.show(0)

    def head(self, text: str) -> str:
        """The definitions that `text` may use."""
        return HEAD + (CLASSES if "ox" in text or "Pair" in text or "ub" in text else "")

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
        self.plain(depth)
        if self.rng.random() < 0.15:
            self.show(depth)

    def plain(self, depth: int) -> None:
        """A statement of one line."""
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
