"""What variables of a shell hold: text in pieces that know where they stand, for each way through the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.value import Arm, Step

MOST_ALTERNATIVES = 8
MOST_PIECES = 400  # of one variable or word; what has more is not known


@dataclass(frozen=True, slots=True)
class Choice:
    """The `index`-th way at the place `branch`. `assumed`: a default, which the environment may overrule; not a
    decision of the script."""

    branch: int
    index: int
    assumed: bool = False


When: TypeAlias = "tuple[Choice, ...]"


def agree(*choices: Choice) -> bool:
    """Whether these can all be made in one run."""
    chosen: dict[int, int] = {}
    return all(chosen.setdefault(choice.branch, choice.index) == choice.index for choice in choices)


def both(one: When, other: When) -> When:
    """The choices of both, each once."""
    return tuple(dict.fromkeys((*one, *other)))


def arms(when: When, assumed: bool = False) -> tuple[Arm, ...]:
    """These choices as arms of the model. Branches of a shell are negative, so that they never meet those of a
    Python file in one run."""
    return tuple(Arm(-choice.branch - 1, choice.index) for choice in when if assumed or not choice.assumed)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, None where it is not known for this `reason`, and where it stands. `exact`: in just these letters.

    `quoted`: an unknown piece is part of one word. `steps` are the assignments that it came through.
    """

    text: str | None
    start: int
    end: int
    exact: bool = False
    quoted: bool = False
    reason: str = ""
    variable: str = ""
    steps: tuple[Step, ...] = ()


class _Break:
    """Between two words."""


BREAK = _Break()
Atom: TypeAlias = "Piece | _Break"
Atoms: TypeAlias = "tuple[Atom, ...]"


@dataclass(frozen=True, slots=True)
class Alternative:
    """What something is under these choices."""

    when: When
    atoms: Atoms


@dataclass(frozen=True, slots=True)
class Content:
    """What a variable holds."""

    alternatives: tuple[Alternative, ...]


def unknown(reason: str, start: int, end: int, quoted: bool = False, variable: str = "") -> Piece:
    """A piece that is not known."""
    return Piece(None, start, end, quoted=quoted, reason=reason, variable=variable)


def words_of(atoms: Iterable[Atom]) -> Iterator[tuple[Piece, ...]]:
    """The words between the breaks; what holds no piece is none."""
    word: list[Piece] = []
    for atom in atoms:
        if isinstance(atom, Piece):
            word.append(atom)
        elif word:
            yield tuple(word)
            word = []
    if word:
        yield tuple(word)


def with_choice(content: Content | None, choice: Choice, missing: Piece) -> Iterator[Alternative]:
    """The alternatives of `content` that go with `choice`, which they then name; `missing` stands for no content."""
    if content is None:
        yield Alternative((choice,), (missing,))
        return
    for alternative in content.alternatives:
        if agree(choice, *alternative.when):
            yield replace(alternative, when=both((choice,), alternative.when))


@dataclass
class Clock:
    """How often something that is not read (`source settings.sh`) may have set variables."""

    now: int = 0


@dataclass
class Scope:
    """Variables, and in front of them those that one arm, subshell or call has set by itself."""

    clock: Clock = field(default_factory=Clock)
    outer: Scope | None = None
    own: dict[str, tuple[int, Content]] = field(default_factory=dict)

    def get(self, name: str) -> Content | None:
        """What `name` holds; None where the script does not set it."""
        scope: Scope | None = self
        while scope is not None and name not in scope.own:
            scope = scope.outer
        if scope is None:
            return None
        when, content = scope.own[name]
        if when == self.clock.now:
            return content
        piece = unknown("a file that the script reads may set it", 0, 0, True, f"${name}")
        sure = (replace(a, when=both(a.when, (Choice(-2, 0, True),))) for a in content.alternatives)
        return Content((*sure, Alternative((Choice(-2, 1, True),), (piece,))))

    def set(self, name: str, content: Content) -> None:
        """Bind `name`."""
        self.own[name] = (self.clock.now, content)

    def inner(self) -> Scope:
        """A scope in front of this one."""
        return Scope(self.clock, self)
