"""A little of the fuzzing in every run, and everything that it ever found. `python -m tools.fuzz` does more."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import pytest

from fuzz.cli import REGRESSIONS, main
from fuzz.mutate import LARGEST, mutate
from fuzz.seeds import seeds
from fuzz.targets import TARGETS, FailedError, Target

KEPT = sorted(path for path in REGRESSIONS.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.simplefilter("ignore")  # what the mutated scripts deserve


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_broken_input_is_stood(name: str, tmp_path: Path) -> None:
    target = TARGETS[name](tmp_path)
    for number in range(150):
        target(mutate(random.Random(f"test {number}"), seeds(name)))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_failed(path: Path, tmp_path: Path) -> None:
    TARGETS[path.parent.name.replace("+", "/")](tmp_path)(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_seeds_that_stand(name: str, tmp_path: Path) -> None:
    found = seeds(name)
    assert found
    target = TARGETS[name](tmp_path)
    for raw in found[:3]:
        target(raw)
    mutated = {mutate(random.Random(number), found) for number in range(20)}
    assert len(mutated) > 10
    assert max(map(len, mutated)) <= LARGEST


def test_a_failure_is_kept_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: Target, raw: bytes) -> None:
        raise FailedError("made to fail")

    monkeypatch.setattr(Target, "__call__", fail)
    assert main(["setup.cfg", "--count", "2", "--regressions", str(tmp_path)]) == 1
    assert len(list((tmp_path / "setup.cfg").iterdir())) == 2
    assert "setup.cfg 0: FailedError: made to fail -> " in capsys.readouterr().out
