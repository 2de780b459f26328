"""What the lexer finds in shell text: words made of parts, operators, and arrays, each with its offsets."""

from __future__ import annotations

import enum
from typing import TypeAlias

from trl_lint.dataclass import dataclass


class Dialect(enum.Enum):
    """Whose text it is: a shell's, a Makefile recipe's (`$(VAR)` is make's, `$$x` the shell's), or that of a
    notebook's `!command` (`{x}` and `$x` may be Python's)."""

    SHELL = "shell"
    MAKE = "make"
    IPYTHON = "ipython"


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text, quotes and escapes resolved. `quoted` text is not split and no pattern."""

    text: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, `${name}`, `${name:-word}`. `operator` is what stands behind the name (`:-`, `+` ...), `word` what
    follows it; make's variables are named with their brackets, `(name)`, and `name[@]` is a whole array."""

    name: str
    start: int
    end: int
    quoted: bool
    operator: str = ""
    word: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """What cannot be known without running it (`$(...)`, a file pattern), in words. `text` is how it is written."""

    reason: str
    start: int
    end: int
    quoted: bool
    text: str = ""


Part: TypeAlias = "Text | Variable | Hole"


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word before expansion."""

    parts: tuple[Part, ...]
    start: int
    end: int

    @property
    def plain(self) -> str | None:
        """Its text where it is literal and not quoted: only such a word can be a keyword."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Text) and not self.parts[0].quoted:
            return self.parts[0].text
        return None


@dataclass(frozen=True, slots=True)
class ArrayAssignment:
    """`name=(word ...)`, or `name+=(word ...)`."""

    name: str
    append: bool
    words: tuple[RawWord, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Operator:
    """`;`, `&&`, `|`, `(`, a line end (`\\n`) ...; `text` of a redirection is `>`."""

    text: str
    start: int
    end: int


Token: TypeAlias = "RawWord | ArrayAssignment | Operator"
