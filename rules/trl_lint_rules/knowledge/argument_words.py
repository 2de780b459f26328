"""How findings on arguments are worded, and what makes them doubtful."""

from __future__ import annotations

from collections.abc import Sequence

from trl_lint.api import Argument, ModuleView, Release, Remedy, Severity, Stage, Verdict
from trl_lint_rules.knowledge.calls import ADAPTER, TRAINER, Subject
from trl_lint_rules.knowledge.fates import Fate

ASSUMED = "nothing pins transformers; the newest that TRL allows is assumed"


def refused(
    view: ModuleView,
    subject: Subject,
    argument: Argument,
    fate: Fate,
    tail: str,
    why: Sequence[str],
    remedies: Sequence[Remedy] = (),
) -> Verdict:
    """The verdict that the class does not take this argument. `tail` completes "... has no argument `x`"."""
    name = argument.name or ""
    happens = f"It is a TypeError when `{subject.cls}` is called."
    stage = Stage.TRAINER_INIT if subject.takes.kind == TRAINER else Stage.CONFIG
    if subject.dropped_by is not None:
        happens = f"{subject.dropped_by} prints a line and makes `{subject.cls}` without it."
        stage = Stage.SILENT
    return Verdict(
        f"{subject.cls}.{name} {fate.new}",
        argument.span,
        f"{owner_in_words(subject.cls, fate.package)} has no argument `{name}`{tail}",
        Severity.ERROR if subject.dropped_by is None else Severity.WARNING,
        stage,
        why=(happens, *why),
        remedies=tuple(remedies),
        doubts=doubts(view, argument, fate.package),
    )


def owner_in_words(cls: str, package: str) -> str:
    """The class and the release that decides."""
    if package == "transformers":
        return f"{cls} with {{transformers}}"
    return f"{cls} of any known PEFT release" if package == "peft" else f"{cls} of {{trl}}"


def doubts(view: ModuleView, argument: Argument, package: str) -> tuple[str, ...]:
    """Why a verdict on this argument is not certain."""
    found = [f"`{argument.name}` is given on some paths only"] if argument.optional else []
    if package == "transformers" and view.target.transformers.assumed:
        found.append(ASSUMED)
    return tuple(found)


def title(package: str) -> str:
    """The package as people write it."""
    return {"trl": "TRL", "peft": "PEFT"}.get(package, package)


def had_until(fate: Fate, name: str) -> tuple[str, ...]:
    """One sentence on the last release that took the argument."""
    if fate.until is None:
        return ()
    return (f"{title(fate.package)} {short(fate.until)} is the last release that takes `{name}`.",)


def short(release: Release) -> str:
    """`0.20` for 0.20.0, `0.16.1` as it is."""
    return f"{release.major}.{release.minor}" if release.micro == 0 else str(release)


def is_adapter(subject: Subject) -> bool:
    """Whether the call is of a class of PEFT."""
    return subject.takes.kind == ADAPTER
