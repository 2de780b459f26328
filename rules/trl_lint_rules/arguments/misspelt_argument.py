"""An argument that no release has under this name, and whose meaning can be told."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Applicability, ModuleRule, ModuleView, Remedy, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, fates
from trl_lint_rules.knowledge.argument_words import refused


class MisspeltArgument(ModuleRule):
    """`max_lenght`, or the name that another library has for the same thing."""

    code = "TRL102"
    name = "misspelt-argument"
    summary = "an argument that no release of this class has under this name"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            fate = fates.fate(argument.name or "", subject.cls, subject.module, module.environment)
            if fate.kind != fates.MISSPELT or fate.new is None:
                continue
            remedy = Remedy(f"write `{fate.new}` if that is meant")
            if fate.owner == fates.CLOSE and subject.call.keyword(fate.new) is None:
                renamed = argument_fixes.rename(module, subject, argument, fate.new)
                remedy = Remedy(
                    f"write `{fate.new}`",
                    Applicability.UNSAFE if renamed.edits else Applicability.DISPLAY,
                    renamed.edits,
                    renamed.right_in,
                )
            why = "No release known has it."
            yield refused(module, subject, argument, fate, f" (did you mean `{fate.new}`?)", (why,), (remedy,))
