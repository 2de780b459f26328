"""How paths are shown to people."""

from __future__ import annotations

import os
from pathlib import Path

from trl_lint import disk

_PROJECT_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg", "requirements.txt")
_MAX_PARENTS = 40


def display_path(path: Path) -> str:
    """`path` relative to the current directory where it lies below it, else absolute. Links are not followed."""
    try:
        here = os.getcwd()  # noqa: PTH109 (Path.cwd() costs more on a path that runs for every file)
    except OSError:  # the directory was removed under our feet
        return str(path)
    full = os.path.normpath(os.path.join(here, path))  # noqa: PTH118 (Path keeps `..`)
    below = here if here.endswith(os.sep) else here + os.sep
    return full[len(below) :] if full.startswith(below) else full


def nearest_project(folder: Path) -> Path | None:
    """The first of the absolute `folder` and those above it that looks like a project's root."""
    for here in (folder, *folder.parents)[:_MAX_PARENTS]:
        if any(disk.lexists(here / mark) for mark in _PROJECT_MARKS):
            return here
    return None


def repository(folder: Path) -> Path:
    """The root of the git repository that holds the absolute `folder`; `folder` itself where there is none."""
    for here in (folder, *folder.parents)[:_MAX_PARENTS]:
        if disk.lexists(here / ".git"):
            return here
    return folder
