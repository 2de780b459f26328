"""The built-in rules and the release facts that they rest on. Imports nothing of the engine but `trl_lint.api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trl_lint.api import ReleaseIndex


def release_index() -> ReleaseIndex:
    """The releases that the facts know, for the resolution of targets."""
    from trl_lint.api import ReleaseIndex
    from trl_lint_rules import facts

    return ReleaseIndex(
        known={package: facts.releases(package) for package in ("trl", "transformers")},
        requires=facts.requires,
    )


def facts_summary() -> str:
    """The newest releases known, for `trl-lint --version`."""
    from trl_lint_rules import facts

    return (
        f"facts of {facts.known_on()}: trl up to {facts.releases('trl')[-1]}, "
        f"transformers up to {facts.releases('transformers')[-1]}"
    )
