"""A positional argument that the releases in use bind to another parameter than the code means."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import (
    Applicability,
    Edit,
    Known,
    ModuleRule,
    ModuleView,
    Release,
    Remedy,
    Severity,
    Span,
    Stage,
    Verdict,
)
from trl_lint_rules.knowledge import positions
from trl_lint_rules.knowledge.argument_fixes import taken
from trl_lint_rules.knowledge.calls import Subject
from trl_lint_rules.knowledge.positions import Bound

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class ShiftedPosition(ModuleRule):
    """The order of the trainers' parameters changed several times."""

    code = "TRL115"
    name = "shifted-position"
    summary = "a positional argument that is bound to another parameter than the code means"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each call: at the first argument with which it stops, else at the first that shifted."""
        said: dict[int, Verdict] = {}
        for found in positions.bound(module):
            start = found.subject.call.span.start
            verdict = _judge(module, found)
            if verdict is not None and (start not in said or _RANK[verdict.severity] < _RANK[said[start].severity]):
                said[start] = verdict
        yield from said.values()


def _judge(module: ModuleView, found: Bound) -> Verdict | None:
    place, cls = found.place + 1, found.subject.cls
    if found.parameter is None:
        return _verdict(
            module,
            found,
            "too many",
            f"{cls} of {{trl}} takes {found.place} positional arguments, this is the {_ordinal(place)}",
            Severity.ERROR,
        )
    wanted = positions.kind(found.argument)
    if wanted and found.parameter not in wanted:
        what = "processing_class" if "tokenizer" in wanted else "args" if "args" in wanted else "peft_config"
        message = f"{cls} of {{trl}} binds this to `{found.parameter}`; it is meant as `{what}`"
        return _verdict(module, found, "wrong", message, Severity.ERROR if found.place < 6 else Severity.WARNING)
    return _shifted(module, found)


def _shifted(module: ModuleView, found: Bound) -> Verdict | None:
    """Whether other allowed releases bind it to something else, where what it is does not tell."""
    subject = found.subject
    if found.argument.value == Known(None, found.argument.value.trail):
        return None  # the default of whatever it is bound to
    names: dict[str, Release] = {}
    for environment in module.target.environments:
        order = positions.order(subject.cls, subject.module, environment.trl)
        if found.place < len(order):
            names.setdefault(order[found.place], environment.trl)
    if all(positions.same(name, found.parameter) for name in names):
        return None
    listed = ", ".join(f"`{name}` from TRL {trl}" for name, trl in names.items())
    message = f"what the {_ordinal(found.place + 1)} positional argument of {subject.cls} means depends on the release"
    verdict = _verdict(module, found, "shifted", message, Severity.WARNING)
    return Verdict(
        verdict.case,
        verdict.at,
        verdict.message,
        verdict.severity,
        verdict.stage,
        why=(f"Of the allowed releases it is {listed}.",),
        remedies=verdict.remedies,
    )


def _verdict(module: ModuleView, found: Bound, case: str, message: str, severity: Severity) -> Verdict:
    return Verdict(
        case,
        found.argument.span,
        message,
        severity,
        Stage.TRAINER_INIT,
        why=("The order of the parameters changed between releases; by name they keep their meaning.",),
        remedies=(_remedy(module, found.subject),),
    )


def _remedy(module: ModuleView, subject: Subject) -> Remedy:
    """All positional arguments but the first, by name."""
    message = "pass it by name, and all after it"
    names = positions.meant(subject, module.environment)
    given = list(subject.call.positional())
    if names is None or any(argument.via != "positional" for argument in given):
        return Remedy(message)
    if any(subject.call.keyword(name) is not None for name in names[1:]):
        return Remedy(message)
    edits = tuple(
        Edit(Span(a.span.path, a.span.start, a.span.start), f"{name}=")
        for name, a in list(zip(names, given, strict=True))[1:]
    )
    known = all(taken(subject.cls, subject.module, name)(module.environment) for name in names[1:])
    applicability = Applicability.UNSAFE if known and edits else Applicability.DISPLAY
    return Remedy("pass all but the first by name", applicability, edits if known else ())


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
