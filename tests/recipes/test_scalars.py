"""Plain scalars are what PyYAML makes of them."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from trl_lint.model.value import Known, Unknown
from trl_lint.recipes.scalars import plain, tagged

NUMBERISH = st.text(alphabet="0123456789_.:+-eExXbBoinfNaAyYsTZ", min_size=1, max_size=9)
WORDS = st.sampled_from(
    [
        f(w)
        for w in ("yes", "no", "on", "off", "true", "false", "null", "~", "y", "n", "inf", ".inf", "nan")
        for f in (str, str.title, str.upper)
    ]
)


def by_pyyaml(text: str) -> object:
    """What PyYAML's safe loader constructs from the plain scalar `text`; it may raise ValueError or YAMLError."""
    loader: Any = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, text, (True, False))
    return loader.construct_object(yaml.ScalarNode(tag, text), deep=True)


@given(NUMBERISH | WORDS)
@example("1e-5")
@example("1.0e-5")
@example("1.e+3")
@example("010")
@example("08")
@example("0_")
@example("0b_")
@example("-0x_1F")
@example("1:30")
@example("-1:30:05.5")
@example("1:60")
@example("1_000")
@example("2020-01-01")
@example("2020-99-99")
@example("2001-12-14t21:59:43.10-05:00")
@example("-.5")
@example("-.inf")
@example("=")
@example("<<")
@example("")
def test_every_scalar_is_read_as_pyyaml_reads_it(text: str) -> None:
    found = plain(text)
    try:
        expected = by_pyyaml(text)
    except (ValueError, yaml.YAMLError):
        assert isinstance(found, Unknown)
        return
    if not isinstance(expected, (str, int, float, bool, type(None))):
        assert found == Unknown("a date")
        return
    assert isinstance(found, Known)
    if isinstance(expected, float) and math.isnan(expected):
        assert isinstance(found.value, float)
        assert math.isnan(found.value)
    else:
        assert (type(found.value), found.value) == (type(expected), expected)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [("float", "1e-5", 1e-5), ("str", "5", "5"), ("int", "0x10", 16), ("bool", "YES", True), ("null", "x", None)],
)
def test_written_tags(tag: str, text: str, value: object) -> None:
    assert tagged(f"tag:yaml.org,2002:{tag}", text) == Known(value)  # type: ignore[arg-type]
    assert yaml.safe_load(f"!!{tag} {text}") == value


@pytest.mark.parametrize(
    ("tag", "text"),
    [("int", "x"), ("float", ""), ("bool", "perhaps"), ("python/name:os.system", "x"), ("binary", "aa")],
)
def test_tags_that_say_nothing(tag: str, text: str) -> None:
    assert isinstance(tagged(f"tag:yaml.org,2002:{tag}", text), Unknown)


def test_a_huge_number_is_not_computed() -> None:
    assert isinstance(plain("1" + ":59" * 100_000), Unknown)
    assert isinstance(plain("9" * 100_000), Unknown)
