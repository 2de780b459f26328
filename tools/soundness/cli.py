"""The command line of the soundness program."""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from .check import WRITERS, written, wrong
from .program import Program
from .shrink import shrunk

_SHOWN = 10.0  # seconds between two lines of progress
_MEMORY = 4 << 30
_SEEDS = 1 << 40
_SIZES = (2, 2, 2, 2, 3, 3, 4, 6, 10)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: no program contradicts what is claimed of it; 1: some do, and were written down."""
    parser = argparse.ArgumentParser(prog="python -m tools.soundness", description=__doc__)
    parser.add_argument("--programs", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another seed writes other programs")
    parser.add_argument("--minutes", type=float, help="stop after this long")
    parser.add_argument("--kind", choices=sorted(WRITERS), action="append", help="(default: all in turn)")
    parser.add_argument("--output", type=Path, help="a folder for the programs that are wrong, made small")
    parser.add_argument("--stop", type=int, default=20, help="stop after so many wrong ones (default: %(default)s)")
    options = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    kinds = options.kind or sorted(WRITERS)
    started = shown = time.monotonic()
    done = refused = bad = 0
    for number in range(options.programs):
        seed = (options.seed * 1_000_003 + number * 7_919) % _SEEDS
        program = written(kinds[number % len(kinds)], seed, _SIZES[number // len(kinds) % len(_SIZES)])
        if program is None:
            refused += 1
            continue
        done += 1
        reason = wrong(program)
        if reason is not None:
            bad += 1
            _report(program, reason, options.output)
            if bad >= options.stop:
                break
        now = time.monotonic()
        if now - shown > _SHOWN:
            shown = now
            print(f"{done} programs in {now - started:.0f} s, {bad} wrong", flush=True)
        if options.minutes is not None and now - started > 60 * options.minutes:
            break
    seconds = time.monotonic() - started
    print(f"{done} programs were analysed and executed in {seconds:.0f} s, {refused} were no Python, {bad} wrong")
    return 1 if bad else 0


def _report(program: Program, reason: str, output: Path | None) -> None:
    def same(smaller: Program) -> bool:
        found = wrong(smaller, 6)
        return found is not None and found.startswith("not") == reason.startswith("not")

    small = shrunk(program, same)
    text = f"# {wrong(small, 6)}\n{small}\n"
    print(text, flush=True)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt").write_text(text, encoding="utf-8")
