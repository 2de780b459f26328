"""A release laid over the shipped timelines of its package: put in the place of the published one, or between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract import timeline
from trl_lint_rules.facts.extract.snapshot import Snapshot

_FILE = ""


@dataclass(frozen=True)
class Layer:
    """One release of a package, from its source; `published` are the releases that the shipped facts know."""

    release: Release
    snapshot: Snapshot
    published: tuple[Release, ...]

    @property
    def releases(self) -> tuple[Release, ...]:
        """The published releases and this one, ascending."""
        return tuple(sorted({*self.published, self.release}))

    def over(self, path: str, shipped: Mapping[str, Mapping[str, Any]]) -> timeline.Groups:
        """The timelines of one file with this release in them. `path` is relative to the package's folder."""
        whole: timeline.Timelines = {_FILE: {name: dict(group) for name, group in shipped.items()}}
        history = [timeline.unfold(whole, index).get(_FILE, {}) for index in range(len(self.published))]
        place = self.releases.index(self.release)
        replaced = self.release in self.published
        history[place : place + replaced] = [self.snapshot.get(path, {})]
        return timeline.fold([{_FILE: groups} for groups in history]).get(_FILE, {})
