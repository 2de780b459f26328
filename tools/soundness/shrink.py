"""A smaller program that still shows the same kind of contradiction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .program import Program

MOST_TRIES = 3_000


def shrunk(program: Program, wrong: Callable[[Program], bool]) -> Program:
    """`program` without the lines (and files) that are not needed for `wrong` to hold."""
    tries = 0
    changed = True
    while changed and tries < MOST_TRIES:
        changed = False
        for path in list(program.files):
            position = 0
            size = max(1, len(program.files[path].splitlines()) // 2)
            while size:
                lines = program.files[path].splitlines(keepends=True)
                while position < len(lines) and tries < MOST_TRIES:
                    tries += 1
                    fewer = "".join([*lines[:position], *lines[position + size :]])
                    smaller = replace(program, files={**program.files, path: fewer})
                    if _compiles(fewer) and wrong(smaller):
                        program, lines, changed = smaller, fewer.splitlines(keepends=True), True
                    else:
                        position += size
                size, position = size // 2, 0
    return program


def _compiles(text: str) -> bool:
    try:
        compile(text, "program", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
