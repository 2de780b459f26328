"""An argument that still works, and warns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trl_lint.api import (
    Argument,
    Environment,
    Known,
    ModuleRule,
    ModuleView,
    Release,
    Remedy,
    Severity,
    Stage,
    Verdict,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge import argument_fixes, calls
from trl_lint_rules.knowledge.argument_words import doubts, owner_in_words, short, title
from trl_lint_rules.knowledge.calls import TRAINER, Subject
from trl_lint_rules.knowledge.renames import renames_of

# What a config takes as ever and only the trainer warns of: class, argument, since, and what happens.
_BY_TRAINER: Final = {
    ("SFTConfig", "label_smoothing_factor"): (
        Release(1, 15),
        "SFTTrainer warns since TRL 1.15: label smoothing needs all logits, so each step takes an extra forward pass, "
        "and it is to go in TRL 2.0.",
    ),
}


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
    by_trainer = _BY_TRAINER.get((subject.cls, argument.name or ""))
    if by_trainer is not None and environment.trl >= by_trainer[0] and not _is_zero(argument):
        return "trl", by_trainer[1]
    takes = calls.known(subject.cls, subject.module, environment)
    found = takes.names.get(argument.name or "") if takes is not None else None
    if isinstance(found, facts.Field):
        if found.deprecated_since is None or found.package == "peft" or _is_default(argument, found.default):
            return None
        return found.package, f"{title(found.package)} warns since {short(found.deprecated_since)}: {found.note}"
    if isinstance(found, facts.Renamed):
        last = f" up to TRL {short(found.until)}" if found.until is not None else ""
        return "trl", f"It is called `{found.new}`; the old name is taken{last}, with a warning."
    if isinstance(found, facts.Parameter) and found.deprecated and not _is_default(argument, found.default):
        if found.note:
            return "trl", f"TRL warns: {found.note}"
        return "trl", f"TRL takes it from the config instead, and warns when `{subject.cls}` gets it."
    return None


def _still(subject: Subject, argument: Argument, newest: Environment) -> bool:
    """Whether today's installation warns too: where it refuses the argument, another rule says so."""
    return _words(subject, argument, newest) is not None


def _is_default(argument: Argument, default: object) -> bool:
    value = argument.value
    return isinstance(value, Known) and value.value == default and type(value.value) is type(default)


def _is_zero(argument: Argument) -> bool:
    return isinstance(argument.value, Known) and argument.value.value in (0, None)


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
