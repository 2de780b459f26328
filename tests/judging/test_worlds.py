"""Worlds: which verdicts hang together."""

from __future__ import annotations

import pytest

from trl_lint.judging.worlds import World, explore, hangs_together
from trl_lint.model.value import Arm, Known, OneOf, Option, Unknown, Value


def branch(number: int, first: object, second: object) -> OneOf:
    """What an `if` at this place leaves open."""
    return OneOf(
        (
            Option(Known(first), (Arm(number, 0),)),  # type: ignore[arg-type]
            Option(Known(second), (Arm(number, 1),)),  # type: ignore[arg-type]
        )
    )


def default(value: object) -> OneOf:
    """A default, or what a caller gives."""
    return OneOf((Option(Known(value)), Option(Unknown("the parameter"))))  # type: ignore[arg-type]


def both_true(first: Value, second: Value) -> bool:
    """Whether `first and second` is reported, by a rule that looks at `second` only where `first` is true."""
    found: list[World] = []
    worlds: list[World] = []

    def judge(world: World) -> bool:
        return world.pick(first) == Known(True) and world.pick(second) == Known(True)

    for world, holds in explore(judge):
        worlds.append(world)
        if holds:
            found.append(world)
    return bool(found) and hangs_together(found, worlds)


@pytest.mark.parametrize(
    ("first", "second", "reported"),
    [
        (Known(True), Known(True), True),
        (Known(True), branch(1, True, False), True),
        (branch(1, True, False), Known(True), True),
        (branch(1, True, False), branch(1, True, False), True),
        (branch(1, True, False), branch(1, False, True), False),
        (branch(1, True, False), branch(2, True, False), False),
        (branch(1, True, False), branch(2, True, True), True),
        (branch(1, True, True), branch(2, False, True), True),
        (default(True), branch(1, True, False), True),
        (branch(1, True, False), default(True), True),
        (default(True), default(True), True),
    ],
)
def test_what_needs_two_decisions_is_not_reported(first: Value, second: Value, reported: bool) -> None:
    assert both_true(first, second) is reported
