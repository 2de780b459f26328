"""Specifiers over final releases, checked against `packaging`."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from trl_lint.model.release import Release
from trl_lint.targets.versions import base_release, matcher

numbers = st.lists(st.integers(0, 12), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
long_numbers = st.lists(st.integers(0, 12), min_size=2, max_size=3).map(lambda parts: ".".join(map(str, parts)))
clause = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["==", "!=", "<=", ">=", "<", ">"]), numbers),
    st.builds("{} {}.*".format, st.sampled_from(["==", "!="]), numbers),
    st.builds("~={}".format, long_numbers),
    st.builds(
        "{}{}{}".format, st.sampled_from([">=", "<", "=="]), numbers, st.sampled_from([".dev0", "rc1", ".post1"])
    ),
)
release = st.builds(Release, *[st.integers(0, 12)] * 3)


@given(st.lists(clause, min_size=1, max_size=3).map(",".join), release)
def test_agrees_with_packaging(specifier: str, candidate: Release) -> None:
    assert matcher(specifier)(candidate) == SpecifierSet(specifier).contains(str(candidate), prereleases=True)


@given(clause, clause, release)
def test_alternatives_select_what_either_selects(left: str, right: str, candidate: Release) -> None:
    assert matcher(f"{left} || {right}")(candidate) == (matcher(left)(candidate) or matcher(right)(candidate))


@pytest.mark.parametrize("text", ["abc", "==abc", "=1.0", ">=1.*", "~=1", "1.9.2", "==" + "9" * 5000, "x" * 2000])
def test_what_is_no_specifier(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the message is packaging's)
        matcher(text)


@pytest.mark.parametrize(
    ("version", "expected", "early"),
    [
        ("1.9.2", "1.9.2", False),
        ("v1.9", "1.9.0", False),
        ("1.9.2.dev0", "1.9.2", True),
        ("1.10.0rc1", "1.10.0", True),
        ("1.9.2.post1", "1.9.2", False),
        ("0.20.0+cu118", "0.20.0", False),
    ],
)
def test_the_release_that_a_version_belongs_to(version: str, expected: str, early: bool) -> None:
    assert base_release(version) == (Release.parse(expected), early)


def test_a_plain_pin_costs_no_import_of_packaging() -> None:
    program = (
        "import sys\n"
        "from trl_lint.model.release import Release\n"
        "from trl_lint.targets.selection import select\n"
        "from trl_lint.targets.resolver import TargetResolver\n"
        "from trl_lint.targets.readers.requirements import read_requirements\n"
        "assert select('trl', '==1.9.2', (Release(1, 9, 2),)).releases == (Release(1, 9, 2),)\n"
        "print([name for name in ('packaging', 'tomllib', 'ruamel.yaml') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
