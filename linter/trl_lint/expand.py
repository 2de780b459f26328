"""From the files that changed to the sources whose verdict they alter.

A hook hands over the changed files alone, but what is said of a script also hangs on the lock file above it, the
configuration, the recipe, the model's metadata and the data that it names, and the modules that it imports.
"""

# os.path rather than pathlib: links are kept as they were named, and folders that are walked are strings.
# ruff: noqa: PTH100, PTH113

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from trl_lint.artifacts.metadata import JSON_FILES
from trl_lint.configuration.loading import CONFIG_FILES, Configurations
from trl_lint.dataclass import dataclass, field
from trl_lint.discover import discover, is_excluded
from trl_lint.model.source import Kind
from trl_lint.paths import nearest_project
from trl_lint.shell.project import ProjectLaunches
from trl_lint.sources.document import COMMANDS, kind_of
from trl_lint.sources.gate import gate
from trl_lint.sources.read import read_bytes
from trl_lint.targets.folder import is_manifest

# Of a model, and never a recipe.
_METADATA = frozenset((*JSON_FILES, "tokenizer.json", "vocab.json", "added_tokens.json"))
_DATA = frozenset((".jsonl", ".csv", ".tsv", ".parquet", ".arrow", ".txt"))
# The parts of paths in a text: what stands between quotes or slashes, or (in YAML and commands) unquoted.
_PART = re.compile(rb"""["'/\\]([^"'/\\\r\n]{1,255})(?=["'/\\])|(?:/|: |- |=)([^\s"'/\\,)\]}]{1,255})""")
_WILD = re.compile(rb"[*?\[]")
_MOST_WILDCARDS = 8


@dataclass
class _Named:
    """How sources of one project may call the changed files."""

    files: set[bytes] = field(default_factory=set)  # base names, which a glob may mean too
    folders: set[bytes] = field(default_factory=set)

    def add(self, path: Path, project: Path) -> None:
        """Take in a file; a model or a data set is also named by the folder, or the one above (`data/train/`)."""
        self.files.add(os.fsencode(path.name))
        if kind_of(path) is not Kind.YAML:
            self.folders.update(os.fsencode(part) for part in path.relative_to(project).parent.parts[-2:])

    def named_in(self, raw: bytes) -> bool:
        """Whether these bytes of a source name any of them."""
        parts = {quoted or bare for quoted, bare in _PART.findall(raw)}
        if not parts.isdisjoint(self.files) or not parts.isdisjoint(self.folders):
            return True
        return any(
            fnmatchcase(os.fsdecode(name), os.fsdecode(part))
            for part in parts
            if 0 < len(_WILD.findall(part)) <= _MOST_WILDCARDS and part.strip(b"*?")
            for name in self.files
        )


def expand(paths: Iterable[str], configurations: Configurations, *, importing: bool = False) -> list[str]:
    """`paths` with the sources that they affect, and without those that only matter through them.

    A manifest or a configuration file stands for its folder; a recipe, a chat template, a model's metadata and
    a data file for the sources of the nearest project that name it or a folder it lies in; with `importing`, a module
    for the scripts that import it. What is no such file is left as it is. Raises ConfigurationError as `discover` does.
    """
    kept: list[str] = []
    governed: dict[str, None] = {}
    named: dict[Path, _Named] = {}
    governors = _Governors()
    modules: dict[Path, list[Path]] = {}
    launched: dict[str, None] = {}
    launches = ProjectLaunches()
    for each in paths:
        path = Path(os.path.abspath(each))
        if not os.path.isfile(path) or _left_out(path, configurations):
            kept.append(each)
            continue
        if (folder := governors.folder(path)) is not None:
            governed[str(folder)] = None
        if _is_launched(path):
            # A command line, and the recipe that it names, are part of the runs of what it starts.
            launched.update((str(each), None) for each in launches.affected(path))
        if importing and path.suffix == ".py":
            modules.setdefault(nearest_project(path.parent) or path.parent, []).append(path)
        if folder is None and (project := _project_of(path)) is not None:
            named.setdefault(project, _Named()).add(path, project)
        if _may_be_source(path) or (folder is None and not _is_material(path)):
            kept.append(each)
    for project, names in named.items():
        for each in _naming(names, project, configurations):
            kept.append(each)
            # `deepspeed: zero3.json` in a recipe: what starts the recipe hangs on that file too.
            if _is_launched(Path(each)):
                launched.update((str(file), None) for file in launches.affected(Path(each)))
    for project, changed in modules.items():
        kept += _importing(changed, project, configurations)
    return [*kept, *launched, *governed]


