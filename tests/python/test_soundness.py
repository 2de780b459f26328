"""What is claimed of random programs holds when they are run with stubs."""

from __future__ import annotations

from pathlib import Path

import pytest

import trl_lint.python.machine as machine
from soundness.check import WRITERS, written, wrong
from soundness.program import MAIN, Program

PROGRAMS = 10_000
CHUNKS = 10  # of each kind
FAST = 25  # programs of each kind in the fast tests
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.txt"))


def check(kind: str, seed: int, size: int) -> None:
    """One program, analysed once and run twice."""
    program = written(kind, seed, size)
    if program is not None:
        assert wrong(program) is None, f"{kind} {seed} {size}\n{program}"


@pytest.mark.parametrize("kind", WRITERS)
def test_claims_hold(kind: str) -> None:
    for seed in range(FAST):
        check(kind, seed, 2 + seed % 2)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("kind", WRITERS)
def test_claims_hold_in_many_programs(kind: str, chunk: int) -> None:
    count = PROGRAMS // len(WRITERS) // CHUNKS
    for seed in range(FAST + chunk * count, FAST + (chunk + 1) * count):
        check(kind, seed, 2 + seed % 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRITERS)
def test_claims_hold_in_longer_programs(kind: str) -> None:
    for seed in range(30):
        check(kind, seed, 10)


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRITERS)
def test_claims_hold_when_the_budget_runs_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STEPS_PER_NODE", 0)
    for seed in range(60):
        monkeypatch.setattr(machine, "MIN_STEPS", 20 * (seed % 20))
        check(kind, seed, 6)


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_what_was_wrong_once(path: Path) -> None:
    """Programs that contradicted a claim: `# file: NAME` begins a file, `# words: ...` says how it is started."""
    assert wrong(program_in(path.read_text()), runs=20) is None


def program_in(text: str) -> Program:
    """The program that a regression file holds."""
    files: dict[str, list[str]] = {MAIN: []}
    words: tuple[str, ...] | None = None
    at = MAIN
    for line in text.splitlines(keepends=True):
        if line.startswith("# file: "):
            at = line.removeprefix("# file: ").strip()
            files.setdefault(at, [])
        elif line.startswith("# words:"):
            words = tuple(line.removeprefix("# words:").split())
        else:
            files[at].append(line)
    return Program({path: "".join(lines) for path, lines in files.items()}, words)
