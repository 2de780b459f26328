"""Part of the allowed releases as a specifier and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.release import Release
from trl_lint.targets.ranges import in_words, specifier
from trl_lint.targets.versions import satisfying

from .conftest import TRL, releases

ALLOWED = releases(TRL)
allowed_sets = st.sets(st.builds(Release, st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=1)


@pytest.mark.parametrize(
    ("affected", "expected", "words"),
    [
        ("0.22.0 0.22.1 0.22.2 0.29.1 1.0.0 1.9.0 1.9.2", ">=0.22.0,<1.10.0", "0.22 to 1.9"),
        ("1.9.2", "==1.9.2", "1.9.2"),
        ("0.22.0 0.22.1 0.22.2", ">=0.22.0,<0.29.1", "0.22"),
        ("0.22.0 0.22.1", ">=0.22.0,<0.22.2", "0.22.0 to 0.22.1"),
        ("0.22.1 0.22.2 0.29.1", ">=0.22.1,<1.0.0", "0.22.1 to 0.29"),
        ("1.0.0 1.9.0", ">=1.0.0,<1.9.2", "1.0 to 1.9.0"),
        ("1.15.0 1.16.0", ">=1.15.0", "1.15 to 1.16"),
        ("1.16.0", ">=1.16.0", "1.16.0"),
        ("0.19.1 1.10.0 1.15.0 1.16.0", "==0.19.1 || >=1.10.0", "0.19.1 and 1.10 to 1.16"),
        ("0.9.4 0.19.1 0.20.0 1.0.0", "==0.9.4 || >=0.19.1,<0.21.0 || ==1.0.0", "0.9.4, 0.19 to 0.20 and 1.0.0"),
        (TRL, ">=0.9.4", "0.9 to 1.16"),
        ("", "", ""),
    ],
)
def test_examples(affected: str, expected: str, words: str) -> None:
    assert specifier(releases(affected), ALLOWED) == expected
    assert in_words(releases(affected), ALLOWED) == words


def test_the_only_allowed_release_is_named_exactly() -> None:
    assert specifier([Release(1, 9, 2)], [Release(1, 9, 2)]) == "==1.9.2"


@given(allowed_sets, st.data())
def test_selects_exactly_the_affected_ones_among_the_allowed(allowed_set: set[Release], data: st.DataObject) -> None:
    allowed = sorted(allowed_set)
    affected = sorted(data.draw(st.sets(st.sampled_from(allowed), min_size=1)))
    assert list(satisfying(specifier(affected, allowed), allowed)) == affected


@given(allowed_sets, st.data())
def test_an_unbroken_run_is_one_pep_440_specifier(allowed_set: set[Release], data: st.DataObject) -> None:
    allowed = sorted(allowed_set)
    first = data.draw(st.integers(0, len(allowed) - 1))
    last = data.draw(st.integers(first, len(allowed) - 1))
    text = specifier(allowed[first : last + 1], allowed)
    assert "||" not in text
    assert list(satisfying(text, allowed)) == allowed[first : last + 1]
