"""The command line of the fuzzing program."""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from .mutate import mutate
from .seeds import seeds
from .targets import TARGETS, Target

REGRESSIONS = Path(__file__).parents[2] / "tests" / "fuzz" / "regressions"


def main(arguments: Sequence[str] | None = None) -> int:
    """0: nothing failed; 1: something did, and stands in the folder of regressions."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of: {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--count", type=int, default=1000, help="inputs for each target (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first number of the random series")
    parser.add_argument("--regressions", type=Path, default=REGRESSIONS, help="where failing inputs are kept")
    options = parser.parse_args(arguments)
    unknown = set(options.targets) - TARGETS.keys()
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    warnings.simplefilter("ignore")
    failures = 0
    print("| target | inputs | seconds | slowest | failures |\n|---|---|---|---|---|")
    for name in options.targets or TARGETS:
        failures += _fuzz(name, options.seed, options.count, options.regressions)
    return 1 if failures else 0


def _fuzz(name: str, first: int, count: int, regressions: Path) -> int:
    begun, slowest, failures = time.monotonic(), 0.0, 0
    kept = seeds(name)
    with tempfile.TemporaryDirectory() as folder:
        target = TARGETS[name](Path(folder))
        for number in range(first, first + count):
            raw = mutate(random.Random(f"{name} {number}"), kept)
            started = time.process_time()
            failures += not _stands(target, raw, number, regressions)
            slowest = max(slowest, time.process_time() - started)
    print(f"| {name} | {count} | {time.monotonic() - begun:.0f} | {slowest:.2f} | {failures} |", flush=True)
    return failures


def _stands(target: Target, raw: bytes, number: int, regressions: Path) -> bool:
    try:
        target(raw)
    except Exception as error:
        folder = regressions / target.name.replace("/", "+")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / hashlib.sha256(raw).hexdigest()[:12]
        path.write_bytes(raw)
        print(f"{target.name} {number}: {type(error).__name__}: {str(error)[:300]} -> {path}", flush=True)
        return False
    return True
