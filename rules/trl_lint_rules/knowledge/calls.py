"""The calls of a module whose arguments a release knows: config classes, trainers, callbacks, adapters.

Nothing is said of a class of the project (even one of the same name), of a call behind a test on releases or
signatures, and of a module in which Unsloth patches the trainers in a way that is not plain to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from trl_lint.api import Argument, Call, Environment, Instance, Known, ModuleView, Release
from trl_lint_rules import facts
from trl_lint_rules.knowledge import unsloth

CONFIG: Final = "config"
TRAINER: Final = "trainer"
OTHER: Final = "other"
ADAPTER: Final = "adapter"


class Takes(NamedTuple):
    """What one release's class takes."""

    names: Mapping[str, object]
    kind: str
    inherits: bool = False  # takes the fields of TrainingArguments too


class Subject(NamedTuple):
    """A call whose arguments are judged: `call`, the class that they are for, and what that class takes.

    `dropped_by` is the package that drops what the class does not take with no more than a printed line.
    """

    call: Call
    cls: str
    module: str
    takes: Takes
    arguments: tuple[Argument, ...]
    dropped_by: str | None = None

    @property
    def replaces(self) -> bool:
        """Whether this is `dataclasses.replace` of a config rather than the call of its class."""
        return self.call.callee == "dataclasses.replace"


def unlike_releases(view: ModuleView) -> bool:
    """Whether what a release provides says nothing of the TRL that this module gets: the project carries its own TRL,
    or Unsloth patches it (or does not) in a way that is not plain to see."""
    if view.target.trl.carried:
        return True
    return view.module.imports_package(unsloth.PACKAGE) and unsloth.profile(view.module, view.target) is None


def subjects(view: ModuleView) -> Iterator[Subject]:
    """The calls of the module whose arguments can be judged in its environment."""
    if unlike_releases(view):
        return
    trl = view.module.imports_package("trl")
    patched = unsloth.profile(view.module, view.target)
    for call in view.module.calls:
        if call.guards:
            continue
        found = _made(call)
        if found is None or (found[0] != "trl" and found[0].partition(".")[0] != "trl" and not trl):
            continue
        module, cls = found
        takes = known(cls, module, view.environment)
        if takes is not None:
            own = tuple(a for a in call.arguments if a.name is not None) if _replaces(call) else call.arguments
            subject = Subject(call, cls, module, takes, own)
            yield subject if patched is None else _patched(subject, patched, view.environment)


def _patched(subject: Subject, profile: unsloth.Profile, environment: Environment) -> Subject:
    """`subject` as Unsloth has it."""
    takes = subject.takes
    if subject.module.partition(".")[0] != "trl" or takes.kind not in (CONFIG, TRAINER):
        return subject
    if takes.kind == CONFIG:
        names = unsloth.config_names(profile, takes.names)
        drops = f"Unsloth {profile.release}" if profile.patches.drops_unknown and not subject.replaces else None
        return subject._replace(takes=takes._replace(names=names), dropped_by=drops)
    config = known(subject.cls.removesuffix("Trainer") + "Config", subject.module, environment)
    fields = config.names if config is not None and config.kind == CONFIG else None
    names = unsloth.trainer_names(profile, takes.names, fields, subject.call, environment.trl)
    return subject._replace(takes=takes._replace(names=names))


def _replaces(call: Call) -> bool:
    return call.callee == "dataclasses.replace"


def _made(call: Call) -> tuple[str, str] | None:
    """Module and class of what the call makes."""
    if _replaces(call):
        base = next(call.positional(), None)
        value = base.value if base is not None else None
        if isinstance(value, Known) and isinstance(value.value, Instance) and value.value.call is not None:
            return _made(value.value.call)
        return None
    if call.bases or call.root not in ("trl", "transformers", "peft"):
        return None
    module, _, cls = call.callee.rpartition(".")
    return (module, cls) if module and cls[:1].isupper() else None


def known(cls: str, module: str, environment: Environment) -> Takes | None:
    """What `cls`, imported from `module`, takes in this environment; None where that is not known."""
    root = module.partition(".")[0]
    if root == "transformers":
        if cls != "TrainingArguments":
            return None
        return Takes(facts.training_arguments(environment.transformers), CONFIG, inherits=True)
    if root == "peft":
        return _adapter(cls)
    return _of_trl(cls, module, environment.trl, environment.transformers)


@lru_cache(maxsize=512)
def _of_trl(cls: str, module: str, trl: Release, transformers: Release) -> Takes | None:
    fields = facts.config_fields(cls, trl, transformers, module)
    if fields is not None:
        return Takes(fields, CONFIG, facts.inherits_training_arguments(cls, trl, module))
    found = facts.signature(cls, trl, module)
    if found is None or found.open:
        return None
    names = {**found.parameters, **found.renamed}
    return Takes(names, TRAINER if cls.endswith("Trainer") else OTHER)


@lru_cache(maxsize=16)
def _adapter(cls: str) -> Takes | None:
    """All names that any known PEFT release has: which one is installed is not known."""
    names = facts.class_timeline(cls, "peft") if cls.endswith("Config") else {}
    return Takes(names, ADAPTER) if names else None


def strangers(view: ModuleView) -> Iterator[tuple[Subject, Argument]]:
    """Every argument, by name, that its class does not take in this environment."""
    for subject in subjects(view):
        for argument in subject.arguments:
            if argument.name is not None and argument.name not in subject.takes.names:
                yield subject, argument
