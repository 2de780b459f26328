"""How the cost grows with lines and with files: `python bench/growth.py [--lines N] [--files N] [--repeat N]`.

Checks generated scripts of 100 to 100,000 lines, and folders of 10 to 1,000 files of 100 lines (each makes a run), in
one process. Shown are the processor time without that of the smallest step's start, the time for each line or file, the
slope (the exponent of the growth between a step and the one before: 1 is linear), the peak memory and, beside it, that
of a Python which does nothing but `ast.parse` the same script. The goals are a slope of at most 1.2 and 150 MB; 1 is
returned where one is missed.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from children import Cost, cheapest
from scripts import PROJECT, script

SLOPE = 1.2
MEMORY = 150  # MB


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000, help="of the longest script")
    parser.add_argument("--files", type=int, default=1_000, help="of the largest folder")
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["HF_HUB_CACHE"] = os.devnull
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
        for extra in ("train.py", "train.ipynb", "recipe.yaml"):
            (folder / extra).unlink()
        base = cost_of(folder, {"start.py": "import trl\n"}, arguments.repeat).processor
        lines = {
            size: cost_of(folder, {"train.py": script(size)}, arguments.repeat) for size in steps(100, arguments.lines)
        }
        trees = {size: parsing(folder, script(size)).largest for size in lines}
        fine = show("lines", lines, base, trees)
        text = script(100)
        files = {
            count: cost_of(folder, {f"train_{number}.py": text for number in range(count)}, arguments.repeat)
            for count in steps(10, arguments.files)
        }
        fine = show("files", files, base) and fine
    return 0 if fine else 1


def steps(first: int, last: int) -> Iterator[int]:
    """`first`, ten times that, and so on, up to `last`."""
    while first <= last:
        yield first
        first *= 10


def cost_of(folder: Path, files: dict[str, str], repeat: int) -> Cost:
    """What a check of these files costs, in a folder of their own beside the model."""
    for name, text in files.items():
        (folder / name).write_text(text)
    try:
        return cheapest([sys.executable, "-m", "trl_lint", "check", "--quiet", *files], folder, repeat)
    finally:
        for name in files:
            (folder / name).unlink()


def parsing(folder: Path, text: str) -> Cost:
    """What parsing a script costs, and nothing else."""
    file = folder / "parsed.py"
    file.write_text(text)
    return cheapest([sys.executable, "-c", "import ast; tree = ast.parse(open('parsed.py').read())"], folder, 1)


def show(what: str, costs: dict[int, Cost], base: float, trees: dict[int, float] | None = None) -> bool:
    """Print a table; whether growth and memory stay within the goals."""
    print(f"{what:>8}    seconds   ms each    slope        MB" + ("   ast.parse MB" if trees else ""))
    before: tuple[int, float] | None = None
    fine = True
    for size, cost in costs.items():
        spent = max(cost.processor - base, 1e-6)
        slope = math.log(spent / before[1]) / math.log(size / before[0]) if before else 1.0
        print(f"{size:8,} {spent:10.2f} {spent / size * 1000:9.3f} {slope:8.2f} {cost.largest:9.0f}", end="")
        print(f"{trees[size]:15.0f}" if trees else "")
        fine = fine and slope <= SLOPE and cost.largest <= MEMORY
        before = size, spent
    print(f"goals: slope {SLOPE:g}, {MEMORY} MB: {'reached' if fine else 'missed'}")
    return fine


if __name__ == "__main__":
    sys.exit(main())
