"""All fixes applied to the files of a repository, and what must hold of the result."""

from __future__ import annotations

import ast
import json
import os
import shutil
import stat
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_READ = (".py", ".ipynb", ".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Tried:
    """How many files the fixes changed, how many findings went, and what is wrong with the result, in words."""

    changed: int
    fixed: int
    complaints: tuple[str, ...]


def try_fixes(folder: Path, work: Path) -> Tried:
    """Apply all fixes, unsafe ones too, to a copy of `folder` at `work`."""
    shutil.copytree(folder, work, symlinks=True)
    before = _state(work)
    fixable = len(_findings(work, fixable=True))
    complaints = _fix(work)
    after = _state(work)
    if before.keys() != after.keys():
        complaints.append(f"files came or went: {sorted(before.keys() ^ after.keys())[:5]}")
    changed = [path for path in before if before[path] != after.get(path)]
    for path in changed:
        complaints += _complaints(path, before[path], after[path])
    left = _findings(work, fixable=True)
    complaints += [f"{path}: a fix is left: {code}" for path, code in left]
    _fix(work)
    complaints += [
        f"{path}: a second call changes it again" for path, state in _state(work).items() if state != after[path]
    ]
    return Tried(len(changed), fixable - len(left), tuple(complaints))


def _fix(work: Path) -> list[str]:
    done = _trl_lint(work, "--fix", "--unsafe-fixes", "--quiet")
    if done.returncode not in (0, 1):
        return [f"trl-lint failed: {done.stderr[-300:]}"]
    return [line for line in done.stderr.splitlines() if line.startswith("warning:") and "no files" not in line]


def _findings(work: Path, fixable: bool) -> list[tuple[str, str]]:
    found = json.loads(_trl_lint(work, "--unsafe-fixes", "--output-format", "json").stdout)
    return [(each["filename"], each["code"]) for each in found if not fixable or each["fix"] is not None]


def _trl_lint(work: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trl_lint", "check", "--isolated", *words, "."]
    return subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)


def _state(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = {}
    for path in folder.rglob("*"):
        if path.suffix in _READ and path.is_file() and not path.is_symlink():
            found[os.fspath(path.relative_to(folder))] = (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
    return found


def _complaints(name: str, before: tuple[bytes, int], after: tuple[bytes, int]) -> Iterator[str]:
    if before[1] != after[1]:
        yield f"{name}: its mode changed"
    if _parses(name, before[0]) and not _parses(name, after[0]):
        yield f"{name}: no longer parses"
    if before[0].startswith(b"\xef\xbb\xbf") != after[0].startswith(b"\xef\xbb\xbf"):
        yield f"{name}: its byte order mark changed"
    if (b"\r\n" in before[0]) != (b"\r\n" in after[0]) or before[0].endswith(b"\n") != after[0].endswith(b"\n"):
        yield f"{name}: its line ends changed"


def _parses(name: str, raw: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if name.endswith(".py"):
                ast.parse(raw)
            elif not name.endswith((".yaml", ".yml")):
                json.loads(raw)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True
