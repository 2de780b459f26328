"""The data classes behave as those of the standard library, for what trl-lint uses of them."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from trl_lint.dataclass import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Point:
    """Two numbers, of which one has a name that does not count."""

    kind: ClassVar[str] = "point"
    x: float
    y: float = 0.0
    name: str = field(default="", compare=False)
    tags: list[str] = field(default_factory=list, compare=False)

    @property
    def sum(self) -> float:
        """Both together."""
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Solid(Point):
    """A field more than the base."""

    z: float = 0.0


@dataclass
class Counter:
    """Mutable, with a step after the fields are set."""

    start: int = 0
    count: int = field(default=1)

    def __post_init__(self) -> None:
        self.count += self.start


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Equal to itself alone."""

    value: int


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Has an order."""

    major: int
    minor: int


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing."""


def test_fields_are_set_by_position_keyword_and_default() -> None:
    point = Point(1, name="a")
    assert (point.x, point.y, point.name, point.tags, point.sum, Point.kind) == (1, 0.0, "a", [], 1, "point")
    assert Point(1).tags is not Point(1).tags


@pytest.mark.parametrize("arguments", [(), (1, 2, "", [], 5)])
def test_a_missing_argument_and_one_too_many_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"Point.__init__\(\)"):
        Point(*arguments)


def test_what_is_not_compared_has_no_part_in_equality_and_hash() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b") != Point(1, 3, "a")
    assert len({Point(1, 2, "a"), Point(1, 2, "b"), Point(2, 1)}) == 2
    assert Point(1, 2) != Solid(1, 2)


def test_a_subclass_has_the_fields_of_its_base_first() -> None:
    assert repr(Solid(1, 2, z=3)) == "Solid(x=1, y=2, name='', tags=[], z=3)"
    assert Solid(1, 2, z=3) != Solid(1, 2, z=4)


def test_slots_allow_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        Point(1).other = 2  # type: ignore[attr-defined]


def test_a_mutable_one_has_no_hash_and_runs_its_post_init() -> None:
    assert Counter(2).count == 3
    assert Counter(2) == Counter(2)
    with pytest.raises(TypeError):
        hash(Counter())


def test_without_eq_identity_counts() -> None:
    node = Node(1)
    assert node == node != Node(1)
    assert len({node, Node(1)}) == 2


def test_order_and_emptiness() -> None:
    assert sorted([Version(2, 0), Version(1, 9), Version(1, 10)])[0] == Version(1, 9)
    assert Empty() == Empty()
    assert repr(Empty()).endswith("Empty()")


def test_replace_and_pickle_give_equal_ones() -> None:
    solid = Solid(1, 2, "a", ["b"], 3)
    assert replace(solid, z=4) == Solid(1, 2, z=4)
    assert replace(solid, z=4).tags is solid.tags
    assert pickle.loads(pickle.dumps(solid)) == solid


def test_the_functions_of_the_standard_library_understand_them() -> None:
    solid = Solid(1, 2, "a", ["b"], 3)
    assert dataclasses.is_dataclass(solid)
    assert [each.name for each in dataclasses.fields(solid)] == ["x", "y", "name", "tags", "z"]
    assert dataclasses.asdict(solid) == {"x": 1, "y": 2, "name": "a", "tags": ["b"], "z": 3}
    assert dataclasses.replace(solid, x=2) == replace(solid, x=2)


def test_patterns_match_by_position() -> None:
    match Version(1, 2):
        case Version(major, minor):
            assert (major, minor) == (1, 2)
        case _:
            pytest.fail("no match")
