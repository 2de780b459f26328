"""Which scripts and notebooks of a project import a changed module, themselves or by way of others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trl_lint.importing import imported
from trl_lint.module_files import ModuleFiles

_MOST_ROUNDS = 8
_LARGEST = 1_000_000  # bytes of a file that is asked what it imports
_MOST_BYTES = 400_000_000  # of all of them


def importers(modules: Iterable[Path], sources: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """Those of `sources` that import any of `modules`, with their bytes, nearest first. All paths are absolute."""
    texts = dict(_read(sources))
    new = set(modules)
    files = ModuleFiles()
    for _ in range(_MOST_ROUNDS):
        for module in new:
            texts.pop(module, None)
        names = {name for module in new for name in _names(module)}
        new = {
            path
            for path, raw in texts.items()
            if any(name in raw for name in names) and _imports(path, raw, new, files)
        }
        yield from ((path, texts[path]) for path in texts if path in new)
        if not new:
            return


def _read(sources: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    total = 0
    for path in sources:
        if path.suffix not in (".py", ".ipynb") or total > _MOST_BYTES:
            continue
        try:
            if path.stat().st_size > _LARGEST:
                continue
            raw = path.read_bytes()
        except OSError:
            continue
        total += len(raw)
        yield path, raw


def _names(module: Path) -> Iterator[bytes]:
    """How an import may call a module; `from . import x` names a package by nothing at all."""
    yield os.fsencode(module.parent.name if module.stem == "__init__" else module.stem)
    if module.stem == "__init__":
        yield b"from ."


def _imports(path: Path, raw: bytes, modules: set[Path], files: ModuleFiles) -> bool:
    if path.suffix == ".ipynb":
        raw = raw.replace(b'"', b"\n")  # each line of a cell stands between quotes
    folder = str(path.parent)
    found = (files.find(folder, name) for name in imported(raw))
    return any(Path(file) in modules for file in found if file is not None)
