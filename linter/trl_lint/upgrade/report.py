"""What an upgrade means for the files that were looked at, complete: nothing of the engine is needed to show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trl_lint.dataclass import dataclass, field
from trl_lint.model.finding import Finding, Severity
from trl_lint.model.release import Release
from trl_lint.model.source import Source
from trl_lint.model.span import Place
from trl_lint.model.target import Environment
from trl_lint.model.upgrade import Change, Sort, Weight


@dataclass(frozen=True, slots=True)
class Step:
    """From which releases to which. `told` and `aimed` say the same in words, `by` which line says where it begins.
    `oldest`: the oldest release that this line allows too."""

    old: Environment
    new: Environment
    told: str
    aimed: str
    by: str = ""
    oldest: Release | None = None

    @property
    def still(self) -> bool:
        """Whether the project is there already."""
        return self.old == self.new


@dataclass(frozen=True, slots=True)
class RunReport:
    """What would silently change for one run. `open`: why further arguments may be given that are not seen;
    `patched_by`: a package that patches the trainers, so that nothing is said; `literal`: its config can be
    written into; `keys`: where the keys of a recipe stand that are lost."""

    title: str
    place: Place
    changes: tuple[Change, ...] = ()
    open: str | None = None
    patched_by: str | None = None
    literal: bool = False
    keys: tuple[tuple[str, Place], ...] = ()

    def place_of(self, change: Change) -> Place:
        """Where to look for this change: at the key, or at the run."""
        return dict(self.keys).get(change.name, self.place) if change.sort is Sort.LOST else self.place


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file. `findings` are those of the newer releases that the older ones do not have, `deprecated` what the
    newer ones warn of; `today` errors and warnings stand already, of which (or of others) `mended` go away. `others`
    are the other files, by path, in which findings stand."""

    path: str
    step: Step
    source: Source
    findings: tuple[Finding, ...] = ()
    deprecated: tuple[Finding, ...] = ()
    runs: tuple[RunReport, ...] = ()
    today: int = 0
    mended: int = 0
    others: Mapping[str, Source] = field(default_factory=dict)

    @property
    def breaks(self) -> tuple[Finding, ...]:
        """What would stop."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def lost(self) -> int:
        """How many keys of recipes are there no more, and no finding says so."""
        return sum(change.sort is Sort.LOST for run in self.runs for change in run.changes)

    @property
    def differs(self) -> tuple[Finding, ...]:
        """What rules say would go on and do something else."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Found:
    """One change, and all the runs that meet it."""

    change: Change
    runs: tuple[RunReport, ...]

    @property
    def certain(self) -> tuple[RunReport, ...]:
        """The runs of which all arguments are seen."""
        return tuple(run for run in self.runs if run.open is None)

    @property
    def open(self) -> tuple[RunReport, ...]:
        """The runs that may be given the argument elsewhere."""
        return tuple(run for run in self.runs if run.open is not None)


@dataclass(frozen=True, slots=True)
class Group:
    """All files that come from the same releases and go to the same; `step` is that of the first."""

    step: Step
    files: tuple[FileReport, ...]

    @property
    def breaks(self) -> tuple[Finding, ...]:
        """What would stop."""
        return tuple(finding for file in self.files for finding in file.breaks)

    @property
    def differs(self) -> tuple[Finding, ...]:
        """What rules say would go on and do something else."""
        return tuple(finding for file in self.files for finding in file.differs)

    @property
    def deprecated(self) -> tuple[Finding, ...]:
        """What would warn."""
        return tuple(finding for file in self.files for finding in file.deprecated)

    @property
    def runs(self) -> tuple[RunReport, ...]:
        """All runs that are spoken of."""
        return tuple(run for file in self.files for run in file.runs)

    def changes(self, weight: Weight) -> tuple[Found, ...]:
        """The silent changes of this weight with their runs, in the order of the pack; equal ones are one."""
        return tuple(
            found for found in self._found() if found.change.weight is weight and found.change.sort is not Sort.LOST
        )

    @property
    def lost(self) -> tuple[Found, ...]:
        """The keys of recipes that are there no more, with the recipes."""
        return tuple(found for found in self._found() if found.change.sort is Sort.LOST)

    def _found(self) -> Iterator[Found]:
        by_change: dict[Change, list[RunReport]] = {}
        for run in self.runs:
            for change in run.changes:
                by_change.setdefault(change, []).append(run)
        return (Found(change, tuple(runs)) for change, runs in by_change.items())


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """Everything that was looked at. `problems` are files that could not be read, `notes` what was left aside."""

    files: tuple[FileReport, ...] = ()
    problems: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    looked_at: int = 0
    fixed: int = 0

    def groups(self) -> Iterator[Group]:
        """The files by the releases that they come from and go to; those that are there already last."""
        by_step: dict[tuple[bool, Environment, Environment], list[FileReport]] = {}
        for file in self.files:
            by_step.setdefault((file.step.still, file.step.old, file.step.new), []).append(file)
        for key in sorted(by_step, key=lambda key: key[0]):
            yield Group(by_step[key][0].step, tuple(by_step[key]))

    @property
    def breaks(self) -> int:
        """How many findings would stop a run."""
        return sum(len(file.breaks) + file.lost for file in self.files)
