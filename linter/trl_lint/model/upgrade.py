"""What another pair of releases would silently do differently with one run, as a rule pack says it."""

from __future__ import annotations

import enum

from trl_lint.dataclass import dataclass
from trl_lint.model.release import Release


class Weight(enum.Enum):
    """`matters`: another loss, other tokens, another objective, memory or speed. `minor`: one line for all of them."""

    MATTERS = "matters"
    MINOR = "minor"


class Sort(enum.Enum):
    """`default`: an argument that the code leaves to its default. `behaviour`: no default says so. `lost`: a key of
    a recipe that is there no more; it does not change silently, but stops whatever reads the recipe."""

    DEFAULT = "default"
    BEHAVIOUR = "behaviour"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Pin:
    """An argument of the config, as Python source of a plain literal, that keeps what the older release does."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `name` is the argument, or a short name of the behaviour.

    `old` and `new` are phrases (`False`, `True unless fp16 is set`); `since` is the first release (of `package`) that
    does what the new one does; `means` says in whole sentences what the run would notice; `condition` ("if ...",
    "unless ...") what it depends on that cannot be seen; `advice` completes "to keep it:"; `source` is where this
    can be looked up; `number` the row of the list of consequential changes that it belongs to (0: none).
    """

    sort: Sort
    name: str
    old: str
    new: str
    since: Release
    package: str = "trl"
    weight: Weight = Weight.MATTERS
    means: str = ""
    condition: str = ""
    pins: tuple[Pin, ...] = ()
    advice: str = ""
    source: str = ""
    number: int = 0
