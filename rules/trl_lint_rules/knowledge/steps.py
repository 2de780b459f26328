"""Between two environments: which package's release brought something."""

from __future__ import annotations

from collections.abc import Callable

from trl_lint.api import Environment, Release
from trl_lint_rules import facts


def first_release(old: Environment, new: Environment, holds: Callable[[Environment], bool]) -> tuple[str, Release]:
    """The package and its first release from which on, up to `new`, it holds: TRL where that alone brings it."""
    for package in ("trl", "transformers"):
        begin, end = (_of(each, package) for each in (old, new))
        first: Release | None = None
        for release in reversed(facts.releases(package)):
            if not begin < release <= end:
                continue
            trl = release if package == "trl" else new.trl
            transformers = old.transformers if package == "trl" else release
            if not holds(Environment(trl, transformers)):
                break
            first = release
        if first is not None:
            return package, first
    return "trl", new.trl


def _of(environment: Environment, package: str) -> Release:
    """The release of this package."""
    return environment.trl if package == "trl" else environment.transformers
