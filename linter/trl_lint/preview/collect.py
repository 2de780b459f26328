"""Asks the rule packs what each run of a document trains on, in one environment or two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.dataclass import replace
from trl_lint.engine import Engine
from trl_lint.judging.view import Evidences, RunView
from trl_lint.judging.worlds import World, explore
from trl_lint.model.finding import Severity
from trl_lint.model.run import Run
from trl_lint.model.source import Source
from trl_lint.model.target import Basis, Problem, Target
from trl_lint.model.training import Remark, TrainingView, Weight
from trl_lint.preview.report import RunPreview, Side
from trl_lint.targets.describe import describe
from trl_lint.understanding import understand

if TYPE_CHECKING:
    from trl_lint.sources.document import Document

_MOST_WORLDS = 8  # each renders and tokenises all rows


class NoSuchReleaseError(Exception):
    """No release that is known satisfies what was asked for."""


class Previewer:
    """Looks at documents. `engine` is one of the project's; `releases` are those to show (specifiers), or none for
    what the project has today."""

    def __init__(self, engine: Engine, releases: Sequence[str], transformers: str | None, rows: int) -> None:
        self._engines = [engine.on(release, transformers) for release in releases] or [engine]
        self._wishes: Sequence[str | None] = releases or [None]
        self._transformers = transformers
        self._rows = rows

    @property
    def failed(self) -> bool:
        """Whether an engine met a defect of the linter."""
        return any(engine.failed for engine in self._engines)

    def runs(self, document: Document, folder: Path) -> tuple[list[RunPreview], list[Problem]]:
        """Every run of the document that has a trainer, and what of it cannot be parsed. Raises NoSuchReleaseError."""
        source = document.source
        whole = understand(source)
        understood = [run for run in whole.runs if run.trainer is not None]
        if not understood:
            return [], whole.problems
        sides = [list(self._sides(number, source, understood, folder)) for number in range(len(self._engines))]
        made = [
            RunPreview(_title(run), source.place(run.anchor), tuple(side[place] for side in sides))
            for place, run in enumerate(understood)
        ]
        return made, whole.problems

    def _sides(self, number: int, source: Source, runs: Sequence[Run], folder: Path) -> Iterator[Side]:
        engine = self._engines[number]
        target = engine.resolver.resolve(source, folder)
        wish = self._wishes[number]
        for package, wanted in ((target.trl, wish), (target.transformers, self._transformers)):
            if wanted is not None and package.basis is not Basis.OPTION:
                raise NoSuchReleaseError(f"no known release of {package.package} satisfies `{wanted}`")
        today = _today(target)
        evidences = Evidences(engine.finder, folder, source)
        for run in runs:
            view, others = self._view(engine, run, today, evidences)
            found = engine.judge_run(run, today, evidences)
            errors = tuple(finding for finding in found if finding.severity is Severity.ERROR)
            yield Side(today.environments[0], _said(today), view, errors, others)

    def _view(self, engine: Engine, run: Run, target: Target, evidences: Evidences) -> tuple[TrainingView, int]:
        """The picture of the first way through the code, and how many other pictures there are."""

        def look(world: World) -> TrainingView:
            run_view = RunView(run, target, target.environments[0], world, evidences)
            return engine.registry.training_view(run_view, self._rows)

        views: list[TrainingView] = []
        for number, (_, view) in enumerate(explore(look, run.when)):
            if view not in views:
                views.append(view)
            if number + 1 == _MOST_WORLDS:
                break
        first = next((view for view in views if not view.reason), views[0])
        if len(views) == 1:
            return first, 0
        doubt = Remark(Weight.APPROXIMATE, "the code has several ways to go; this is one of them")
        return replace(first, remarks=(*first.remarks, doubt)), len(views) - 1


def _today(target: Target) -> Target:
    """The target with the pair alone that an installation gets."""
    environment = target.environments[-1]
    return replace(
        target,
        trl=replace(target.trl, releases=(environment.trl,)),
        transformers=replace(target.transformers, releases=(environment.transformers,)),
        environments=(environment,),
    )


def _said(target: Target) -> str:
    words = []
    for package in (target.trl, target.transformers):
        if package.basis is Basis.OPTION and package.beyond is None:
            words.append(f"{package.package} {package.newest}")
        elif package.basis is Basis.DERIVED:
            words.append(f"{package.package} {package.newest} (the newest that this TRL allows)")
        else:
            words.append(describe(package))
    return " with ".join(words)


def _title(run: Run) -> str:
    return " with ".join(name for name in (run.trainer, run.config) if name is not None)
