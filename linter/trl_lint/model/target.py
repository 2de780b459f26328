"""The releases that a project allows, and the line that says so."""

from __future__ import annotations

import enum

from trl_lint.dataclass import dataclass
from trl_lint.model.release import Release
from trl_lint.model.span import Place


class Basis(enum.Enum):
    """How a set of releases came about."""

    OPTION = "option"  # --target-trl
    CONFIGURATION = "configuration"
    INLINE = "inline"  # a PEP 723 header, a notebook's own pip install
    LOCK = "lock"
    REQUIREMENT = "requirement"
    INSTALLED = "installed"
    DERIVED = "derived"  # from the requirements of the targeted TRL
    ASSUMED = "assumed"  # nothing says; the newest known
    READ = "read"  # --facts-from
    CARRIED = "carried"  # the project is the package, or has a copy of it that an import finds first


@dataclass(frozen=True, slots=True)
class PackageTarget:
    """The allowed releases of one package, oldest first; never empty.

    `specifier` is what was written (`==1.9.2`, `>=0.20`), `place` where. `beyond` says that releases newer
    than the newest known are meant (a newer pin, a git or editable install): the verdict is then that of
    the newest known one, as possible.
    """

    package: str
    releases: tuple[Release, ...]
    basis: Basis
    specifier: str = ""
    place: Place | None = None
    beyond: str | None = None
    notes: tuple[str, ...] = ()
    undated: bool = False  # pinned to a commit, whose age nobody knows: `releases` is no more than a guess

    @property
    def newest(self) -> Release:
        """The release that an installation gets today."""
        return self.releases[-1]

    @property
    def older(self) -> bool:
        """Whether an older release is meant than any that is known: the oldest known one stands for it."""
        return self.beyond is not None and "older than the oldest" in self.beyond

    @property
    def carried(self) -> bool:
        """Whether the project has its own source of the package: what a release provides says nothing of that."""
        return self.basis is Basis.CARRIED

    @property
    def assumed(self) -> bool:
        """Whether nothing in the project names this package."""
        return self.basis in (Basis.DERIVED, Basis.ASSUMED)


@dataclass(frozen=True, slots=True)
class Environment:
    """One pair of releases on which a run is judged."""

    trl: Release
    transformers: Release


@dataclass(frozen=True, slots=True)
class Target:
    """What a source is judged on: the pairs of releases, oldest first; the last one is today's installation.

    `unsloth` is set where the source imports that package, whose requirements then narrow the other two.
    """

    trl: PackageTarget
    transformers: PackageTarget
    environments: tuple[Environment, ...]
    problems: tuple[Problem, ...] = ()
    unsloth: PackageTarget | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or understood, and where; it becomes a finding on that file."""

    place: Place
    message: str
    severity: str = "warning"
