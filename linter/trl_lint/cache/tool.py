"""What all verdicts of this process hang on besides files of the project: the linter, its rule packs, its libraries."""

# os rather than pathlib: this looks at a thousand files.
# ruff: noqa: PTH208

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from trl_lint import __version__
from trl_lint.digests import digest

FORMAT = "1"  # of what is kept
# Where models, data and installed packages are looked for.
_VARIABLES = ("CONDA_PREFIX", "HOME", "TRANSFORMERS_CACHE", "USERPROFILE", "VIRTUAL_ENV", "XDG_CACHE_HOME")
_PREFIXES = ("HF_", "HUGGINGFACE_")
_INSTALLED = (".dist-info", ".egg-info")


def tool(packs: Iterable[Path]) -> str:
    """A digest of it; `packs` are the folders of the rule packs."""
    folders = [Path(__file__).parents[1], *packs]
    return digest(
        FORMAT,
        __version__,
        sys.version,
        sys.platform,
        *sys.path,
        "\n".join(_installed()),
        "\n".join(line for folder in folders for line in _code(folder)),
        "\n".join(_environment()),
    )


def _installed() -> Iterator[str]:
    """The names, with their versions, of all packages that can be imported."""
    for folder in dict.fromkeys(sys.path):
        if Path(folder).is_dir():  # not a zip file
            yield from sorted(name for name in os.listdir(folder or ".") if name.endswith(_INSTALLED))


def _code(folder: Path) -> Iterator[str]:
    """The files of a package that lies in a checkout, where it changes without changing its version."""
    if {"site-packages", "dist-packages"} & set(folder.parts):
        return
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as listed:
            for entry in sorted(listed, key=lambda entry: entry.name):
                if entry.name == "__pycache__":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    status = entry.stat()
                    yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _environment() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if name in _VARIABLES or name.startswith(_PREFIXES):
            yield f"{name}={digest(value)}"  # some of these are secrets
