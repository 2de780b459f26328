"""A run as a rule sees it: one environment, one world, concrete values or UNKNOWN."""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from trl_lint import disk
from trl_lint.judging.worlds import World
from trl_lint.model.artifact import Artifact, Evidence
from trl_lint.model.data import DataSet
from trl_lint.model.launch import Launch
from trl_lint.model.module import Module
from trl_lint.model.release import Release
from trl_lint.model.run import Run, Setting, Settings
from trl_lint.model.source import Source
from trl_lint.model.span import Place
from trl_lint.model.target import Environment, Target
from trl_lint.model.value import Argument, Items, Known, Table, Unknown, Value, options

if TYPE_CHECKING:
    from trl_lint.artifacts import ArtifactFinder
    from trl_lint.datasets.functions import LocalFunction

T = TypeVar("T")

TEXT_LIMIT = 1 << 20  # bytes of a text file that the code names


class Missing(enum.Enum):
    """What stands for a value that is not there."""

    UNKNOWN = "unknown"  # something is given, but what cannot be told
    ABSENT = "absent"  # the code does not give it


UNKNOWN: Final = Missing.UNKNOWN
ABSENT: Final = Missing.ABSENT


class Evidences:
    """What the rules of one engine run look up: artifacts and data sets, each once."""

    def __init__(
        self,
        finder: ArtifactFinder,
        folder: Path,
        source: Source,
        started: Callable[[], tuple[Launch, ...]] = tuple,
    ) -> None:
        self.started = started  # the command lines of the project that start the source
        self._finder = finder
        self._folder = folder
        self._source = source
        self._artifacts: dict[tuple[str, str | None], Artifact] = {}
        self._data: dict[int, tuple[Value, DataSet]] = {}

    def artifact(self, name: str, revision: str | None) -> Artifact:
        """What is known of the model `name`, seen from the folder of the source."""
        key = (name, revision)
        if key not in self._artifacts:
            self._artifacts[key] = self._finder.find(name, self._folder, revision)
        return self._artifacts[key]

    def data(self, value: Value) -> DataSet:
        """What is known of the data set that `value` describes."""
        kept = self._data.get(id(value))
        if kept is None:
            from trl_lint.datasets import understand

            kept = (value, understand(value, self._folder, text_of=self._text_of))
            self._data[id(value)] = kept
        return kept[1]

    def _text_of(self, path: str) -> str | None:
        if path == self._source.path:
            return self._source.text
        other = self._source.others.get(path)
        return other.text if other is not None else None

    def text_file(self, path: str) -> str | None:
        """The text of the file `path`, from the folder of the source or the working directory."""
        for folder in (self._folder, Path.cwd()):
            try:
                raw = disk.head(folder / path, TEXT_LIMIT + 1)
            except (OSError, ValueError):
                continue
            if len(raw) <= TEXT_LIMIT:
                try:
                    return raw.decode("utf-8")
                except UnicodeDecodeError:
                    return None
        return None

    def picture_size(self, path: str) -> tuple[int, int] | None:
        """Width and height of the picture `path`, from the folder of the source or the working directory."""
        from trl_lint.datasets.pictures import picture_size

        sizes = (picture_size(folder / path) for folder in (self._folder, Path.cwd()))
        return next((size for size in sizes if size is not None), None)

    def function(self, given: Setting | Argument) -> LocalFunction | None:
        """The function of the source that is passed here."""
        from trl_lint.datasets.functions import local_function

        return local_function(given, self._text_of)

    @property
    def folder(self) -> Path:
        """The folder of the source that is judged."""
        return self._folder


