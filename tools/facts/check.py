"""Whether the shipped facts are what the published packages say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract.snapshot import Snapshot
from trl_lint_rules.facts.extract.values import same

from . import build, registry, words

PACKAGES = ("trl", "transformers")


def sample(known: Sequence[Release], others: int = 3) -> list[Release]:
    """The newest of `known`, and `others` spread evenly over the rest, the oldest included."""
    step = (len(known) - 1) / others if len(known) > others else 1
    return sorted({known[-1], *(known[int(place * step)] for place in range(min(others, len(known))))})


def check(folder: Path, cache: Path, packages: Sequence[str], everything: bool) -> Iterator[str]:
    """One line for each difference between the shipped facts and those computed anew."""
    for package in packages:
        days, snapshots = build.shipped(folder, package)
        if not days:
            yield f"{package}: nothing is shipped"
            continue
        known = sorted(days)
        for release in known if everything else sample(known):
            wheel = registry.wheel(package, release, cache)
            if wheel.built != days[release]:
                yield f"{package} {release}: built on {wheel.built}, shipped: {days[release]}"
            yield from _differences(f"{package} {release}", snapshots[release], build.of_wheel(wheel))


def unknown(folder: Path, packages: Sequence[str]) -> list[str]:
    """Published releases that the shipped facts do not know, as `package release`."""
    found = []
    for package in packages:
        days, _ = build.shipped(folder, package)
        found += [f"{package} {release}" for release in registry.published(package) if release not in days]
    return found


def _differences(title: str, shipped: Snapshot, computed: Snapshot) -> Iterator[str]:
    explained = words.changes(shipped, computed)
    for line in explained:
        yield f"{title}: shipped, then computed: {line}"
    if not explained and not same(_plain(shipped), _plain(computed)):
        for path in sorted({*shipped, *computed}):
            if not same(_plain(shipped).get(path), _plain(computed).get(path)):
                yield f"{title}: {path} differs"


def _plain(snapshot: Snapshot) -> dict[str, dict[str, list[list[object]]]]:
    """A snapshot in which the order of keys counts, and that of groups does not; empty groups say nothing."""
    return {
        path: {name: [[key, value] for key, value in group.items()] for name, group in sorted(groups.items()) if group}
        for path, groups in sorted(snapshot.items())
        if any(groups.values())
    }