def _is_launched(path: Path) -> bool:
    """Whether command lines may stand in this file, or it may be handed to a command."""
    return kind_of(path) in (*COMMANDS, Kind.YAML, Kind.JSON) and path.name not in _METADATA


def _left_out(path: Path, configurations: Configurations) -> bool:
    configuration = configurations.of(str(path.parent))
    return configuration.force_exclude and is_excluded(str(path), configuration)


def _may_be_source(path: Path) -> bool:
    kind = kind_of(path)
    return kind is not None and kind is not Kind.JINJA and path.name not in _METADATA


def _is_material(path: Path) -> bool:
    """Whether sources may name this file: as their recipe, their model's metadata or template, or their data."""
    return kind_of(path) in (Kind.YAML, Kind.JSON, Kind.JINJA) or path.suffix.lower() in _DATA


@dataclass
class _Governors:
    """Which files decide for whole folders; every requirements file is read at most once."""

    included: dict[Path, frozenset[Path]] = field(default_factory=dict)

    def folder(self, path: Path) -> Path | None:
        """The folder for all of whose sources `path` decides: on the releases, or on how they are checked."""
        if path.name in CONFIG_FILES:
            return path.parent
        if is_manifest(path):
            in_folder = path.parent.name == "requirements" and path.suffix == ".txt"
            return path.parent.parent if in_folder else path.parent
        return self._including(path) if path.suffix in (".txt", ".in") else None

    def _including(self, path: Path) -> Path | None:
        """The highest folder of the project with a requirements file that takes in this file by `-r` or `-c`."""
        project = nearest_project(path.parent) or path.parent
        above = [folder for folder in (path.parent, *path.parent.parents) if folder.is_relative_to(project)]
        return next((folder for folder in reversed(above) if path in self._included(folder)), None)

    def _included(self, folder: Path) -> frozenset[Path]:
        if folder not in self.included:
            from trl_lint.targets.readers.requirements import read_requirements

            layers = (layer for file in folder.glob("requirements*.txt") for layer in read_requirements(file).layers)
            self.included[folder] = frozenset(file for layer in layers for file in layer.files)
        return self.included[folder]


def _project_of(path: Path) -> Path | None:
    """Where sources that name this file may lie; None for what no source names."""
    if not _is_material(path):
        return None
    project = nearest_project(path.parent)
    if project is None:
        here = Path(os.getcwd())  # noqa: PTH109
        project = here if path.is_relative_to(here) else path.parent
    hidden = any(part.startswith(".") for part in path.relative_to(project).parts)
    return None if hidden else project


def _naming(names: _Named, project: Path, configurations: Configurations) -> Iterator[str]:
    for file in discover([str(project)], configurations).files:
        raw = read_bytes(file.path, file.shown)
        if isinstance(raw, bytes) and gate(raw, file.path.name) and names.named_in(raw):
            yield str(file.path)


def _importing(changed: list[Path], project: Path, configurations: Configurations) -> Iterator[str]:
    from trl_lint.importers import importers
    from trl_lint.importing import Importing

    known = Importing()
    files = (file.path for file in discover([str(project)], configurations).files)
    for path, raw in importers(changed, files):
        if gate(raw, path.name) or known.makes_runs(raw, path):
            yield str(path)
