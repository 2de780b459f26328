"""What the resolver is told from outside: the releases that exist, and what the user asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trl_lint.dataclass import dataclass, field
from trl_lint.model.release import Release
from trl_lint.model.span import Place

TRL = "trl"
TRANSFORMERS = "transformers"
UNSLOTH = "unsloth"  # patches TRL's classes, and names the releases of both that it goes with
PACKAGES = (TRL, TRANSFORMERS, UNSLOTH)


@dataclass(frozen=True)
class ReleaseIndex:
    """The final releases known, by package (`trl`, `transformers`, `unsloth`), ascending and not empty.

    `requires` gives the requirements of a TRL release as PEP 440 specifiers: `{"transformers": ">=4.56.2"}`,
    `patcher_requires` those of a release of Unsloth.
    """

    known: Mapping[str, tuple[Release, ...]]
    requires: Callable[[Release], Mapping[str, str]]
    patcher_requires: Callable[[Release], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class ReadRelease:
    """A release whose facts were read from a source tree: `version` as it is written there, `path` where it lies.

    `beyond` is set for one that is newer than all published ones: names and arguments were read, but what else it
    does is that of the newest published one.
    """

    package: str
    version: str
    release: Release
    path: str
    beyond: str | None = None


@dataclass(frozen=True)
class Overrides:
    """What beats everything that the project says.

    `read` are releases whose facts were read from a source tree, by package.

    `trl` and `transformers` come from the command line, the `configured_` ones from the configuration, whose
    lines are `trl_place` and `transformers_place`. Each is a PEP 440 specifier, or a bare version: `1.9.2`
    is that release, `1.9` its whole series; `newest` is the newest release known.
    """

    trl: str | None = None
    transformers: str | None = None
    configured_trl: str | None = None
    configured_transformers: str | None = None
    trl_place: Place | None = None
    transformers_place: Place | None = None
    read: Mapping[str, ReadRelease] = field(default_factory=dict)

    def option(self, package: str) -> str | None:
        """What the command line says of `package`."""
        return {TRL: self.trl, TRANSFORMERS: self.transformers}.get(package)

    def configured(self, package: str) -> tuple[str | None, Place | None]:
        """What the configuration says of `package`, and where."""
        if package == TRL:
            return self.configured_trl, self.trl_place
        if package == TRANSFORMERS:
            return self.configured_transformers, self.transformers_place
        return None, None
