"""From a path to a document, where the file can hold a run or start one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.model.source import Kind
from trl_lint.model.target import Problem

if TYPE_CHECKING:
    from trl_lint.importing import Importing
    from trl_lint.sources.document import Document

RECIPE_LIMIT = 1_000_000  # bytes


def open_file(path: Path, shown: str, importing: Importing | None = None) -> Document | tuple[Problem, ...] | None:
    """The document at `path`, why it cannot be read, or None where it can neither hold a run nor start one."""
    from trl_lint.sources.document import kind_of
    from trl_lint.sources.read import from_bytes

    raw = worth_checking(path, shown, importing)
    if isinstance(raw, Problem):
        return (raw,)
    return from_bytes(raw, shown, kind_of(path)) if raw is not None else None


def worth_checking(path: Path, shown: str, importing: Importing | None) -> bytes | Problem | None:
    """The bytes of a file that can hold a run or start one, and why it cannot be read; else None."""
    from trl_lint.sources.document import kind_of
    from trl_lint.sources.gate import gate
    from trl_lint.sources.read import read_bytes

    if kind_of(path) in (Kind.YAML, Kind.JSON) and _larger(path, RECIPE_LIMIT):
        return None  # no recipe is that large; tokenizer.json files are
    raw = read_bytes(path, shown)
    if isinstance(raw, Problem):
        return raw
    held = gate(raw, path.name)
    if not held and importing is not None and path.suffix == ".py":
        held = importing.makes_runs(raw, path)
    return raw if held else None


def _larger(path: Path, limit: int) -> bool:
    try:
        return path.stat().st_size > limit
    except OSError:
        return False
