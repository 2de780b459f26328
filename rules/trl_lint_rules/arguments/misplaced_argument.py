"""An argument that belongs to another call of the same run."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Argument, ModuleRule, ModuleView, Remedy, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, fates
from trl_lint_rules.knowledge.argument_words import had_until, refused


class MisplacedArgument(ModuleRule):
    """What the trainer does not take may be a field of its config, and the other way round."""

    code = "TRL104"
    name = "misplaced-argument"
    summary = "an argument of the trainer that belongs to its config, or the other way round"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject, argument in calls.strangers(module):
            name = argument.name or ""
            fate = fates.fate(name, subject.cls, subject.module, module.environment)
            if fate.kind != fates.MISPLACED or fate.new is None or fate.owner is None:
                continue
            called = "" if fate.new == name else f", called `{fate.new}`"
            tail = f": it belongs to `{fate.owner}`{called}"
            remedy = _remedy(module, subject, argument, fate.owner, fate.new)
            yield refused(module, subject, argument, fate, tail, had_until(fate, name), (remedy,))


def _remedy(module: ModuleView, subject: calls.Subject, argument: Argument, owner: str, new: str) -> Remedy:
    if subject.takes.kind == calls.TRAINER:
        return argument_fixes.move_to_config(module, subject, argument, owner, new)
    if owner == "ModelConfig":
        return Remedy(
            "it is for the command line and the scripts that parse it: give it where the model is loaded, "
            f"or make a `ModelConfig({new}=...)`"
        )
    if owner == "ScriptArguments":
        return Remedy("it is for the command line and the scripts that parse it: give it where the data are loaded")
    return Remedy(f"give it to `{owner}`")
