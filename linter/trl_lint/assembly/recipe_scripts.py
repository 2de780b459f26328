"""The runs of the project's scripts that read a recipe, and what that means for one which no `trl` command reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.launch import SCRIPT, Launch, Word
from trl_lint.model.run import Run
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.model.value import Known
from trl_lint.paths import display_path
from trl_lint.shell.locate import program_of
from trl_lint.shell.project import ProjectLaunches

MOST_LAUNCHES: Final = 8
_CONFIG: Final = "--config"

# The runs of a script that this command line starts.
Started = Callable[[Path, Launch], "tuple[Run, ...]"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads a recipe: the runs of scripts that do, and why it is doubtful that `trl` would read it."""

    runs: tuple[Run, ...] = ()
    doubt: str | None = None


def reading(source: Source, path: Path, trainer: str | None, launches: ProjectLaunches, started: Started) -> Reading:
    """How the project reads the recipe `source` at the absolute `path`, whose keys are those of `trainer`.

    The command lines that name it say which script does; without any, the only script that makes this trainer and
    reads recipes is taken for it.
    """
    root = launches.root(path)
    named = [(program, launch) for launch in launches.of_recipe(path) if (program := program_of(launch, root))]
    if named:
        found = tuple(
            run for program, launch in named[:MOST_LAUNCHES] for run in _runs(program, launch, source, started)
        )
        program, launch = named[0]
        place = launch.source.place(launch.span)
        return Reading(found, f"`{program.name}` reads the recipe ({place}), in a way that is not understood")
    readers = launches.readers(path, trainer) if trainer is not None else ()
    if len(readers) != 1:
        what = f"`{readers[0].name}` and other scripts of the project read recipes" if readers else None
        return Reading((), what)
    (script,) = readers
    doubt = f"no command line says which program reads the recipe; `{display_path(script.path)}` is taken for it"
    assumed = _runs(script.path, _assumed(script.path, path, script.option), source, started)
    return Reading(tuple(replace(run, assumed=doubt) for run in assumed), f"`{script.name}` reads recipes too")


def _runs(program: Path, launch: Launch, source: Source, started: Started) -> Iterator[Run]:
    """The runs in which the recipe has a say."""
    for run in started(program, launch):
        if any(setting.span.path == source.path for setting in run.settings.items.values()):
            yield replace(run, folder=program.parent)


def _assumed(program: Path, recipe: Path, option: bool) -> Launch:
    """The command line that nobody has written down."""
    nowhere = Span("", 0, 0)
    words = [Word(Known(_CONFIG), nowhere)] if option else []
    words.append(Word(Known(str(recipe)), nowhere))
    return Launch(Source("", Kind.SHELL, ""), nowhere, SCRIPT, program.name, nowhere, tuple(words), program.parent, "")
