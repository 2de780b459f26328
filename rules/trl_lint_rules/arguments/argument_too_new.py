"""An argument that only newer releases have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trl_lint.api import Applicability, Environment, ModuleRule, ModuleView, Release, Remedy, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, fates
from trl_lint_rules.knowledge.argument_words import refused, short, title
from trl_lint_rules.knowledge.fates import Fate


class ArgumentTooNew(ModuleRule):
    """The class of an older release refuses it with a TypeError."""

    code = "TRL106"
    name = "argument-too-new"
    summary = "an argument that only newer releases of this class have"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            fate = fates.fate(argument.name or "", subject.cls, subject.module, module.environment)
            if fate.kind != fates.TOO_NEW or fate.since is None:
                continue
            called = f": it is called `{fate.new}` there" if fate.new else " yet"
            package = title(fate.package)
            why = f"It came with {package} {short(fate.since)}."
            remedies = [Remedy(f"ask for {package} {short(fate.since)} or newer", right_in=_has(fate, fate.since))]
            if fate.new:
                renamed = argument_fixes.rename(module, subject, argument, fate.new)
                applicability = Applicability.UNSAFE if renamed.edits else Applicability.DISPLAY
                remedies.append(Remedy(renamed.message, applicability, renamed.edits, renamed.right_in))
            yield refused(module, subject, argument, fate, called, (why,), remedies)


def _has(fate: Fate, since: Release) -> Callable[[Environment], bool]:
    def right(environment: Environment) -> bool:
        release = environment.transformers if fate.package == "transformers" else environment.trl
        return release >= since

    return right
