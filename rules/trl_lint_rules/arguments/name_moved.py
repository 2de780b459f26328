"""A name of TRL that has another home, or another name, in the releases in use."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Applicability, Environment, ModuleRule, ModuleView, Remedy, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.knowledge import missing_names
from trl_lint_rules.knowledge.argument_words import short
from trl_lint_rules.knowledge.import_fixes import import_from
from trl_lint_rules.knowledge.missing_names import Missing, Whereabouts


class NameMoved(ModuleRule):
    """The old import fails; the class lives on elsewhere, mostly in `trl.experimental`."""

    code = "TRL108"
    name = "name-moved"
    summary = "a class or function that the releases in use have in another module"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such name."""
        absent = list(missing_names.missing(module))
        for item in absent:
            found = missing_names.whereabouts(item.module, item.name, module.trl)
            if found.kind in (missing_names.MOVED, missing_names.RENAMED) and found.home is not None:
                yield _verdict(module, item, found, found.home, _companions(module, item, found, absent))


def _companions(module: ModuleView, item: Missing, found: Whereabouts, absent: list[Missing]) -> list[str]:
    """Other names of the same statement that went to the same module: they are moved together."""
    if item.statement is None or found.kind != missing_names.MOVED:
        return []
    places = [other for other in absent if other.statement and other.statement.statement == item.statement.statement]
    went = {other.name: missing_names.whereabouts(other.module, other.name, module.trl) for other in places}
    return [name for name, where in went.items() if where.kind == missing_names.MOVED and where.home == found.home]


def _verdict(module: ModuleView, item: Missing, found: Whereabouts, home: str, others: list[str]) -> Verdict:
    name = found.new or item.name
    called = f" under the name `{found.new}`" if found.new else ""
    last = f" It was there up to TRL {short(found.until)}." if found.until is not None else ""
    return Verdict(
        f"{item.name} {home}.{name}",
        item.at,
        f"`{item.module}` of {{trl}} has no `{item.name}`: it is in `{home}`{called}",
        Severity.ERROR,
        Stage.IMPORT,
        why=(f"{item.failure}{last}",),
        remedies=(_remedy(module, item, found, home, name, others),),
    )


def _remedy(module: ModuleView, item: Missing, found: Whereabouts, home: str, name: str, others: list[str]) -> Remedy:
    def right(environment: Environment) -> bool:
        return name in (facts.names(home, environment.trl) or ())

    message = f"import `{name}` from `{home}`"
    edits = import_from(module, item.statement, home, found.new, others) if item.statement is not None else ()
    if not edits:
        return Remedy(message, Applicability.DISPLAY, (), right)
    return Remedy(message, Applicability.UNSAFE if found.new else Applicability.SAFE, edits, right)
