"""A name of TRL that is nowhere any more."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Applicability, ModuleRule, ModuleView, Remedy, Severity, Stage, Verdict
from trl_lint_rules.knowledge import missing_names
from trl_lint_rules.knowledge.argument_words import short
from trl_lint_rules.knowledge.import_fixes import import_from
from trl_lint_rules.knowledge.moves import NAMES_ELSEWHERE, NAMES_GONE


class NameRemoved(ModuleRule):
    """The import fails, and what the name stood for is done otherwise."""

    code = "TRL109"
    name = "name-removed"
    summary = "a class or function that only older releases of TRL have"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such name."""
        for item in missing_names.missing(module):
            found = missing_names.whereabouts(item.module, item.name, module.trl)
            if found.kind != missing_names.GONE or found.until is None:
                continue
            last = short(found.until)
            yield Verdict(
                item.name,
                item.at,
                f"`{item.module}` of {{trl}} has no `{item.name}` any more",
                Severity.ERROR,
                Stage.IMPORT,
                why=(f"{item.failure} TRL {last} is the last release that has it.",),
                remedies=(_remedy(module, item, last),),
            )


def _remedy(module: ModuleView, item: missing_names.Missing, last: str) -> Remedy:
    advice = NAMES_GONE.get(item.name)
    elsewhere = NAMES_ELSEWHERE.get(item.name)
    if elsewhere is not None and item.statement is not None:
        edits = import_from(module, item.statement, elsewhere)
        return Remedy(f"import it from `{elsewhere}`", Applicability.SAFE if edits else Applicability.DISPLAY, edits)
    return Remedy(advice if advice is not None else f"do without it, or stay with TRL {last}")
