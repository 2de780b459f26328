"""More of what people write, as alternatives to the plain statements and expressions of the grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .grammar import Generator
from .templates import (
    CONTEXTS,
    DECORATORS,
    DEFINITIONS,
    DICTS,
    IMPORTS,
    LISTS,
    LOOPS,
    PARAMETERS,
    PATTERNS,
    SCALARS,
    STATEMENTS,
    SUBJECTS,
    TEXTS,
)

_HOLE = re.compile(r"<(\w+)>")


class Language(Generator):
    """Adds dataclasses, attributes, comprehensions, paths, texts, more loops, handlers, patterns and closures."""

    def head(self, text: str) -> str:
        """The definitions that `text` may use."""
        used = [part for name, part in DEFINITIONS.items() if name in text]
        return IMPORTS + super().head(text) + "".join(used)

    def fill(self, template: str, depth: int = 1) -> str:
        """A template with its holes filled."""
        return _HOLE.sub(lambda hole: self.part(hole[1], depth), template)

    def part(self, hole: str, depth: int) -> str:
        """What goes into a hole of this name."""
        if hole in ("x", "c", "d"):
            return self.name({"x": "scalar", "c": "dict", "d": "list"}[hole])
        if hole == "any":
            return self.any(depth)
        if hole == "atom":
            return self.atom("scalar")
        if hole == "key":
            return self.key()
        if hole == "test":
            return self.test()
        if hole == "text":
            return self.rng.choice((*TEXTS, self.name("scalar"), "str(a)", "b"))
        return self.expression(hole, depth)

    def pick(self, templates: Sequence[str], depth: int = 1) -> str:
        """One of these, filled."""
        return self.fill(self.rng.choice(templates), depth)

    def scalar(self, depth: int) -> str:
        return super().scalar(depth) if self.rng.random() < 0.4 else self.pick(SCALARS, depth)

    def dict(self, depth: int) -> str:
        return super().dict(depth) if self.rng.random() < 0.5 else self.pick(DICTS, depth)

    def list(self, depth: int) -> str:
        return super().list(depth) if self.rng.random() < 0.5 else self.pick(LISTS, depth)

    def plain(self, depth: int) -> None:
        if self.rng.random() < 0.4:
            super().plain(depth)
        else:
            self.emit(depth, self.pick(STATEMENTS))
        if self.rng.random() < 0.15:
            self.show(depth)

    def compound(self, depth: int) -> None:
        if self.rng.random() < 0.4:
            super().compound(depth)
            return
        writers = [self.loop, self.context, self.patterns, self.handlers, self.chain]
        if depth < 2:
            writers += [self.local, self.local_class]
        self.rng.choice(writers)(depth)

    def loop(self, depth: int) -> None:
        """A loop, perhaps left early, perhaps with an `else`."""
        self.emit(depth, self.pick(LOOPS))
        self.loops += 1
        self.body(depth)
        if self.rng.random() < 0.4:
            self.emit(depth + 1, f"if {self.test()}: {self.rng.choice(('break', 'continue'))}")
        self.loops -= 1
        if self.rng.random() < 0.4:
            self.emit(depth, "else:")
            self.body(depth)

    def context(self, depth: int) -> None:
        """A `with` statement."""
        self.emit(depth, self.pick(CONTEXTS))
        self.body(depth)

    def patterns(self, depth: int) -> None:
        """A `match` statement."""
        self.emit(depth, f"match {self.pick(SUBJECTS)}:")
        for _ in range(self.rng.randint(1, 3)):
            guard = f" if {self.test()}" if self.rng.random() < 0.3 else ""
            self.emit(depth + 1, f"case {self.rng.choice(PATTERNS)}{guard}:")
            self.body(depth + 1)
        if self.rng.random() < 0.5:
            self.emit(depth + 1, self.rng.choice(("case a:", "case _:")))
            self.body(depth + 1)

    def handlers(self, depth: int) -> None:
        """A `try` statement with several parts."""
        self.emit(depth, "try:")
        self.body(depth)
        if self.rng.random() < 0.5:
            self.emit(depth + 1, self.rng.choice(("risky()", "raise ValueError(a)", "1 / 0", "c['missing']")))
        first = self.rng.choice(("ValueError", "(KeyError, TypeError)", "ZeroDivisionError", "ImportError"))
        self.emit(depth, f"except {first}{self.rng.choice((' as b', ' as error', ''))}:")
        self.body(depth)
        if self.rng.random() < 0.1:
            self.emit(depth + 1, "raise")
        if self.rng.random() < 0.5:
            self.emit(depth, "except Exception as error:")
            self.body(depth)
        if self.rng.random() < 0.3:
            self.emit(depth, "else:")
            self.body(depth)
        if self.rng.random() < 0.5:
            self.emit(depth, "finally:")
            self.body(depth)

    def local(self, depth: int) -> None:
        """A function where it stands, perhaps decorated, called at once or later."""
        name = self.rng.choice(("inner1", "inner2"))
        decorator = self.rng.choice(DECORATORS)
        if decorator:
            self.emit(depth, decorator)
        self.emit(depth, f"def {name}({self.rng.choice(PARAMETERS)}):")
        if self.rng.random() < 0.5 and not self.inside:
            self.emit(depth + 1, "global a, b, c, d, e, g, box, args, sub, step")
        loops, self.loops = self.loops, 0
        self.inside += 1
        self.block(depth + 1, self.rng.randint(1, 2))
        if self.rng.random() < 0.6:
            self.emit(depth + 1, f"return {self.any()}")
        self.inside -= 1
        self.loops = loops
        call = self.rng.choice((f"{name}()", f"{name}({self.any()})", f"opaque({name})"))
        if self.rng.random() < 0.7:
            self.emit(depth, self.rng.choice((call, f"{self.name(self.kind())} = {call}", f"if flag(): {call}")))

    def local_class(self, depth: int) -> None:
        """A class where it stands."""
        base = self.rng.choice(("", "(Box)", "(Sub)", "(dict)", "(Args)", "(object)"))
        self.emit(depth, f"class Here{base}:")
        for name in self.rng.sample(("value", "k", "m"), 2):
            self.emit(depth + 1, f"{name} = {self.any()}")
        if self.rng.random() < 0.5:
            self.emit(depth + 1, f"if {self.test()}: value = {self.any()}")
        if self.rng.random() < 0.6:
            self.emit(depth + 1, "def get(self, p=a):")
            self.emit(depth + 2, self.rng.choice(("return self.value", "self.k = p; return self.k", "return p")))
        name = self.rng.choice(("value", "k", "m"))
        self.emit(
            depth,
            self.rng.choice(
                (
                    f"{self.name('scalar')} = Here.{name}",
                    f"Here.m = {self.any()}; a = Here.m",
                    "SFTConfig(u=getattr(Here, 'value', 1), v=getattr(Here, 'k', 2))",
                    f"here = Here(); here.{name} = {self.any()}; a = here.get()",
                    f"here = Here(); a = here.{name}",
                )
            ),
        )

    def chain(self, depth: int) -> None:
        """Branches on a value, and what follows from each."""
        x = self.name("scalar")
        self.emit(depth, f"if {x} == {self.atom('scalar')}:")
        self.body(depth)
        self.emit(depth, f"elif isinstance({x}, {self.rng.choice(('int', 'str', '(int, float)', 'dict'))}):")
        self.body(depth)
        if self.rng.random() < 0.5:
            self.emit(depth, f"elif {x} in ({self.atom('scalar')}, {self.atom('scalar')}):")
            self.body(depth)
        if self.rng.random() < 0.6:
            self.emit(depth, "else:")
            self.body(depth)