class RunView:
    """`run` in one environment and one world. Reading weak evidence makes every verdict `possible`."""

    def __init__(self, run: Run, target: Target, environment: Environment, world: World, evidences: Evidences) -> None:
        self.run = run
        self.target = target
        self.environment = environment
        self._world = world
        self._evidences = evidences
        self._memo: dict[Hashable, Any] = {}
        self.weak: list[str] = []

    @property
    def trl(self) -> Release:
        """The TRL release on which the run is judged."""
        return self.environment.trl

    @property
    def transformers(self) -> Release:
        """The transformers release on which the run is judged."""
        return self.environment.transformers

    @property
    def folder(self) -> Path:
        """The folder of the source, against which relative paths of the code are looked up."""
        return self._evidences.folder

    def weaken(self, reason: str) -> None:
        """Say that what follows rests on `reason`: the verdicts of this world are `possible`."""
        if reason not in self.weak:
            self.weak.append(reason)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """`make()`, computed once in this view: for derived facts that several rules share."""
        if key not in self._memo:
            self._memo[key] = make()
        found: T = self._memo[key]
        return found

    def pick(self, value: Value) -> Known | Unknown:
        """The alternative of `value` that holds in this world."""
        return self._world.pick(value)

    def plain(self, value: Value) -> Any:
        """`value` as Python data (lists and dicts rebuilt), a `Symbol`, an `Instance`, or UNKNOWN.

        Inside a list or dict, what is not known is UNKNOWN; a container that may hold more is UNKNOWN.
        """
        picked = self.pick(value)
        if isinstance(picked, Unknown):
            return UNKNOWN
        inner = picked.value
        if isinstance(inner, Items):
            if inner.open is not None:
                return UNKNOWN
            items = [self.plain(item) for item in inner.items]
            return tuple(items) if inner.kind == "tuple" else items
        if isinstance(inner, Table):
            if inner.open is not None or any(entry.optional for entry in inner.entries):
                return UNKNOWN
            return {entry.key: self.plain(entry.value) for entry in inner.entries}
        return inner

    def _read(self, settings: Settings, name: str) -> Any:
        setting = settings.get(name)
        if setting is None and settings.open is not None and settings.outside:
            return ABSENT if self._world.alone(settings.open) else UNKNOWN
        if setting is None:
            return UNKNOWN if settings.open is not None else ABSENT
        if setting.optional:
            self.weaken(f"`{name}` is given on some paths only")
        return self.plain(setting.value)

    def setting(self, name: str) -> Any:
        """The value of this argument of the config, ABSENT where the code does not give it, or UNKNOWN."""
        return self._read(self.run.settings, name)

    def argument(self, name: str) -> Any:
        """The value of this argument of the trainer, ABSENT where the code does not give it, or UNKNOWN."""
        return self._read(self.run.arguments, name)

    def given(self, name: str) -> Setting | None:
        """Where the code gives this argument of the config."""
        return self.run.settings.get(name)

    def passed(self, name: str) -> Setting | None:
        """Where the code gives this argument of the trainer."""
        return self.run.arguments.get(name)

    def artifact(self, name: Value, revision: Value | None = None) -> Artifact | None:
        """The metadata of the model that `name` names; None where no name is known or nothing is found."""
        plain = self.plain(name)
        if not isinstance(plain, str) or not plain:
            return None
        wanted = self.plain(revision) if revision is not None else None
        found = self._evidences.artifact(plain, wanted if isinstance(wanted, str) else None)
        if not found.known:
            return None
        if found.evidence is Evidence.NAME:
            self.weaken(f"what `{plain}` is was guessed from its name")
        return found

    def artifact_named(self, name: str) -> Artifact | None:
        """The metadata of the repository or folder `name`; None where nothing is found."""
        return self.artifact(Known(name))

    def text_file(self, path: str) -> str | None:
        """The text of a file that the code names, looked up as the code would; None where it cannot be read."""
        return self._evidences.text_file(path)

    def processes(self) -> tuple[tuple[int, Place], ...]:
        """The numbers of processes with which the project's command lines start this run, each with the place of the
        first that does; none where they do not say."""
        return self.once("processes", self._processes)

    def _processes(self) -> tuple[tuple[int, Place], ...]:
        found: dict[int, Place] = {}
        known = True
        for launch in self.run.started or self._evidences.started():
            for option in options(launch.processes):
                count = option.value.value if isinstance(option.value, Known) else None
                if isinstance(count, int):
                    found.setdefault(count, launch.source.place(launch.span))
                else:
                    known = False
        if found and not known:
            self.weaken("another command line may start it with another number of processes")
        return tuple(found.items())

    def data_file(self, path: str) -> Any:
        """What the YAML or JSON file holds that the code or a command line names, as plain data; UNKNOWN where it
        cannot be read. It is looked for as `text_file` does, then from where command lines start this run."""
        return self.once(("data file", path), lambda: self._data_file(path))

    def _data_file(self, path: str) -> Any:
        from trl_lint.model.source import Kind
        from trl_lint.python.data_files import parse
        from trl_lint.sources.document import kind_of

        kind = kind_of(path)
        if kind not in (Kind.YAML, Kind.JSON):
            return UNKNOWN
        started = self.run.started[:1]
        bases = [base for launch in started for base in (launch.folder / launch.cd, *launch.folder.parents[:3])]
        for candidate in (path, *(str(base / path) for base in bases)):
            text = self.text_file(candidate)
            if text is not None:
                return self.plain(parse(Source(path, kind, text)))
        return UNKNOWN

    def function(self, given: Setting | Argument) -> LocalFunction | None:
        """What a function of the project takes and returns; None where its text is not plain to see."""
        return self._evidences.function(given)

    def picture_size(self, path: str) -> tuple[int, int] | None:
        """Width and height of a local picture that a row names; None where they cannot be told."""
        return self._evidences.picture_size(path)

    def data(self) -> DataSet:
        """The training data as the trainer gets it."""
        return self._evidences.data(self.pick(self.run.train_dataset))


class ModuleView:
    """A script or notebook as a rule on modules sees it, in one environment."""

    def __init__(self, module: Module, target: Target, environment: Environment) -> None:
        self.module = module
        self.target = target
        self.environment = environment

    @property
    def trl(self) -> Release:
        """The TRL release on which the module is judged."""
        return self.environment.trl

    @property
    def transformers(self) -> Release:
        """The transformers release on which the module is judged."""
        return self.environment.transformers
