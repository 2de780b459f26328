"""An argument of the trainer that Unsloth throws away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trl_lint.api import (
    Applicability,
    Argument,
    Call,
    Instance,
    Known,
    ModuleRule,
    ModuleView,
    Remedy,
    Severity,
    Stage,
    Verdict,
    replace,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge import argument_fixes, calls, fates, unsloth
from trl_lint_rules.knowledge.calls import Subject

# What Unsloth takes from the model that it loaded, and what changes nothing but the speed of preparing the data.
_FROM_MODEL: Final = frozenset({"max_seq_length", "max_length"})
_SPEED: Final = frozenset({"dataset_num_proc", "dataset_batch_size"})


class ArgumentDropped(ModuleRule):
    """With a config given as `args`, what the trainer itself does not take was dropped by Unsloth 2025.5 to 2026.7.

    Nothing is said where that is harmless: the value is the one that the config has anyway.
    """

    code = "TRL120"
    name = "argument-dropped"
    summary = "an argument of the trainer that Unsloth drops without a word"

    def check_module(self, module: ModuleView) -> Iterator[Verdict]:
        """One verdict for each such argument that is not what the config says anyway."""
        found = unsloth.profile(module.module, module.target)
        if found is None or found.patches.trainer != "dropped":
            return
        for subject in calls.subjects(module):
            if subject.takes.kind != calls.TRAINER or not subject.cls.endswith("Trainer"):
                continue
            own = facts.parameters(subject.cls, module.trl)
            config = _config_of(subject.call)
            if own is None or config is None:
                continue
            for argument in unsloth.dropped(found, own, subject.call, module.trl):
                if not _harmless(module, subject, config, argument):
                    yield _verdict(module, subject, argument, found)


def _config_of(call: Call) -> Call | None:
    """The call that made the config; None where that is not known: a config of another kind is made anew."""
    args = call.keyword("args")
    value = args.value if args is not None else None
    if isinstance(value, Known) and isinstance(value.value, Instance) and value.value.call is not None:
        made = value.value.call
        return made if made.root in ("trl", "transformers", "unsloth") else None
    return None


def _harmless(module: ModuleView, subject: Subject, config: Call, argument: Argument) -> bool:
    """Whether the run is the same without it, or may be."""
    name = argument.name or ""
    given = argument.value
    if name in _FROM_MODEL:
        return True
    if not isinstance(given, Known):
        return True
    there = config.keyword(name)
    if there is not None:
        return not isinstance(there.value, Known) or there.value.value == given.value
    if config.open is not None:
        return True
    default: Any = _default(module, fates.config_of(subject.cls), name)
    return bool(default == given.value)


def _default(module: ModuleView, config: str, name: str) -> object:
    field = (facts.config_fields(config, module.trl, module.transformers) or {}).get(name)
    return field.default if field is not None else facts.REQUIRED


def _verdict(module: ModuleView, subject: Subject, argument: Argument, found: unsloth.Profile) -> Verdict:
    name = argument.name or ""
    config = fates.config_of(subject.cls)
    field = (facts.config_fields(config, module.trl, module.transformers) or {}).get(name)
    remedy = Remedy(f"take `{name}` out")
    if field is not None:
        remedy = argument_fixes.move_to_config(module, subject, argument, config, name)
        if remedy.applicability is Applicability.SAFE:  # the run is another one then
            remedy = replace(remedy, applicability=Applicability.UNSAFE)
    return Verdict(
        f"{subject.cls}.{name}",
        argument.span,
        f"Unsloth {found.release} drops `{name}` here: {subject.cls} of {{trl}} has no such argument",
        Severity.INFO if name in _SPEED else Severity.WARNING,
        Stage.SILENT,
        why=(
            "Unsloth sorts the arguments of a trainer: what the trainer does not take was meant for its config, but a "
            "config that is given as `args` is left as it is. From Unsloth 2026.8 on it is set there.",
        ),
        remedies=(remedy,),
    )
