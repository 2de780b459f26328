"""Which command lines of a project may start a script, or read a recipe. Looked for once, when first asked."""

# os rather than pathlib: this touches every folder of a project.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from trl_lint import disk, gitignore
from trl_lint.configuration.settings import DEFAULT_EXCLUDE
from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.launch import Launch, Word
from trl_lint.model.source import Kind
from trl_lint.paths import display_path, nearest_project
from trl_lint.shell.locate import named, program_of
from trl_lint.sources.document import COMMANDS, kind_of

MOST_FOLDERS = 3_000
MOST_FILES = 1_000
MOST_BYTES = 1_000_000
_MOST_SCRIPTS = 5_000

_LAUNCH = regex(rb"python|accelerate|torchrun|deepspeed|uv run|trl[ \t\\\\]|\.py\b")
_RECIPES = (".yaml", ".yml", ".json")
_READS_RECIPE = re.compile(rb"\bTrlParser\b|\bparse_(?:yaml|json)_file\b|\bH4ArgumentParser\b|\bsafe_load\b")
_DEEPSPEED = re.compile(r"^[ \t]*deepspeed_config_file:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


# Command lines in a notebook: what begins them, at the start of a line (which may be escaped), and the next cell.
_COMMAND = regex(rb"!|%%?(?:bash|sh|zsh|shell|system|sx|script)\b")
_LINE_START = (b'"', b"\n", b"\r", b"\\n", b"\\r")
_NEXT_CELL = b'"cell_type"'
_LONGEST_CELL = 20_000  # bytes
_KNOWN_WHOLE = 50_000  # bytes of a notebook that are kept as they are


@dataclass
class _File:
    """A file that may start something. `raw` holds the names that its command lines say: all of it, or (`whole` is
    false) of a large notebook, most of which are pictures, the cells that have any."""

    path: Path
    kind: Kind
    raw: bytes
    whole: bool = True
    read: tuple[Launch, ...] | None = None


@dataclass
class ProjectLaunches:
    """The launches of the projects that files lie in, each project looked through once."""

    _projects: dict[Path, _Project] = field(default_factory=dict)
    _amended: dict[Path, bytes] = field(default_factory=dict)

    def amend(self, path: Path, raw: bytes) -> None:
        """The file at the absolute `path` holds these bytes from now on."""
        self._amended[path] = raw
        for project in self._projects.values():
            project.forget(path)

    def of_script(self, path: Path) -> tuple[Launch, ...]:
        """The launches that start the Python file at the absolute `path`, by the path of their source."""
        project = self._project(path)
        stem = path.parent.name if path.stem == "__main__" else path.stem
        found = project.naming(stem.encode())
        return tuple(launch for launch in found if program_of(launch, project.root) == path)

    def of_recipe(self, path: Path) -> tuple[Launch, ...]:
        """The launches that hand the recipe at the absolute `path` to their program."""
        project = self._project(path)
        found = project.naming(path.name.encode())
        return tuple(launch for launch in found if path in recipes_of(launch, project.root))

    def affected(self, path: Path) -> tuple[Path, ...]:
        """The files whose runs hang on the command lines in `path`, or on the recipe or the launcher's configuration
        `path` by way of command lines."""
        project = self._project(path)
        is_recipe = kind_of(path.name) in (Kind.YAML, Kind.JSON)
        found: dict[Path | None, None] = {}
        for file in project.files:
            # A launcher's configuration may name the file too.
            if file.path == path or (is_recipe and (path.name.encode() in file.raw or b"config_file" in file.raw)):
                for launch in _launches(file):
                    recipes = recipes_of(launch, project.root)
                    if not is_recipe:
                        found.update(dict.fromkeys((*recipes, program_of(launch, project.root))))
                    elif path in recipes or path in settings_of(launch, project.root):
                        found.update(dict.fromkeys((file.path, *recipes, program_of(launch, project.root))))
        return tuple(each for each in found if each is not None)

    def readers(self, path: Path, trainer: str) -> tuple[Reader, ...]:
        """The scripts of the project of the file at `path` that make this trainer and read recipes."""
        project = self._project(path)
        if trainer not in project.read_by:
            project.read_by[trainer] = tuple(_readers(project.scripts, trainer.encode()))
        return project.read_by[trainer]

    def root(self, path: Path) -> Path:
        """Where the project of a file begins."""
        return self._project(path).root

    def _project(self, path: Path) -> _Project:
        root = _root_of(path.parent)
        if root not in self._projects:
            self._projects[root] = _Project(root, self._amended)
        return self._projects[root]


@dataclass(frozen=True, slots=True)
class Reader:
    """A script that reads recipes: by a `--config` option, or as its first argument."""

    path: Path
    option: bool

    @property
    def name(self) -> str:
        """Its file name."""
        return self.path.name


def _readers(scripts: Iterable[Path], trainer: bytes) -> Iterator[Reader]:
    for path in scripts:
        try:
            raw = disk.head(path, MOST_BYTES + 1)
        except (OSError, ValueError):
            continue
        if len(raw) > MOST_BYTES:
            continue
        if trainer + b"(" in raw and _READS_RECIPE.search(raw) is not None:
            yield Reader(path, b"TrlParser" in raw or b"--config" in raw)


def recipes_of(launch: Launch, root: Path) -> tuple[Path, ...]:
    """The YAML and JSON files that a launch hands to its program, each once."""
    return tuple(_named(launch, launch.words, root))


def settings_of(launch: Launch, root: Path) -> Iterator[Path]:
    """The configuration files of the launchers, and those of DeepSpeed that they name."""
    for path in _named(launch, launch.files, root):
        yield path
        match = _DEEPSPEED.search(text_at(path) or "")
        inner = named(launch, match[1], root) if match is not None else None
        if inner is not None:
            yield inner


def _named(launch: Launch, words: Iterable[Word], root: Path) -> dict[Path, None]:
    found: dict[Path, None] = {}
    for word in words:
        text = word.text if word.text is not None else word.tail
        if text.endswith(_RECIPES):
            path = named(launch, text.lstrip("/") if word.text is None else text, root)
            if path is not None:
                found[path] = None
    return found


def _root_of(folder: Path) -> Path:
    """The nearest folder upwards that holds a repository, else the nearest that looks like a project."""
    for here in (folder, *folder.parents):
        if disk.lexists(here / ".git"):
            return here
    return nearest_project(folder) or folder


class _Project:
    def __init__(self, root: Path, amended: Mapping[Path, bytes]) -> None:
        self.root = root
        self.amended = amended
        self.read_by: dict[str, tuple[Reader, ...]] = {}

    def forget(self, path: Path) -> None:
        """Look again at what the file at `path` holds, if the project was looked through."""
        if "_walked" in self.__dict__:
            for file in self.files:
                if file.path == path:
                    file.raw, file.whole, file.read = self.amended[path], True, None

    def naming(self, name: bytes) -> Iterator[Launch]:
        """The launches of the files that hold this name."""
        for file in self.files:
            if name in file.raw:
                yield from _launches(file)

    @property
    def files(self) -> list[_File]:
        """The files that may start something, in the order of the walk: nearest to the root first."""
        return self._walked[0]

    @property
    def scripts(self) -> list[Path]:
        """The Python files, in the same order."""
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[list[_File], list[Path]]:
        found: list[_File] = []
        scripts: list[Path] = []
        ignores = gitignore.above(str(self.root), str(self.root))
        level: list[tuple[str, gitignore.Ignores | None]] = [(str(self.root), ignores)]
        folders = 0
        while level and folders < MOST_FOLDERS and len(found) < MOST_FILES:
            below: list[tuple[str, gitignore.Ignores | None]] = []
            for folder, above in level:
                folders += 1
                if folders > MOST_FOLDERS:
                    break
                below += self._inside(folder, above, found, scripts)
            level = below
        return found, scripts

    def _inside(
        self, folder: str, above: gitignore.Ignores | None, found: list[_File], scripts: list[Path]
    ) -> list[tuple[str, gitignore.Ignores | None]]:
        """Takes the folder's files; its folders, in the order of their names."""
        try:
            entries = disk.entries(folder)
        except OSError:
            return []
        ignores = gitignore.entering(above, folder, {entry.name for entry in entries})
        below: list[tuple[str, gitignore.Ignores | None]] = []
        for entry in entries:
            if entry.name in DEFAULT_EXCLUDE:
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            is_script = entry.name.endswith(".py") and not is_folder
            kind = Kind.PYTHON if is_script else None if is_folder else _kind_of(entry.name)
            if (not is_folder and kind is None) or (ignores is not None and ignores.ignored(entry.path, is_folder)):
                continue
            if is_folder:
                below.append((entry.path, ignores))
            elif is_script and len(scripts) < _MOST_SCRIPTS:
                scripts.append(Path(entry.path))
            elif kind is not None and kind is not Kind.MARKDOWN and len(found) < MOST_FILES:
                file = self._file(Path(entry.path), kind)
                if file is not None:
                    found.append(file)
        return below

    def _file(self, path: Path, kind: Kind) -> _File | None:
        amended = self.amended.get(path)
        raw = amended or _bytes(path)
        if raw is None:
            return None
        large = amended is None and kind is Kind.NOTEBOOK and len(raw) > _KNOWN_WHOLE
        said = _commands_of(raw) if large else raw
        return _File(path, kind, said, not large) if _LAUNCH.search(said) is not None else None


def _commands_of(notebook: bytes) -> bytes:
    """The cells with command lines, from the first of these on."""
    found: list[bytes] = []
    end = 0
    # Looking for single bytes passes over pictures at the speed of memory.
    for start in sorted((*_places(notebook, b"!"), *_places(notebook, b"%"))):
        if start < end or _COMMAND.match(notebook, start) is None:
            continue
        before = notebook[max(start - 100, 0) : start].replace(b"\\t", b" ").rstrip(b" \t")
        if before.endswith(_LINE_START):
            end = notebook.find(_NEXT_CELL, start, start + _LONGEST_CELL)
            end = end if end >= 0 else start + _LONGEST_CELL
            found.append(notebook[start:end])
    return b"\n".join(found)


def _places(text: bytes, byte: bytes) -> Iterator[int]:
    place = text.find(byte)
    while place >= 0:
        yield place
        place = text.find(byte, place + 1)


def _kind_of(name: str) -> Kind | None:
    """What a file of this name holds command lines as. Markdown shows examples; what it starts is no run."""
    kind = kind_of(name)
    return kind if kind in COMMANDS or kind is Kind.NOTEBOOK else None


def _bytes(path: Path) -> bytes | None:
    try:
        raw = disk.head(path, MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
    return raw if len(raw) <= MOST_BYTES else None


def _launches(file: _File) -> tuple[Launch, ...]:
    if file.read is None:
        file.read = _read(file)
    return file.read


def _read(file: _File) -> tuple[Launch, ...]:
    from trl_lint.shell.front import launches
    from trl_lint.sources.read import from_bytes

    raw = file.raw if file.whole else _bytes(file.path)
    if raw is None:
        return ()
    document = from_bytes(raw, display_path(file.path), file.kind)
    if isinstance(document, tuple):
        return ()
    return launches(document.source, file.path.parent, text_at)


def text_at(path: Path) -> str | None:
    """The text of a small file that a command line names, None where it cannot be read."""
    try:
        return disk.text(path, MOST_BYTES) if disk.size(path) <= MOST_BYTES else None
    except (OSError, ValueError):
        return None
