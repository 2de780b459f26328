"""What a rule pack knows of an argument itself, whatever a run gives it."""

from __future__ import annotations

from trl_lint.dataclass import dataclass
from trl_lint.model.release import Release


@dataclass(frozen=True, slots=True)
class ArgumentFacts:
    """One argument of a class in the targeted release, and when that class has it.

    `owner` is the class, as `package` spells it (a config may inherit the argument from another package);
    `present` says whether the targeted release takes it. `default` and `choices` are source text, `default` is empty
    for an argument that must be given. `stretches` are the first and last release (of `package`) of each unbroken
    time; a first of None: the oldest known release has it, a last of None: the newest. `deprecated_since` is the first
    release that warns. `meaning` says in half a sentence what it does there; empty where the pack has no words for it.
    """

    name: str
    owner: str
    package: str
    present: bool
    stretches: tuple[tuple[Release | None, Release | None], ...]
    default: str = ""
    choices: tuple[str, ...] = ()
    annotation: str = ""
    deprecated_since: Release | None = None
    meaning: str = ""
