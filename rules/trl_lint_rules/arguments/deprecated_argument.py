"""An argument that still works, and warns."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Argument, Environment, ModuleRule, ModuleView, Remedy, Severity, Stage, Verdict
from trl_lint_rules.knowledge import argument_fixes, calls, deprecations
from trl_lint_rules.knowledge.argument_words import doubts, owner_in_words
from trl_lint_rules.knowledge.calls import TRAINER, Subject
from trl_lint_rules.knowledge.renames import renames_of


class DeprecatedArgument(ModuleRule):
    """Deprecated in the newest allowed release, and announced to go."""

    code = "TRL107"
    name = "deprecated-argument"
    summary = "an argument that warns, and which is to go"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument."""
        for subject in calls.subjects(module):
            for argument in subject.arguments:
                words = _words(subject, argument, module.environment)
                if words is not None and _still(subject, argument, module.target.environments[-1]):
                    yield _verdict(module, subject, argument, words)


def _words(subject: Subject, argument: Argument, environment: Environment) -> tuple[str, str] | None:
    """Package and sentence of the deprecation; None where this release does not warn."""
    name = argument.name or ""
    takes = calls.known(subject.cls, subject.module, environment)
    found = takes.names.get(name) if takes is not None else None
    return deprecations.sentence(found, subject.cls, name, argument.value, environment.trl)


def _still(subject: Subject, argument: Argument, newest: Environment) -> bool:
    """Whether today's installation warns too: where it refuses the argument, another rule says so."""
    return _words(subject, argument, newest) is not None


def _verdict(module: ModuleView, subject: Subject, argument: Argument, words: tuple[str, str]) -> Verdict:
    package, why = words
    name = argument.name or ""
    remedies: tuple[Remedy, ...] = ()
    for row in renames_of(name, subject.cls):
        if row.new in subject.takes.names:
            remedies = (argument_fixes.rename(module, subject, argument, row.new, row),)
            break
    return Verdict(
        f"{subject.cls}.{name}",
        argument.span,
        f"`{name}` of {owner_in_words(subject.cls, package)} is deprecated",
        Severity.INFO,
        Stage.TRAINER_INIT if subject.takes.kind == TRAINER else Stage.CONFIG,
        why=(why,),
        remedies=remedies,
        doubts=doubts(module, argument, package),
    )
