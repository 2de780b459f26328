"""Fuzzing that looks for inputs which reach new branches of the linter: atheris, on the targets of `tools.fuzz`.

    python -m pip install --group fuzz
    python -m tools.fuzz.guided train.py --runs 20000

libFuzzer ends at the first failure, which stands then in the folder of regressions, and prints what it reached.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import atheris

_HERE = Path(__file__).parents[2] / "tests" / "fuzz" / "regressions"


def main(arguments: Sequence[str] | None = None) -> None:
    """Does not return: libFuzzer exits, with 0 where nothing failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz.guided", description=__doc__)
    parser.add_argument("target", metavar="TARGET", help="a target of tools.fuzz, train.py for example")
    parser.add_argument("--runs", type=int, default=10_000, help="inputs to try (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of libFuzzer's random series (default: %(default)s)")
    parser.add_argument("--regressions", type=Path, default=_HERE, help="where a failing input is kept")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    # The hooks stay: much of the linter is imported when it is first needed.
    atheris.instrument_imports(include=["trl_lint", "trl_lint_rules"]).__enter__()
    from .mutate import LARGEST, mutate
    from .seeds import seeds
    from .targets import TARGETS, FailedError

    if options.target not in TARGETS:
        parser.error(f"no such target: {options.target}")
    kept = options.regressions / options.target.replace("/", "+")
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus, project = Path(folder, "corpus"), Path(folder, "project")
        corpus.mkdir()
        project.mkdir()
        for number, raw in enumerate(seeds(options.target)):
            (corpus / str(number)).write_bytes(raw)
        flags = [f"-runs={options.runs}", f"-seed={options.seed}", f"-max_len={LARGEST}", "-timeout=120"]
        given = [sys.argv[0], *flags, f"-artifact_prefix={kept}/", "-print_final_stats=1", str(corpus)]

        def change(raw: bytes, largest: int, seed: int) -> bytes:
            # Bytes alone seldom make another file that parses: every other change is one of words and lines.
            if seed % 2:
                return bytes(atheris.Mutate(raw, largest))
            return mutate(random.Random(seed), (raw,))[:largest]

        target = TARGETS[options.target](project)
        for raw in seeds(options.target):
            with contextlib.suppress(FailedError):  # instrumenting what is imported takes seconds, once
                target(raw)
        atheris.Setup(given, target, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
