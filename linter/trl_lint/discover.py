"""From the paths that a person names to the files to look at, in a fixed order."""

# os rather than pathlib: this touches every folder of a repository.
# ruff: noqa: PTH100, PTH109, PTH110, PTH112, PTH114, PTH119, PTH120

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from trl_lint import gitignore
from trl_lint.configuration.loading import Configurations
from trl_lint.configuration.patterns import PatternSet
from trl_lint.configuration.settings import DEFAULT_INCLUDE, MARKDOWN, Configuration
from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.paths import display_path

# By default a name is taken by its end; of those that begin with one of these the patterns decide.
_SUFFIXES = tuple(pattern[1:] for pattern in DEFAULT_INCLUDE if pattern.startswith("*"))
_BEGINNINGS = tuple({pattern.rstrip(".*") for pattern in DEFAULT_INCLUDE if not pattern.startswith("*")})


@dataclass(frozen=True, slots=True)
class File:
    """A file to look at, its path as people see it, and the configuration that holds for it."""

    path: Path
    shown: str
    configuration: Configuration


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files, each once, and what could not be looked at."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...] = ()


def discover(paths: Iterable[str], configurations: Configurations) -> Discovery:
    """The files named, and those in the folders named.

    A file named is looked at whatever its name is; of a folder what `include`, `exclude` and the ignore files
    leave. Symbolic links to files are followed, those to folders only where they are named. A path that is
    not there, and a folder that cannot be read, is a problem. Raises ConfigurationError for a configuration
    file that makes no sense.
    """
    walk = _Walk(configurations)
    for path in paths:
        walk.named(path)
    return Discovery(tuple(walk.files), tuple(walk.problems))


def is_excluded(path: str, configuration: Configuration) -> bool:
    """Whether the configuration excludes this absolute path, or a folder between it and the configuration's."""
    excluded = PatternSet.of(configuration.exclude, str(configuration.root))
    here = path
    while here != str(configuration.root) and os.path.dirname(here) != here:
        if excluded.matches(here, os.path.basename(here)):
            return True
        here = os.path.dirname(here)
    return False


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    shown: str  # "" for the working directory itself, else with a separator at the end
    configuration: Configuration
    ignores: gitignore.Ignores | None


class _Walk:
    def __init__(self, configurations: Configurations) -> None:
        self.configurations = configurations
        self.files: list[File] = []
        self.problems: list[Problem] = []
        self.seen: set[str] = set()
        self.folders: set[str] = set()

    def named(self, path: str) -> None:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            self.folder(absolute)
        elif not os.path.exists(absolute):
            what = "is a link to nothing" if os.path.islink(absolute) else "does not exist"
            self.problems.append(Problem(Place(display_path(Path(absolute)), 1), f"this path {what}", "error"))
        else:
            configuration = self.configurations.of(os.path.dirname(absolute))
            if not (configuration.force_exclude and is_excluded(absolute, configuration)):
                self.file(absolute, display_path(Path(absolute)), configuration)

    def file(self, path: str, name: str, configuration: Configuration) -> None:
        if path not in self.seen:
            self.seen.add(path)
            self.files.append(File(Path(path), name, configuration))

    def folder(self, path: str) -> None:
        configuration = self.configurations.of(path)
        if configuration.force_exclude and is_excluded(path, configuration):
            return
        name = display_path(Path(path))
        prefix = "" if path == os.getcwd() else name if name.endswith(os.sep) else name + os.sep
        ignores = gitignore.above(path, os.getcwd()) if configuration.respect_gitignore else None
        # A stack, not recursion: folders may be nested deeper than Python's calls.
        stack = [_Folder(path, prefix, configuration, ignores)]
        while stack:
            folder = stack.pop()
            if folder.path not in self.folders:
                self.folders.add(folder.path)
                stack.extend(reversed(list(self.inside(folder))))

    def inside(self, folder: _Folder) -> Iterator[_Folder]:
        """Takes the folder's files and gives its folders, both in the order of their names."""
        try:
            with os.scandir(folder.path) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as problem:
            reason = f"this folder cannot be read: {problem.strerror or problem}"
            self.problems.append(Problem(Place(folder.shown.rstrip(os.sep) or ".", 1), reason, "error"))
            return
        names = {entry.name for entry in entries}
        configuration = self.configurations.below(folder.configuration, folder.path, names)
        ignores = gitignore.entering(folder.ignores, folder.path, names) if configuration.respect_gitignore else None
        excluded = PatternSet.of(configuration.exclude, str(configuration.root))
        wanted_here = _wanted(configuration)
        for entry in entries:
            is_folder = _is_folder(entry)
            if not (is_folder or wanted_here(entry)) or excluded.matches(entry.path, entry.name):
                continue
            if ignores is not None and ignores.ignored(entry.path, is_folder):
                continue
            name = folder.shown + entry.name
            if is_folder:
                yield _Folder(entry.path, name + os.sep, configuration, ignores)
            elif _is_file(entry) and not self.is_alias(entry):
                self.file(entry.path, name, configuration)
            elif entry.name.endswith(_SCRIPTS) and _is_dangling(entry):
                self.problems.append(Problem(Place(name, 1), "this is a link to nothing", "warning"))

    def is_alias(self, entry: os.DirEntry[str]) -> bool:
        """Whether this is a link to a file that is looked at already."""
        if not entry.is_symlink():
            return False
        real = os.path.realpath(entry.path)
        known = real in self.seen
        self.seen.add(real)
        return known


_SCRIPTS = (".py", ".ipynb")


def _wanted(configuration: Configuration) -> Callable[[os.DirEntry[str]], bool]:
    """Whether the configuration includes a file."""
    patterns = configuration.include + (MARKDOWN if configuration.markdown else ())
    included = PatternSet.of(patterns, str(configuration.root))
    if configuration.include != DEFAULT_INCLUDE or configuration.markdown:
        return lambda entry: included.matches(entry.path, entry.name)
    return lambda entry: (
        entry.name.endswith(_SUFFIXES)
        or (entry.name.startswith(_BEGINNINGS) and included.matches(entry.path, entry.name))
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_dangling(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and not os.path.exists(entry.path)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
