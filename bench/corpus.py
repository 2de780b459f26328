"""A scan of whole repositories against ruff and against reading the bytes: `python bench/corpus.py FOLDER`.

Fetches the corpus (published source distributions, see `published.py`) into FOLDER unless it is there, then runs each
program on the same files and prints ratios, which a slow or busy machine changes little. The goals: at most half of the
wall time of `ruff check --select F --no-cache`, at most 20 ms for each file that can hold a run, at most 150 MB of
memory, and a time that grows linearly with the files. `pip install --group bench` brings what it needs.

`--folder PATH` measures other files; `--slowest N` says which files take longest.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from children import Cost, cheapest
from published import fetch

RATIO, PER_FILE, MEMORY, GROWTH = 0.5, 0.020, 150, 1.1  # the goals: of ruff's time, seconds, MB, more than linear
LINT = (sys.executable, "-m", "trl_lint", "check", "--isolated", "--quiet", "--output-format", "concise", ".")
ALONE = (*LINT, "--no-cache", "--jobs", "1")
RUFF = (sys.executable, "-m", "ruff", "check", "--select", "F", "--no-cache", "--isolated", "--quiet", ".")
_READ = """
import os
for folder, _, names in os.walk("."):
    for name in names:
        try:
            with open(folder + "/" + name, "rb") as file:
                b"trl" in file.read()
        except OSError:
            pass
"""
COPIES = 10
_SMALL = ("peft", "trl")  # what is copied: a large part of their files is analysed


def main() -> int:
    """Print what was measured; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, metavar="FOLDER", help="where the corpus is kept")
    parser.add_argument("--folder", type=Path, help="measure these files instead")
    parser.add_argument("--rounds", type=int, default=3, help="of which the cheapest counts")
    parser.add_argument("--slowest", type=int, metavar="N", help="only list the files that take longest")
    arguments = parser.parse_args()
    folders = [] if arguments.folder else fetch(arguments.corpus)
    tree = arguments.folder or arguments.corpus / "tree"
    if arguments.slowest:
        for seconds, path in sorted(_each(tree), reverse=True)[: arguments.slowest]:
            print(f"{seconds * 1000:8.1f} ms  {path}")
        return 0
    print(f"{date.today()}, {os.cpu_count()} cores of {_processor()}, Python {platform.python_version()}")
    met = _against_others(tree, arguments.rounds)
    if folders:
        met &= _growth([folder for folder in folders if folder.name.startswith(_SMALL)], arguments.rounds)
    return 0 if met else 1


def _against_others(tree: Path, rounds: int) -> bool:
    files, held = _count(tree)
    print(f"{files:,} files, {held} of which can hold a run")
    with tempfile.TemporaryDirectory() as work:
        cache = ("--cache-dir", f"{work}/cache")
        alone = cheapest(ALONE, tree, rounds)
        shared = cheapest((*LINT, "--no-cache"), tree, rounds)
        cold = cheapest((*LINT, "--cache-dir", f"{work}/cold", "--jobs", "1"), tree, 1)
        cheapest((*LINT, *cache), tree, 1)
        warm = cheapest((*LINT, *cache), tree, rounds)
    ruff = cheapest(RUFF, tree, rounds)
    reading = cheapest(_reader(), tree, rounds)
    for name, cost in (
        ("trl-lint, one process", alone),
        ("trl-lint, all cores", shared),
        ("trl-lint, cold cache", cold),
        ("trl-lint, warm cache", warm),
        ("ruff check --select F", ruff),
        (_reader()[0].rpartition("/")[2], reading),
    ):
        print(f"  {name:22} {_shown(cost)}")
    print(f"  one process takes {alone.wall / shared.wall:.2f} times as long as all cores by the clock")
    print(f"  keeping verdicts costs {(cold.processor / alone.processor - 1) * 100:.0f}% of the processor time")
    print(f"  reading the bytes takes {reading.processor / alone.processor:.3f} of the processor time")
    return all(
        (
            _against("of ruff's time", shared, ruff),
            _against("of ruff's time with a warm cache", warm, ruff),
            _goal(
                "ms of processor time for each file that can hold a run", alone.processor * 1000 / held, PER_FILE * 1000
            ),
            _goal("MB in the largest process", max(alone.largest, shared.largest, warm.largest), MEMORY),
            _goal("MB in all processes together", shared.total, MEMORY),
        )
    )


def _against(what: str, cost: Cost, other: Cost) -> bool:
    return _goal(
        f"{what} by the clock", cost.wall / other.wall, RATIO, f"; of processors {cost.processor / other.processor:.2f}"
    )


def _growth(originals: list[Path], rounds: int) -> bool:
    """The same files once and ten times."""
    with tempfile.TemporaryDirectory() as work:
        costs = []
        for copies in (1, COPIES):
            into = Path(work) / str(copies)
            for number in range(copies):
                for original in originals:
                    shutil.copytree(original, into / str(number) / original.name, copy_function=os.link)
            costs.append(cheapest(ALONE, into, rounds))
        empty = Path(work) / "none"
        empty.mkdir()
        start = cheapest(ALONE, empty, rounds)
    once, often = (cost.processor - start.processor for cost in costs)
    memory = f"; memory {costs[0].largest:.0f} and {costs[1].largest:.0f} MB"
    print(f"{COPIES} copies of {', '.join(original.name for original in originals)}")
    return _goal(f"times {COPIES} the processor time of one, start-up left out", often / once / COPIES, GROWTH, memory)


def _goal(what: str, value: float, goal: float, more: str = "") -> bool:
    met = value <= goal
    print(f"  {value:.2f} {what} (goal {goal:g}: {'met' if met else 'missed'}){more}")
    return met


def _shown(cost: Cost) -> str:
    return (
        f"{cost.wall:6.2f} s by the clock, {cost.processor:6.2f} s of processors, "
        f"{cost.largest:4.0f} MB in the largest process, {cost.total:4.0f} MB in all"
    )


def _reader() -> tuple[str, ...]:
    """Reads every byte, and looks for one word."""
    ripgrep = shutil.which("rg")
    return (ripgrep, "-uuu", "--count", "trl", ".") if ripgrep else (sys.executable, "-c", _READ)


def _count(tree: Path) -> tuple[int, int]:
    files = list(_files(tree))
    return len(files), sum(held for _, held in files)


def _files(tree: Path) -> Iterator[tuple[Path, bool]]:
    """The files that a check looks at, and whether each can hold a run."""
    from trl_lint.configuration.loading import Configurations
    from trl_lint.discover import discover
    from trl_lint.importing import Importing
    from trl_lint.opening import open_file

    importing = Importing()
    for file in discover([str(tree)], Configurations(isolated=True)).files:
        yield file.path, open_file(file.path, file.shown, importing) is not None


def _each(tree: Path) -> Iterator[tuple[float, Path]]:
    """Seconds of processor time for each file that can hold a run, in one process that keeps what it learns."""
    from trl_lint.engine import Engine

    engine = Engine(root=tree, isolated=True)
    for path, held in _files(tree):
        if held:
            begun = time.process_time()
            engine.check_file(path, str(path))
            yield time.process_time() - begun, path


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
