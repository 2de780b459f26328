"""Runs that need more than one file: a command line, and the recipe that it names."""

# os.path rather than pathlib: paths are compared as they are written, links not followed.
# ruff: noqa: PTH100, PTH118

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from trl_lint import disk
from trl_lint.assembly import command_runs
from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.command import Command
from trl_lint.model.launch import Launch
from trl_lint.model.run import Run
from trl_lint.model.source import Kind, Source
from trl_lint.paths import display_path
from trl_lint.recipes.recipe import Recipe, read_recipe
from trl_lint.shell.locate import named
from trl_lint.shell.project import ProjectLaunches, text_at
from trl_lint.sources.document import COMMANDS, Document

_NAMING = ("--config", "--model_name_or_path", "--dataset_name")


@dataclass
class Joins:
    """The runs of commands, as the file that is looked at takes part in them. A recipe is read once."""

    launches: ProjectLaunches
    commands: Callable[[], Sequence[Command]]
    _recipes: dict[Path, Recipe | None] = field(default_factory=dict)

    def runs(self, source: Source, folder: Path) -> tuple[Run, ...]:
        """The runs of TRL's commands in `source`, or that read it; `source` lies in `folder`."""
        path = Path(os.path.abspath(folder / os.path.basename(source.path)))  # noqa: PTH119
        if source.kind in COMMANDS or (source.kind is Kind.NOTEBOOK and any("trl" in m.text for m in source.magics)):
            from trl_lint.shell.front import launches

            return self._of(launches(source, path.parent, text_at), path)
        if source.kind in (Kind.YAML, Kind.JSON):
            self._recipes[path] = read_recipe(source, named=True)
            found = self._of(self.launches.of_recipe(path), path)
            return tuple(run for run in found if source.path in run.source.others)
        return ()

    def amend(self, path: Path, document: Document) -> None:
        """The file at `path` is `document` from now on."""
        self.launches.amend(path, document.raw)
        if document.source.kind in (Kind.YAML, Kind.JSON):
            self._recipes[path] = read_recipe(document.source, named=True)

    def _of(self, launches: Iterable[Launch], path: Path) -> tuple[Run, ...]:
        root = self.launches.root(path)
        found: list[Run] = []
        for launch in launches:
            runs = command_runs.runs((launch,), self.commands(), lambda at, written: self._recipe(at, written, root))
            found += (replace(run, folder=_base(launch, root)) for run in runs)
        return tuple(found)

    def _recipe(self, launch: Launch, written: str, root: Path) -> Recipe | None:
        inside = launch.writes(written)
        if inside is not None:
            return read_recipe(inside, named=True)
        path = named(launch, written, root)
        if path is None:
            return None
        if path not in self._recipes:
            text = text_at(path)
            kind = Kind.JSON if path.suffix == ".json" else Kind.YAML
            self._recipes[path] = (
                None if text is None else read_recipe(Source(display_path(path), kind, text), named=True)
            )
        return self._recipes[path]


def _base(launch: Launch, root: Path) -> Path:
    """The folder from which the relative paths of a command line are meant: the first in which one of them is there."""
    written = [
        word.text
        for option, word in zip(launch.words, launch.words[1:], strict=False)
        if option.text in _NAMING and word.text
    ]
    folders = [folder for folder in (launch.folder, *launch.folder.parents) if folder.is_relative_to(root)]
    for folder in folders:
        base = os.path.normpath(os.path.join(folder, launch.cd))
        if any(disk.exists(os.path.join(base, path)) for path in written):
            return Path(base)
    return launch.folder
