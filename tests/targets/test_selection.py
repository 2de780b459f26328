"""What stands for a specifier among the releases known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.release import Release
from trl_lint.targets.selection import nearest, select

from .conftest import TRL, releases

KNOWN = releases(TRL)


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("==1.9.2", "1.9.2"),
        ("==1.9", "1.9.0"),
        ("==1.9.*", "1.9.0 1.9.2"),
        (">=0.22,<1", "0.22.0 0.22.1 0.22.2 0.29.1"),
        ("~=0.22.1", "0.22.1 0.22.2"),
        (">=1.10,!=1.15.0", "1.10.0 1.16.0"),
        ("==0.20.0+cu118", "0.20.0"),
        ("==1.9.2.post1", "1.9.2"),
        ("===1.9.2", "1.9.2"),
        ("==0.20.0 || ==1.9.2", "0.20.0 1.9.2"),
        ("<0.10", "0.9.4 0.9.6"),
    ],
)
def test_known_releases(specifier: str, expected: str) -> None:
    selection = select("trl", specifier, KNOWN)
    assert (selection.releases, selection.beyond, selection.notes) == (releases(expected), None, ())


@pytest.mark.parametrize(
    ("specifier", "expected", "note"),
    [
        ("==0.9.5", "0.9.4", "trl 0.9.5 is not among the releases known: judged as 0.9.4"),
        ("==0.29.0", "0.29.1", "trl 0.29.0 is not among the releases known: judged as 0.29.1"),
        ("==0.25.0", "0.22.2", "trl 0.25.0 is not among the releases known: judged as 0.22.2"),
        ("==1.9.2.dev0", "1.9.2", "trl 1.9.2.dev0 is judged as 1.9.2"),
        ("==1.10.0rc1", "1.10.0", "trl 1.10.0rc1 is judged as 1.10.0"),
        (">=0.29.0,<0.29.1", "0.29.1", "no release in trl>=0.29.0,<0.29.1 is known: judged as 0.29.1"),
        ("~=0.25.1", "0.22.2", "no release in trl~=0.25.1 is known: judged as 0.22.2"),
    ],
)
def test_unknown_releases_in_between(specifier: str, expected: str, note: str) -> None:
    selection = select("trl", specifier, KNOWN)
    assert (selection.releases, selection.beyond, selection.notes) == (releases(expected), None, (note,))


@pytest.mark.parametrize(
    ("specifier", "expected", "beyond"),
    [
        ("==2.0.0", "1.16.0", "trl 2.0.0 is newer than the newest release known (1.16.0)"),
        ("==1.17.0.dev0", "1.16.0", "trl 1.17.0.dev0 is newer than the newest release known (1.16.0)"),
        (">=1.17", "1.16.0", "trl>=1.17 asks for more than the newest release known (1.16.0)"),
        (">1.16.0", "1.16.0", "trl>1.16.0 asks for more than the newest release known (1.16.0)"),
        ("==0.4.7", "0.9.4", "trl 0.4.7 is older than the oldest release known (0.9.4)"),
        ("<0.8", "0.9.4", "trl<0.8 means releases older than the oldest one known (0.9.4)"),
    ],
)
def test_outside_of_what_is_known(specifier: str, expected: str, beyond: str) -> None:
    selection = select("trl", specifier, KNOWN)
    assert (selection.releases, selection.beyond) == (releases(expected), beyond)


@pytest.mark.parametrize("specifier", [">=1.0,<0.9", "==1.0.0,<0.9", "==2.0.0,<1", ">=1.9,<=1.0"])
def test_contradictions_select_nothing(specifier: str) -> None:
    assert select("trl", specifier, KNOWN).releases == ()


@given(st.builds(Release, st.integers(0, 2), st.integers(0, 30), st.integers(0, 5)))
def test_the_nearest_is_known_and_never_of_another_series_without_need(release: Release) -> None:
    stand_in = nearest(release, KNOWN)
    assert stand_in in KNOWN
    if any(other[:2] == release[:2] for other in KNOWN):
        assert stand_in[:2] == release[:2]
    elif release > KNOWN[0]:
        assert stand_in < release
