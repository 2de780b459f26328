"""From a document to its runs, as the project around it makes them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass, field, replace
from trl_lint.importing import Importing
from trl_lint.model.launch import SCRIPT
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.model.target import Problem
from trl_lint.packs.registry import Registry
from trl_lint.paths import display_path
from trl_lint.project_files import FileCache

if TYPE_CHECKING:
    from trl_lint.assembly.joined import Joins
    from trl_lint.model.launch import Launch
    from trl_lint.model.module import Module
    from trl_lint.model.run import Run
    from trl_lint.python.project import Project
    from trl_lint.shell.project import ProjectLaunches
    from trl_lint.sources.document import Document


@dataclass
class Understood:
    """The runs of a document and what could not be understood."""

    runs: tuple[Run, ...] = ()
    module: Module | None = None
    written: tuple[Module, ...] = ()  # scripts that cells of a notebook write
    problems: list[Problem] = field(default_factory=list)
    repeated: tuple[tuple[Span, str], ...] = ()  # keys of a recipe that stand twice, and what that means

    @property
    def judged(self) -> bool:
        """Whether there is anything to judge: a run, or a module that imports TRL or transformers."""
        return bool(self.runs) or any(map(_worth_judging, (self.module, *self.written)))


class Understanding:
    """What is read of one project in one session: its modules, its command lines, and the runs they make."""

    def __init__(self, registry: Registry) -> None:
        self.importing = Importing()
        self._registry = registry
        self._files = FileCache()

    @cached_property
    def launches(self) -> ProjectLaunches:
        """Which command lines of a project start a script or read a recipe."""
        from trl_lint.shell.project import ProjectLaunches

        return ProjectLaunches()

    @cached_property
    def joins(self) -> Joins:
        """The runs that need more than one file."""
        from trl_lint.assembly.joined import Joins

        return Joins(self.launches, lambda: self._registry.commands)

    def amend(self, path: Path, document: Document) -> None:
        """From now on the file at `path` is `document`, whatever the disk says: fixes have changed it."""
        self._files.amend(path, document.source)
        self.joins.amend(path, document)

    def of(self, source: Source, folder: Path) -> Understood:
        """The runs of `source`, which lies in `folder`, as the project around it makes them."""
        if source.kind not in (Kind.PYTHON, Kind.NOTEBOOK):
            alone = understand(source)
            found = self.joins.runs(source, folder)
            if source.kind in (Kind.YAML, Kind.JSON):
                found = (*found, *self._of_recipe(source, folder, alone.runs, bool(found)))
            alone.runs = found
            return alone
        from trl_lint.assembly.script_runs import joined

        path = Path(os.path.abspath(folder / Path(source.path).name))  # noqa: PTH100 (links stay as they are named)
        raw = source.text.encode("utf-8", "surrogatepass")
        if not self.importing.worth_following(raw, path):
            alone = understand(source)
            if not alone.runs:
                return alone
        module, found = joined(source, self._project_for(source, folder), lambda: self.launches.of_script(path))
        if source.kind is Kind.NOTEBOOK:
            written = self._of_written(source, folder)
            found = (*found, *self.joins.runs(source, folder), *(run for _, runs in written for run in runs))
            return Understood(found, module, tuple(each for each, _ in written), _syntax_problems(module))
        return Understood(found, module, problems=_syntax_problems(module))

    def _of_written(self, source: Source, folder: Path) -> list[tuple[Module, tuple[Run, ...]]]:
        """The scripts that cells of a notebook write (`%%writefile train.py`), and their runs."""
        if not any(magic.text.startswith(("%%writefile", "%%file")) for magic in source.magics):
            return []
        from trl_lint.assembly.script_runs import joined
        from trl_lint.shell.front import launches
        from trl_lint.shell.project import text_at
        from trl_lint.shell.written import written

        lines = launches(source, folder, text_at)
        found: list[tuple[Module, tuple[Run, ...]]] = []
        for script in written(source, "").values():
            if script.kind is Kind.NOTEBOOK:
                starting = [line for line in lines if line.kind == SCRIPT and line.writes(line.target) == script]
                found.append(joined(script, self._project_for(script, folder), partial(tuple, starting)))
        return found

    def started(self, source: Source, folder: Path) -> tuple[Launch, ...]:
        """The command lines of the project that start the script `source`."""
        if source.kind is not Kind.PYTHON or source.path == "-":
            return ()
        return self.launches.of_script(Path(os.path.abspath(folder / Path(source.path).name)))  # noqa: PTH100

    def _of_recipe(self, source: Source, folder: Path, alone: tuple[Run, ...], is_read: bool) -> tuple[Run, ...]:
        """The runs that a recipe is part of besides those of `trl` commands. What its keys suggest (`alone`) counts
        only where nothing is known to read it (`is_read` says that a command does)."""
        from trl_lint.assembly.recipe_scripts import reading
        from trl_lint.assembly.script_runs import runs_started_by

        if source.path == "-":
            return alone
        path = Path(os.path.abspath(folder / Path(source.path).name))  # noqa: PTH100
        files = FileCache(self._files.read, {**self._files.amended, path: source})

        def started(program: Path, launch: Launch) -> tuple[Run, ...]:
            script = files.source(program, display_path(program), Kind.PYTHON)
            if script is None:
                return ()
            return runs_started_by(script, self._project_for(script, program.parent, files), launch)

        trainer = alone[0].trainer if alone and not is_read else None
        found = reading(source, path, trainer, self.launches, started)
        if found.runs or is_read:
            return found.runs
        return tuple(replace(run, assumed=found.doubt) for run in alone)

    def _project_for(
        self, source: Source, folder: Path, files: FileCache | None = None
    ) -> Callable[[Launch | None], Project]:
        """The project around a script, as a command line that starts it sees it."""
        from trl_lint.project_files import ProjectFiles
        from trl_lint.shell.locate import named

        def project(launch: Launch | None) -> Project:
            locate = None
            written = launch.writes if launch is not None else None
            if launch is not None:
                root = self.launches.root(folder / "any")
                locate = partial(named, launch, root=root)
            return ProjectFiles(source.path, folder, files or self._files, locate, self._registry.class_fields, written)

        return project


def understand(source: Source, project: Project | None = None) -> Understood:
    """The runs of `source`, by its kind; `project` gives the other files that it reads."""
    if source.kind in (Kind.PYTHON, Kind.NOTEBOOK):
        from trl_lint.assembly.python_runs import runs
        from trl_lint.python.front import understand as understand_python

        module = understand_python(source, project)
        return Understood(runs(module), module, problems=_syntax_problems(module))
    if source.kind in (Kind.YAML, Kind.JSON):
        from trl_lint.assembly.recipe_runs import runs as recipe_runs
        from trl_lint.recipes.recipe import read_recipe

        recipe = read_recipe(source)
        if recipe is not None:
            return Understood(recipe_runs(recipe), problems=list(recipe.problems), repeated=recipe.repeated)
    return Understood()


def _worth_judging(module: Module | None) -> bool:
    """Whether rules on modules have anything to look at: an import of TRL or transformers."""
    return module is not None and (module.imports_package("trl") or module.imports_package("transformers"))


def _syntax_problems(module: Module) -> list[Problem]:
    source = module.source
    return [Problem(source.place(each.span), *_syntax(each.message, each.newer)) for each in module.problems]


def _syntax(message: str, newer: bool) -> tuple[str, str]:
    """What to say of code that does not parse, and how severe that is: a newer syntax is the linter's limit."""
    if newer:
        return f"cannot be parsed by the Python that runs trl-lint ({message}); a newer one may be meant", "info"
    return f"cannot be parsed: {message}", "warning"
