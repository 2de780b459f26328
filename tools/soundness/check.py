"""One random program: written, analysed, executed and compared."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable

from .commands import CommandLine
from .comparison import contradiction
from .grammar import Generator
from .language import Language
from .program import Program, analysed
from .projects import Project

RUNS = 2

Write = Callable[[int, int], Program]


def plain(seed: int, size: int) -> Program:
    """A program of one file, in the smaller grammar."""
    return Generator(random.Random(seed), size).program()


def rich(seed: int, size: int) -> Program:
    """A program of one file, in the larger grammar."""
    return Language(random.Random(seed), size).program()


def project(seed: int, size: int) -> Program:
    """A program of several files."""
    return Project(random.Random(seed), size).program()


def command(seed: int, size: int) -> Program:
    """A program that reads its command line."""
    return CommandLine(random.Random(seed), size).program()


WRITERS: dict[str, Write] = {"command": command, "plain": plain, "project": project, "rich": rich}


def written(kind: str, seed: int, size: int) -> Program | None:
    """The program of this kind and seed; None for one that Python does not take."""
    program = WRITERS[kind](seed, size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for path, text in program.files.items():
                compile(text, path, "exec", dont_inherit=True)
    except SyntaxError:
        return None  # quotes inside an f-string, a name that is declared too late
    return program


def wrong(program: Program, runs: int = RUNS) -> str | None:
    """What is wrong with the claims on a program, executed `runs` times; None: nothing was seen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = analysed(program)
        if module.problems:
            return f"not analysed: {module.problems}"
        for run in range(runs):
            found = contradiction(program, module, run)
            if found is not None:
                return found
    return None
