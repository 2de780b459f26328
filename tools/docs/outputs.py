"""Fenced blocks that hold what a command prints.

    <!-- output: trl-lint check examples/founding-case -->
    ```text
    (made anew)
    ```

The command runs in this process, in the root of the repository, 100 columns wide and without colours.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

from .markdown import block_end, fenced, prose

# Nothing of this machine may show in an output: its terminal, its environments, its cache of models.
_SET = {"COLUMNS": "100", "NO_COLOR": "1", "HF_HUB_CACHE": os.devnull}
_UNSET = ("VIRTUAL_ENV", "CONDA_PREFIX", "FORCE_COLOR", "CLICOLOR_FORCE", "TRANSFORMERS_CACHE")
_FAILED = 2

Run = Callable[[str], str]


def with_outputs(text: str, run: Run) -> str:
    """`text` with each block below an output marker made anew by `run`, which gets the command.

    Raises ValueError where no block stands below a marker.
    """
    return with_blocks(text, "output", run)


def with_blocks(text: str, name: str, make: Callable[[str], str]) -> str:
    """`text` with each block below a marker `<!-- name: argument -->` made anew by `make`, which gets the argument.

    Raises ValueError where no block stands below a marker.
    """
    begin = re.compile(rf"<!--\s*{name}:\s*(.+?)\s*-->\s*")
    lines = text.split("\n")
    made: list[str] = []
    done = 0
    for number, line in prose(lines):
        marker = begin.fullmatch(line)
        if marker is None:
            continue
        start = number + 1
        while start < len(lines) and not lines[start].strip():
            start += 1
        end = block_end(lines, start)
        if end is None:
            raise ValueError(f"line {number + 1}: no fenced block stands below this marker")
        word = lines[start].strip("`").strip()
        made += [*lines[done:start], *fenced(make(marker[1]), word)]
        done = end
    return "\n".join([*made, *lines[done:]])


def run(command: str, root: Path, colour: bool = False) -> str:
    """What `command` prints, on both streams, as plain text or with the colours of a terminal.

    Raises ValueError for one that is not trl-lint's, writes, or fails.
    """
    from trl_lint.cli.main import main

    program, *arguments = shlex.split(command)
    if program != "trl-lint":
        raise ValueError(f"`{command}`: only trl-lint can be run here")
    if "--fix" in arguments and "--diff" not in arguments:
        raise ValueError(f"`{command}` would change files")
    printed = io.StringIO()
    with _surroundings(root, colour), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = main(arguments)
    if code == _FAILED:
        raise ValueError(f"`{command}` failed:\n{printed.getvalue()}")
    return printed.getvalue()


@contextlib.contextmanager
def _surroundings(root: Path, colour: bool) -> Iterator[None]:
    """The root as working directory, and an environment that is the same everywhere."""
    before, here = dict(os.environ), Path.cwd()
    try:
        os.environ.update(_SET)
        for name in _UNSET:
            os.environ.pop(name, None)
        if colour:
            del os.environ["NO_COLOR"]
            os.environ["FORCE_COLOR"] = "1"
        os.chdir(root)
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
