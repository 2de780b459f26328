"""From a path as a command line writes it to the file of the project that is meant."""

# os.path rather than pathlib: paths are compared as they are written, links not followed.
# ruff: noqa: PTH117, PTH118

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from trl_lint import disk
from trl_lint.model.launch import MODULE, SCRIPT, Launch

_MOST_PARENTS = 40


def locate(written: str, folder: Path, root: Path) -> Path | None:
    """The file that `written` names, seen from `folder` or a folder above it, up to `root`.

    Where a script is started from is not written in it. Of a path that is not there (it may be one of a container),
    the longest end that is there counts.
    """
    parts = [part for part in written.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or len(parts) > _MOST_PARENTS:
        return None
    if os.path.isabs(written):
        if disk.is_file(written):
            return Path(os.path.normpath(written))
    else:
        found = next((path for path in _seen_from(folder, root, os.path.join(*parts)) if disk.is_file(path)), None)
        if found is not None:
            return Path(found)
    for start in range(1, len(parts)):
        tail = os.path.join(*parts[start:])
        found = next((path for path in _seen_from(folder, root, tail) if disk.is_file(path)), None)
        if found is not None:
            return Path(found)
    return None


def named(launch: Launch, written: str, root: Path) -> Path | None:
    """The file that the command line of `launch` means by `written`."""
    return locate(os.path.join(launch.cd, written), launch.folder, root)


def program_of(launch: Launch, root: Path) -> Path | None:
    """The Python file of the project that a launch starts."""
    if launch.kind == SCRIPT:
        return named(launch, launch.target, root)
    if launch.kind != MODULE:
        return None
    written = launch.target.replace(".", "/")
    for form in (f"{written}.py", f"{written}/__main__.py", f"src/{written}.py", f"src/{written}/__main__.py"):
        for path in _seen_from(launch.folder, root, os.path.join(launch.cd, form)):
            if disk.is_file(path):
                return Path(path)
    return None


def _seen_from(folder: Path, root: Path, relative: str) -> Iterator[str]:
    for here in (folder, *folder.parents)[:_MOST_PARENTS]:
        yield os.path.normpath(os.path.join(here, relative))
        if here == root:
            return
