"""A name of TRL that only newer releases have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trl_lint.api import Environment, ModuleRule, ModuleView, Release, Remedy, Severity, Stage, Verdict
from trl_lint_rules.knowledge import missing_names
from trl_lint_rules.knowledge.argument_words import short


class NameTooNew(ModuleRule):
    """The import fails in the releases in use."""

    code = "TRL110"
    name = "name-too-new"
    summary = "a class or function that only newer releases of TRL have"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such name."""
        for item in missing_names.missing(module):
            found = missing_names.whereabouts(item.module, item.name, module.trl)
            if found.kind == missing_names.TOO_NEW and found.since is not None:
                since = short(found.since)
                yield Verdict(
                    item.name,
                    item.at,
                    f"`{item.module}` of {{trl}} has no `{item.name}` yet",
                    Severity.ERROR,
                    Stage.IMPORT,
                    why=(f"{item.failure} It came with TRL {since}.",),
                    remedies=(Remedy(f"ask for TRL {since} or newer", right_in=_from(found.since)),),
                )


def _from(since: Release) -> Callable[[Environment], bool]:
    return lambda environment: environment.trl >= since
