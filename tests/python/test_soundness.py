"""What is claimed of random programs holds when they are run with stubs."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import trl_lint.python.machine as machine

from .programs import Generator, analysed, contradiction

CHUNKS = 4
FAST = settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def check(seed: int, size: int) -> None:
    """One program, analysed once and run twice."""
    text = Generator(random.Random(seed), size).program()
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        return  # quotes inside an f-string
    module = analysed(text)
    assert not module.problems, text
    for run in range(2):
        assert contradiction(text, module, run) is None, text


@pytest.mark.parametrize("chunk", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, CHUNKS))])
@FAST
@given(st.integers(0, 2**40))
def test_claims_hold(chunk: int, seed: int) -> None:
    check(seed * CHUNKS + chunk, 2)


@settings(FAST, max_examples=30)
@given(st.integers(0, 2**40))
def test_claims_hold_in_longer_programs(seed: int) -> None:
    check(seed, 10)


def test_claims_hold_when_the_budget_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STEPS_PER_NODE", 0)
    for seed in range(60):
        monkeypatch.setattr(machine, "MIN_STEPS", 20 * (seed % 20))
        check(seed, 6)
