"""A name of TRL whose use warns."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import (
    Applicability,
    Environment,
    Import,
    ModuleRule,
    ModuleView,
    Release,
    Remedy,
    Severity,
    Stage,
    Verdict,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge.argument_words import short
from trl_lint_rules.knowledge.calls import unlike_releases
from trl_lint_rules.knowledge.import_fixes import import_from


class DeprecatedName(ModuleRule):
    """It still works in the newest allowed release, and is announced to go."""

    code = "TRL112"
    name = "deprecated-name"
    summary = "a class or function of TRL whose use warns, and which is to go"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such import."""
        if unlike_releases(module):
            return
        newest = module.target.environments[-1].trl
        for item in module.module.imports:
            owner, _, name = item.name.rpartition(".")
            if not owner.startswith("trl") or item.guards:
                continue
            if facts.deprecated_name(owner, name, newest) is None:
                continue  # an older release's warning says nothing that its successor does not say otherwise
            found = facts.deprecated_name(owner, name, module.trl)
            if found is not None:
                yield _verdict(module, item, owner, name, newest, found)


def _verdict(
    module: ModuleView, item: Import, owner: str, name: str, newest: Release, found: facts.Deprecated
) -> Verdict:
    home = _home(name, newest)
    return Verdict(
        item.name,
        item.span,
        f"`{name}` of `{owner}` is deprecated in {{trl}}",
        Severity.INFO,
        Stage.IMPORT,
        why=(f"TRL warns since {short(found.since)}: {found.note}",),
        remedies=(_remedy(module, item, name, home),) if home is not None else (),
    )


def _home(name: str, trl: Release) -> str | None:
    """Where a later release has it."""
    return next((home.module for home in facts.name_timeline(name) if home.since > trl), None)


def _remedy(module: ModuleView, item: Import, name: str, home: str) -> Remedy:
    def right(environment: Environment) -> bool:
        return name in (facts.names(home, environment.trl) or ())

    edits = import_from(module, item, home) if right(module.environment) else ()
    return Remedy(f"import it from `{home}`", Applicability.SAFE if edits else Applicability.DISPLAY, edits, right)
