"""An argument that is called something else now."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ModuleRule, ModuleView, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, fates
from trl_lint_rules.knowledge.argument_words import had_until, refused


class RenamedArgument(ModuleRule):
    """The old name is a TypeError; the new one means the same."""

    code = "TRL103"
    name = "renamed-argument"
    summary = "an argument that the releases in use call something else"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            name = argument.name or ""
            fate = fates.fate(name, subject.cls, subject.module, module.environment)
            if fate.kind == fates.RENAMED and fate.new is not None:
                remedy = argument_fixes.rename(module, subject, argument, fate.new, fate.row)
                changes = fate.row is not None and fate.row.values is not None
                tail = f": use `{fate.new}`" if changes else f": it is called `{fate.new}`"
                yield refused(module, subject, argument, fate, tail, had_until(fate, name), (remedy,))
