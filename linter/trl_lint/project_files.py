"""The files around a script: the modules of the project that it imports, and the config files that it reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from trl_lint import disk
from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.source import Kind, Source
from trl_lint.paths import display_path, nearest_project
from trl_lint.sources.document import Document, kind_of
from trl_lint.sources.read import from_bytes

LARGEST = 256_000  # bytes of one file
_MOST_LEVELS = 8  # folders above a script in which its modules are looked for
_DATA = (Kind.YAML, Kind.JSON)


@dataclass
class FileCache:
    """What was read, as long as the file stays as it is."""

    read: dict[tuple[str, str], tuple[tuple[int, int], Source | None]] = field(default_factory=dict)
    amended: dict[Path, Source] = field(default_factory=dict)

    def amend(self, path: Path, source: Source) -> None:
        """The file at `path` is `source` from now on."""
        self.amended[path] = source

    def source(self, path: Path, shown: str, kind: Kind) -> Source | None:
        """The file at `path`, which reports call `shown`; None where it cannot be read, or is too large."""
        if path in self.amended:
            return replace(self.amended[path], path=shown)
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        stamp = (found.st_mtime_ns, found.st_size)
        key = (str(path), shown)
        kept = self.read.get(key)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        source = _read(path, shown, kind)
        self.read[key] = (stamp, source)
        return source


def _read(path: Path, shown: str, kind: Kind) -> Source | None:
    try:
        raw = disk.head(path, LARGEST + 1)
    except (OSError, ValueError):
        return None
    document = from_bytes(raw, shown, kind) if len(raw) <= LARGEST else None
    return document.source if isinstance(document, Document) else None


class ProjectFiles:
    """The project as one script sees it. `locate` finds the file that the command which starts it means by a path,
    `written` one that the source of the command writes itself; `fields` knows the dataclasses of libraries.

    Nothing outside of the project's folder is read.
    """

    def __init__(
        self,
        script: str,
        folder: Path,
        cache: FileCache | None = None,
        locate: Callable[[str], Path | None] | None = None,
        fields: Callable[[str], frozenset[str] | None] | None = None,
        written: Callable[[str], Source | None] | None = None,
    ) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100 (links are kept as they were named)
        self.root = nearest_project(self.folder) or self.folder
        self._cache = cache if cache is not None else FileCache()
        self._locate = locate
        self._fields = fields
        self._written = written
        self._folders = {script: self.folder}  # of each file, by the path that its spans have
        self._levels = list(self._above())
        above = len(PurePath(script).parent.parts)
        levels = (self.folder, *self.folder.parents)
        self._base = None if PurePath(script).is_absolute() else levels[min(above, len(levels) - 1)]

    def data(self, path: str, beside_script: bool = False) -> Source | None:
        """The YAML or JSON file that code names `path`, meant from where the script is started (or its folder)."""
        kind = kind_of(Path(path))
        if kind not in _DATA or "\0" in path:
            return None
        inside = self._written(path) if self._written is not None else None
        if inside is not None:
            return inside
        for found in self._places(path, beside_script):
            if found.is_relative_to(self.root):
                source = self._cache.source(found, self._shown(found), kind)
                if source is not None:
                    return source
        return None

    def fields(self, dotted: str) -> frozenset[str] | None:
        """The fields of a library's dataclass in any release."""
        return self._fields(dotted) if self._fields is not None else None

    def module(self, name: str, level: int, importer: str) -> Source | None:
        """The module that `importer` imports as `name`, with `level` leading dots."""
        parts = [part for part in name.split(".") if part]
        if level:
            own = self._folders.get(importer)
            if own is None or level > _MOST_LEVELS:
                return None
            return self._at(own.joinpath(*[".."] * (level - 1), *parts))
        if not parts:
            return None
        for place in self._levels:
            source = self._at(place.joinpath(*parts))
            if source is not None:
                return source
        return None

    def _at(self, path: Path) -> Source | None:
        path = Path(os.path.normpath(path))
        if not path.is_relative_to(self.root):
            return None
        for file in (path / "__init__.py", path.with_name(path.name + ".py") if path.name else path):
            source = self._cache.source(file, self._shown(file), Kind.PYTHON)
            if source is not None:
                self._folders.setdefault(source.path, file.parent)
                return source
        return None

    def _shown(self, path: Path) -> str:
        """What reports call a file: as they do the script, relative or absolute."""
        if self._base is None:
            return str(path)
        return str(path.relative_to(self._base)) if path.is_relative_to(self._base) else display_path(path)

    def _above(self) -> Iterator[Path]:
        """Where modules may lie: beside the script, then above it, up to the root of the project."""
        for place in (self.folder, *self.folder.parents)[:_MOST_LEVELS]:
            if not place.is_relative_to(self.root):
                return
            yield place
            yield place / "src"

    def _places(self, path: str, beside_script: bool) -> list[Path]:
        folders = [self.folder] if beside_script else list(dict.fromkeys((self.folder, self.root)))
        located = self._locate(path) if self._locate is not None and not beside_script else None
        if located is not None:
            return [located]
        return [Path(os.path.normpath(folder / path)) for folder in folders]
