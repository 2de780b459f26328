"""From the package index to the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract import timeline
from trl_lint_rules.facts.extract.errors import UnknownShapeError
from trl_lint_rules.facts.extract.requirements import requires
from trl_lint_rules.facts.extract.snapshot import Snapshot, snapshot

from . import registry, write

PACKAGES = ("trl", "transformers", "peft", "unsloth", "unsloth_zoo")

Report = Callable[[str], None]


def of_wheel(wheel: registry.Wheel) -> Snapshot:
    """The facts of one release. Raises UnknownShapeError, which names it and the place, for what is not understood."""
    try:
        return snapshot(wheel.package, wheel.files, requires(wheel.metadata))
    except UnknownShapeError as error:
        raise UnknownShapeError(f"{wheel.package} {wheel.release}: {error}") from error


def build(folder: Path, cache: Path, packages: Sequence[str], report: Report) -> None:
    """Compute all releases of `packages` and write them below `folder`."""
    for package in packages:
        days: dict[Release, str] = {}
        snapshots: list[Snapshot] = []
        for release in registry.published(package):
            report(f"{package} {release}")
            wheel = registry.wheel(package, release, cache)
            days[release] = wheel.built
            snapshots.append(of_wheel(wheel))
        write.write(folder, package, days, timeline.fold(snapshots))


def shipped(folder: Path, package: str) -> tuple[dict[Release, str], dict[Release, Snapshot]]:
    """The days and the snapshots of the releases that `folder` knows of `package`."""
    listed = write.read_releases(folder).get(package, {})
    days = {Release.parse(text): day for text, day in listed.items()}
    timelines = write.read(folder, package)
    return days, {release: timeline.unfold(timelines, index) for index, release in enumerate(sorted(days))}


def add(folder: Path, cache: Path, package: str, release: Release) -> None:
    """Compute one release and put it into the shipped files, replacing what they say about it."""
    wheel = registry.wheel(package, release, cache)
    days, snapshots = shipped(folder, package)
    days[release] = wheel.built
    snapshots[release] = of_wheel(wheel)
    write.write(folder, package, days, timeline.fold([snapshots[known] for known in sorted(snapshots)]))
