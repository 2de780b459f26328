"""What the positional arguments of a call are bound to, release by release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from trl_lint.api import Argument, Environment, Instance, Known, ModuleView, Release
from trl_lint_rules import facts
from trl_lint_rules.knowledge import unsloth
from trl_lint_rules.knowledge.calls import TRAINER, Subject, subjects

# Names that one and the same position has had one after the other.
_SAME: Final[Mapping[str, str]] = {"tokenizer": "processing_class", "config": "args", "policy": "model"}


class Bound(NamedTuple):
    """A positional argument of a trainer's call, its place from 0, and the parameter that it is bound to (None: there
    are too few)."""

    subject: Subject
    argument: Argument
    place: int
    parameter: str | None


def bound(view: ModuleView) -> Iterator[Bound]:
    """Every positional argument of the trainers' calls; nothing where `*args` may stand before it, nor where Unsloth
    writes the trainers anew: it leaves out parameters whose default it cannot write down."""
    if view.module.imports_package(unsloth.PACKAGE):
        return
    for subject in subjects(view):
        if subject.takes.kind == TRAINER and subject.call.open is None:
            names = order(subject.cls, subject.module, view.trl)
            for index, argument in enumerate(subject.call.positional()):
                yield Bound(subject, argument, index, names[index] if index < len(names) else None)


def order(cls: str, module: str, trl: Release) -> list[str]:
    """The parameters that a trainer of this release takes by position."""
    found = facts.signature(cls, trl, module)
    return [] if found is None else [p.name for p in found.parameters.values() if p.position is not None]


def same(first: str | None, second: str | None) -> bool:
    """Whether two parameters mean the same, under an older and a newer name."""
    return _SAME.get(first or "", first) == _SAME.get(second or "", second)


def kind(argument: Argument) -> frozenset[str]:
    """The parameters that what is passed here can be meant for, by what it is; empty where that cannot be told."""
    value = argument.value
    if not (isinstance(value, Known) and isinstance(value.value, Instance)):
        return frozenset()
    owner, _, last = value.value.callee.rpartition(".")
    root = value.value.callee.partition(".")[0]
    if root == "peft" and last.endswith("Config"):
        return frozenset({"peft_config"})
    if root in ("trl", "transformers") and (
        last.endswith("TrainingArguments") or (root == "trl" and last.endswith("Config"))
    ):
        return frozenset({"args", "config"})
    maker = owner.rpartition(".")[2]
    if (
        root == "transformers"
        and last == "from_pretrained"
        and maker.endswith(("Tokenizer", "TokenizerFast", "Processor"))
    ):
        return frozenset({"processing_class", "tokenizer"})
    return frozenset()


def meant(subject: Subject, environment: Environment) -> tuple[str, ...] | None:
    """The parameters that the call was written for: those of the newest release, up to this one first, in which what
    can be told of its positional arguments fits."""
    given = list(subject.call.positional())
    kinds = [kind(argument) for argument in given]
    older = [trl for trl in facts.releases("trl") if trl <= environment.trl]
    newer = [trl for trl in facts.releases("trl") if trl > environment.trl]
    for trl in (*reversed(older), *newer):
        names = order(subject.cls, subject.module, trl)
        if len(names) < len(given):
            continue
        if all(not wanted or names[index] in wanted for index, wanted in enumerate(kinds)):
            return tuple(_SAME.get(name, name) for name in names[: len(given)])
    return None
