"""One document under the releases that its project has today, and under those that it is to move to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass, replace
from trl_lint.engine import Engine
from trl_lint.judging.view import Evidences, RunView
from trl_lint.judging.worlds import World, explore
from trl_lint.model.finding import Finding, Severity
from trl_lint.model.run import Run
from trl_lint.model.source import Source
from trl_lint.model.span import Place
from trl_lint.model.target import Basis, Environment, Target
from trl_lint.model.upgrade import Change, Sort
from trl_lint.targets.describe import describe
from trl_lint.upgrade.pins import is_literal
from trl_lint.upgrade.report import FileReport, RunReport, Step

if TYPE_CHECKING:
    from trl_lint.sources.document import Document
    from trl_lint.targets.index import ReadRelease

_ABOUT_THE_FILE = "TRL0"  # the family of codes about the file itself: no release changes them
_SOME_PATHS = "on some paths of the code"

Shown = Callable[[Iterable[Finding], "Source | None", Path], "tuple[Finding, ...]"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asks for: PEP 440 specifiers, or a release. None: what the project says, or TRL requires.

    `read` are releases to move to that were read from a folder.
    """

    to_trl: str | None
    to_transformers: str | None = None
    from_trl: str | None = None
    from_transformers: str | None = None
    read: tuple[ReadRelease, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another file, and what is found in it."""

    source: Source
    findings: tuple[Finding, ...]


class NoSuchReleaseError(Exception):
    """No release that is known satisfies what was asked for."""


class Comparison:
    """Compares documents. `engine` is one of the project's, whose targets are set aside where others are asked for;
    `shown` applies selection and suppressions."""

    def __init__(self, asked: Asked, engine: Engine, shown: Shown) -> None:
        self._shown = shown
        self._today = engine.on(asked.from_trl, asked.from_transformers)
        self._aim = engine.on(asked.to_trl, asked.to_transformers, asked.read)
        self._asked = asked
        self._engines: dict[Environment, Engine] = {}

    @property
    def failed(self) -> bool:
        """Whether an engine met a defect of the linter."""
        return any(engine.failed for engine in self._engines.values())

    def step(self, source: Source, folder: Path) -> Step:
        """From which releases to which this source goes. Raises NoSuchReleaseError."""
        old, new = self._today.resolver.resolve(source, folder), self._aim.resolver.resolve(source, folder)
        for flag, target, wish in (
            ("--from", old.trl, self._asked.from_trl),
            ("--to", new.trl, self._asked.to_trl),
            ("--target-transformers", new.transformers, self._asked.to_transformers),
            ("--from-transformers", old.transformers, self._asked.from_transformers),
        ):
            if wish is not None and target.basis is not Basis.OPTION:
                raise NoSuchReleaseError(f"{flag}: no known release of {target.package} satisfies `{wish}`")
        return Step(
            old.environments[-1],
            new.environments[-1],
            _newest(old, ("--from", "--from-transformers")),
            _newest(new, ("--to", "--target-transformers")),
            str(old.trl.place or ""),
            old.trl.releases[0] if len(old.trl.releases) > 1 else None,
        )

    def findings(self, document: Document, folder: Path, environment: Environment) -> tuple[Finding, ...]:
        """All findings in the document under exactly these releases."""
        return self._check(document, folder, environment)[0]

    def elsewhere(self, document: Document, folder: Path, environment: Environment) -> tuple[Elsewhere, ...]:
        """What the runs of the document have to say of other files: the recipes that they read."""
        return self._check(document, folder, environment)[1]

    def _check(
        self, document: Document, folder: Path, environment: Environment
    ) -> tuple[tuple[Finding, ...], tuple[Elsewhere, ...]]:
        checked = self._engine(environment).check_document(document, folder)
        own = self._shown(checked.findings, document.source, folder / Path(document.source.path).name)
        found: dict[str, list[Finding]] = {}
        for finding in checked.elsewhere:
            found.setdefault(finding.place.path, []).append(finding)
        shown = (
            Elsewhere(checked.others[path], self._shown(each, checked.others[path], Path(path).absolute()))
            for path, each in found.items()
        )
        return own, tuple(each for each in shown if each.findings)

    def amend(self, path: Path, document: Document) -> None:
        """The file `path` holds `document` now."""
        for engine in (self._today, self._aim, *self._engines.values()):
            engine.amend(path, document)

    def report(self, document: Document, folder: Path) -> FileReport:
        """What the step means for this document. Raises NoSuchReleaseError."""
        source = document.source
        step = self.step(source, folder)
        (old, old_others), (new, others) = (self._check(document, folder, each) for each in (step.old, step.new))
        old, new = (*old, *_of(old_others)), (*new, *_of(others))
        before, after = {_identity(each) for each in old}, {_identity(each) for each in new}
        appeared = [each for each in new if _identity(each) not in before and not _of_file(each)]
        gone = self._today.registry.deprecation_codes
        return FileReport(
            source.path,
            step,
            source,
            tuple(each for each in appeared if each.severity is not Severity.INFO),
            tuple(each for each in new if each.code in gone and each.severity is Severity.INFO),
            tuple(self._unsaid(document, folder, step, new)),
            sum(each.severity is not Severity.INFO and not _of_file(each) for each in old),
            sum(
                each.severity is not Severity.INFO and not _of_file(each) and _identity(each) not in after
                for each in old
            ),
            {each.source.path: each.source for each in others},
        )

    def runs(self, document: Document, folder: Path, step: Step) -> list[RunReport]:
        """What would silently change for each run."""
        return [report for _, report in self.judged(document, folder, step)]

    def _unsaid(self, document: Document, folder: Path, step: Step, said: tuple[Finding, ...]) -> Iterator[RunReport]:
        """The runs without the lost keys of which findings speak already."""
        places = {finding.span for finding in said}
        for run, report in self.judged(document, folder, step):
            changes = tuple(
                change
                for change in report.changes
                if change.sort is not Sort.LOST
                or (setting := run.settings.get(change.name)) is None
                or setting.span not in places
            )
            if changes or report.patched_by is not None:
                yield replace(report, changes=changes)

    def judged(self, document: Document, folder: Path, step: Step) -> list[tuple[Run, RunReport]]:
        """Each run with what would silently change for it; runs of one place with the same changes once."""
        if step.still:
            return []
        source = document.source
        engine = self._engine(step.old)
        target = engine.resolver.resolve(source, folder)
        evidences = Evidences(engine.finder, folder, source)
        found: dict[RunReport, Run] = {}
        for run in engine.understand(source, folder).runs:
            changes = self._changes(run, target, step, evidences, engine)
            open_ended = run.settings.open if not run.patched_by else None
            report = RunReport(
                _title(run),
                source.place(run.anchor),
                changes,
                open_ended,
                run.patched_by,
                is_literal(run),
                tuple(_keys(run, source, changes)),
            )
            if changes or run.patched_by:
                found.setdefault(report, run)
        return [(run, report) for report, run in found.items()]

    def _changes(
        self, run: Run, target: Target, step: Step, evidences: Evidences, engine: Engine
    ) -> tuple[Change, ...]:
        if run.trainer is None and (run.config or "").endswith("TrainingArguments"):
            return ()  # a run of transformers' own trainer
        counts: dict[Change, int] = {}
        worlds = 0

        def judge(world: World) -> tuple[Change, ...]:
            return engine.registry.changes(RunView(run, target, step.old, world, evidences), step.new)

        for _, changes in explore(judge, run.when):
            worlds += 1
            for change in changes:
                counts[change] = counts.get(change, 0) + 1
        return tuple(
            change if count == worlds or change.condition else replace(change, condition=_SOME_PATHS, pins=())
            for change, count in counts.items()
        )

    def _engine(self, environment: Environment) -> Engine:
        if environment not in self._engines:
            self._engines[environment] = self._today.on(str(environment.trl), str(environment.transformers))
        return self._engines[environment]


def _keys(run: Run, source: Source, changes: Sequence[Change]) -> Iterator[tuple[str, Place]]:
    """Where the keys stand that are there no more."""
    for change in changes:
        setting = run.settings.get(change.name) if change.sort is Sort.LOST else None
        if setting is not None:
            yield setting.name, source.place(setting.span)


def _newest(target: Target, flags: tuple[str, str]) -> str:
    """The newest allowed pair in words, with the lines that say so."""
    today = target.environments[-1]
    words = []
    for package, release, flag in zip(
        (target.trl, target.transformers), (today.trl, today.transformers), flags, strict=True
    ):
        if package.basis is Basis.DERIVED:
            words.append(f"{package.package} {release} (the newest that this TRL allows)")
        elif package.basis is Basis.OPTION and package.beyond is None:
            words.append(f"{package.package} {release} ({flag})")
        else:
            words.append(describe(replace(package, releases=(release,))))
    return " with ".join(words)


def _identity(finding: Finding) -> tuple[object, ...]:
    return (finding.code, finding.span, finding.severity)


def _of(several: Iterable[Elsewhere]) -> Iterator[Finding]:
    return (finding for each in several for finding in each.findings)


def _of_file(finding: Finding) -> bool:
    return finding.code.startswith(_ABOUT_THE_FILE)


def _title(run: Run) -> str:
    names: Sequence[str] = [name for name in (run.trainer, run.config) if name is not None]
    return " with ".join(names)
