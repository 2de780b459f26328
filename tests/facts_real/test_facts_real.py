"""The facts are what importing the real packages shows: names, fields, parameters, defaults, tables."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from facts import compare, real
from trl_lint.model.release import Release

pytestmark = [pytest.mark.slow, pytest.mark.real, pytest.mark.xdist_group("real")]


@pytest.fixture(scope="module")
def environment() -> Iterator[real.Environment]:
    """One environment for all pairs: most of what they need is the same. Its gigabyte does not outlive the tests."""
    with tempfile.TemporaryDirectory() as folder:
        yield real.Environment(Path(folder))


@pytest.mark.parametrize(("trl", "transformers"), [("1.16.0", "5.20.0"), ("1.0.0", "5.4.0"), ("0.19.1", "4.53.1")])
def test_nothing_differs(environment: real.Environment, trl: str, transformers: str) -> None:
    environment.install(trl, transformers)
    differences, missing = compare.compare(environment, Release.parse(trl), Release.parse(transformers))
    assert differences == []
    assert all("experimental" in line for line in missing), "what people use most is always compared"
