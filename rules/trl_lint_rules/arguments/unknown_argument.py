"""An argument that no release of the class has, and that resembles none that it has."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ModuleRule, ModuleView, Verdict
from trl_lint_rules.knowledge import calls, fates
from trl_lint_rules.knowledge.argument_words import refused


class UnknownArgument(ModuleRule):
    """The classes refuse what they do not have, with a TypeError."""

    code = "TRL101"
    name = "unknown-argument"
    summary = "an argument that no release of this class has"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            fate = fates.fate(argument.name or "", subject.cls, subject.module, module.environment)
            if fate.kind == fates.UNKNOWN:
                why = "No release known has it."
                yield refused(module, subject, argument, fate, "", (why,))
