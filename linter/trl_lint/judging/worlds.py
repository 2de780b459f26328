"""Every way in which the alternatives of the code can fall, one consistent world at a time.

A rule reads concrete values. Where the code leaves a choice (`OneOf`), the first read of it in a world picks
an alternative; the rule is run again for the others. Alternatives that hang on the same branch of the code
are picked together, so that no world mixes the two sides of one `if`.

A default that something outside of the code may replace (a flag, an environment variable) is an alternative beside an
unknown one. All of these fall together: either nothing is said from outside, or nothing is known of any of them. What
a rule says of unknown values it says of all, so no other mixture can tell more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from trl_lint.dataclass import dataclass, field
from trl_lint.model.value import Arm, Known, OneOf, Option, Unknown, Value

T = TypeVar("T")

WORLD_LIMIT = 64
_OUTSIDE = -1  # the choice whether something outside of the code has its say


@dataclass
class World:
    """One assignment of alternatives. `script` are the picks to repeat; further ones are made on demand."""

    script: tuple[int, ...] = ()
    arms: dict[int, int] = field(default_factory=dict)
    picks: list[tuple[int, int]] = field(default_factory=list)  # (picked, out of)
    decisions: dict[int, int] = field(default_factory=dict)  # choice: alternative, where it hangs on branches
    assumptions: dict[int, int] = field(default_factory=dict)  # the other ones: a default or something else
    passed_over: dict[str, None] = field(default_factory=dict)  # what might have its say, and does not here
    _seen: dict[int, Known | Unknown] = field(default_factory=dict)
    _kept: list[tuple[Option, ...]] = field(default_factory=list)

    def _feasible(self, option: Option) -> bool:
        return all(self.arms.get(arm.branch, arm.index) == arm.index for arm in option.when)

    def _choose(self, count: int) -> int:
        """One of `count` alternatives: what the script says, then the first."""
        if count < 2:
            return 0
        index = self.script[len(self.picks)] if len(self.picks) < len(self.script) else 0
        self.picks.append((index, count))
        return index

    def _from_outside(self, feasible: list[Option]) -> list[Option]:
        """The alternatives that remain where some hang on what the code does not say."""
        unknown = [option for option in feasible if isinstance(option.value, Unknown) and not option.when]
        if not unknown or len(unknown) == len(feasible):
            return feasible
        if not self.alone():
            return unknown
        self.passed_over.update(
            dict.fromkeys(option.value.reason for option in unknown if isinstance(option.value, Unknown))
        )
        return [option for option in feasible if option not in unknown]

    def alone(self, *reasons: str) -> bool:
        """Whether nothing outside of the code has its say in this world, which it may for these reasons."""
        if _OUTSIDE not in self.assumptions:
            self.assumptions[_OUTSIDE] = self._choose(2)
        if self.assumptions[_OUTSIDE]:
            return False
        self.passed_over.update(dict.fromkeys(reasons))
        return True

    def pick(self, value: Value) -> Known | Unknown:
        """`value` itself, or the alternative of it that holds in this world."""
        if not isinstance(value, OneOf):
            return value
        found = self._seen.get(id(value.options))
        if found is not None:
            return found
        feasible = [option for option in value.options if self._feasible(option)] or list(value.options)
        feasible = self._from_outside(feasible)
        index = self._choose(len(feasible))
        option = feasible[min(index, len(feasible) - 1)]
        if len(feasible) > 1:
            taken = self.decisions if option.when else self.assumptions
            taken[id(value.options)] = value.options.index(option)
        for arm in option.when:
            self.arms.setdefault(arm.branch, arm.index)
        self._seen[id(value.options)] = option.value
        self._kept.append(value.options)  # keeps the identity valid for the life of this world
        return option.value


def explore(judge: Callable[[World], T], given: tuple[Arm, ...] = ()) -> Iterator[tuple[World, T]]:
    """Run `judge` in every world that it can tell apart, at most `WORLD_LIMIT`; `given` arms hold in all."""
    pending: list[tuple[int, ...]] = [()]
    for _ in range(WORLD_LIMIT):
        if not pending:
            return
        script = pending.pop()
        world = World(script, {arm.branch: arm.index for arm in given})
        result = judge(world)
        picked = tuple(index for index, _ in world.picks)
        for position in range(len(script), len(world.picks)):
            pending.extend((*picked[:position], other) for other in range(1, world.picks[position][1]))
        yield world, result


def hangs_together(where: Sequence[World], worlds: Sequence[World]) -> bool:
    """Whether what was found in the worlds `where`, of all `worlds`, needs no more than one decision of the code.

    Tests of the code that look independent seldom are (`dtype == float16` and `dtype == bfloat16`): what only holds
    if two of them fall in a certain way need never happen.
    """
    if len(where) == len(worlds):
        return True
    found = {id(world) for world in where}
    without = [world for world in worlds if id(world) not in found]
    return any(_decided(world, without) for world in where)


def _decided(world: World, without: Sequence[World]) -> bool:
    """Whether no decision, or one, tells `world` from those of `without` that share its assumptions."""
    mine = world.assumptions
    others = [
        other.decisions
        for other in without
        if all(mine.get(choice, picked) == picked for choice, picked in other.assumptions.items())
    ]
    if not others or not world.decisions:
        return True
    return any(
        all(other.get(choice, picked) != picked for other in others) for choice, picked in world.decisions.items()
    )


def exhausted(count: int) -> bool:
    """Whether `count` worlds mean that there were more than could be looked at."""
    return count >= WORLD_LIMIT
