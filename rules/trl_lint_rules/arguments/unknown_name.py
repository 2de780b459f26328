"""A name that no release of TRL has."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ModuleRule, ModuleView, Remedy, Severity, Stage, Verdict
from trl_lint_rules.knowledge import missing_names


class UnknownName(ModuleRule):
    """The import fails in every release."""

    code = "TRL111"
    name = "unknown-name"
    summary = "a class or function that no release of TRL has"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such name."""
        for item in missing_names.missing(module):
            found = missing_names.whereabouts(item.module, item.name, module.trl)
            if found.kind != missing_names.UNKNOWN:
                continue
            meant = f" (did you mean `{found.new}`?)" if found.new else ""
            yield Verdict(
                item.name,
                item.at,
                f"`{item.module}` has no `{item.name}`{meant}",
                Severity.ERROR,
                Stage.IMPORT,
                why=(f"{item.failure} No release known has it.",),
                remedies=(Remedy(f"write `{found.new}` if that is meant"),) if found.new else (),
            )
