"""`trl-lint check --watch`: checks again whenever a file changes that may matter."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trl_lint.cli.backend import Backend
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.paths import nearest_project

_CLEAR = "\x1b[2J\x1b[H"


def watch(arguments: argparse.Namespace, backend: Backend, check: Callable[[argparse.Namespace, Backend], int]) -> int:
    """Calls `check` now and after every change, until it is interrupted; returns its last exit code.

    Raises ConfigurationError where there is nothing to watch, or nothing to watch with.
    """
    if "-" in arguments.paths or arguments.stdin_filename is not None:
        raise ConfigurationError("", 0, "standard input cannot be watched")
    folders = sorted(_folders(arguments.paths or ["."]))
    changes = _changes(folders)
    code = 0
    for _ in changes:
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        try:
            code = check(arguments, backend)
        except ConfigurationError as problem:  # a configuration that is being edited
            print(f"error: {problem}", file=sys.stderr)
            code = 2
        print(f"[{time.strftime('%H:%M:%S')}] Watching for file changes.")
        sys.stdout.flush()
    return code


def _folders(paths: list[str]) -> Iterator[Path]:
    """The projects that hold these paths: a lock file above a script decides about it."""
    for path in paths:
        full = Path(path).absolute()
        folder = full if full.is_dir() else full.parent
        yield nearest_project(folder) or folder


def _changes(folders: list[Path]) -> Iterator[None]:
    """One item at once, and one after each burst of changes."""
    try:
        from watchfiles import DefaultFilter, watch
    except ImportError:
        message = "--watch needs the package watchfiles: pip install 'trl-lint[watch]'"
        raise ConfigurationError("", 0, message) from None
    yield None
    for _ in watch(*dict.fromkeys(folders), watch_filter=DefaultFilter(), raise_interrupt=False):
        yield None
