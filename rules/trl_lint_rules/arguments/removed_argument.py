"""An argument that is gone, without another that takes its place."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Applicability, Argument, Known, ModuleRule, ModuleView, Remedy, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, fates
from trl_lint_rules.knowledge.argument_words import had_until, refused, short, title
from trl_lint_rules.knowledge.fates import Fate
from trl_lint_rules.knowledge.moves import Gone, gone


class RemovedArgument(ModuleRule):
    """It is a TypeError; the page of the release says what to do instead."""

    code = "TRL105"
    name = "removed-argument"
    summary = "an argument that older releases of this class have"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            name = argument.name or ""
            fate = fates.fate(name, subject.cls, subject.module, module.environment)
            if fate.kind == fates.GONE:
                row = gone(name, subject.cls)
                remedy = _remedy(module, subject, argument, row, fate)
                yield refused(module, subject, argument, fate, " any more", had_until(fate, name), (remedy,))


def _remedy(module: ModuleView, subject: calls.Subject, argument: Argument, row: Gone | None, fate: Fate) -> Remedy:
    name = argument.name or ""
    if row is None:
        last = f", or stay with {title(fate.package)} {short(fate.until)}" if fate.until is not None else ""
        message = f"take `{name}` out{last}"
        return argument_fixes.drop(module, subject, argument, message, Applicability.DISPLAY)
    if row.drop or _is_harmless(argument, row):
        message = f"take `{name}` out: {row.advice}"
        return argument_fixes.drop(module, subject, argument, message, Applicability.SAFE)
    return Remedy(f"take `{name}` out; {row.advice}")


def _is_harmless(argument: Argument, row: Gone) -> bool:
    value = argument.value
    if not isinstance(value, Known):
        return False
    return any(value.value == one and type(value.value) is type(one) for one in row.harmless)
