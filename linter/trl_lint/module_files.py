"""Which file of a project an import means, by what its folders hold: each is listed once."""

# os.path rather than pathlib: this runs for every import of every file of a project.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
from collections.abc import Iterator

from trl_lint import disk
from trl_lint.dataclass import dataclass, field

_MOST_LEVELS = 4
_MARKS = ("pyproject.toml", ".git", "setup.py")


@dataclass
class ModuleFiles:
    """Finds modules, with what is known of the folders."""

    _listed: dict[str, frozenset[str]] = field(default_factory=dict)

    def find(self, folder: str, module: str) -> str | None:
        """The file that a script in `folder` imports as `module` (`a.b`, `..a`); None where the project has none."""
        name = module.lstrip(".")
        level = len(module) - len(name)
        parts = name.split(".") if name else []
        if level:
            return self._inside(os.path.normpath(os.path.join(folder, *[".."] * (level - 1))), parts)
        found = (self._inside(place, parts) for place in self._places(folder))
        return next((file for file in found if file is not None), None)

    def _places(self, folder: str) -> Iterator[str]:
        """Where modules may lie: beside the script, then above it, up to the root of the project."""
        for _ in range(_MOST_LEVELS):
            yield folder
            names = self._names(folder)
            if "src" in names:
                yield os.path.join(folder, "src")
            if any(mark in names for mark in _MARKS):
                return
            folder = os.path.dirname(folder)

    def _inside(self, place: str, parts: list[str]) -> str | None:
        for part in parts[:-1]:
            if part not in self._names(place):
                return None
            place = os.path.join(place, part)
        if parts:
            names = self._names(place)
            if f"{parts[-1]}.py" in names:
                return os.path.join(place, f"{parts[-1]}.py")
            if parts[-1] not in names:
                return None
            place = os.path.join(place, parts[-1])
        return os.path.join(place, "__init__.py") if "__init__.py" in self._names(place) else None

    def _names(self, folder: str) -> frozenset[str]:
        """What a folder holds: one look at it answers for all modules."""
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(disk.names(folder))
            except OSError:
                self._listed[folder] = frozenset()
        return self._listed[folder]
