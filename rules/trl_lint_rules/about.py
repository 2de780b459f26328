"""What the facts say of an argument itself, for an editor's hover."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trl_lint.api import ArgumentFacts, Environment, Release, Run, replace
from trl_lint_rules import facts

_INHERITED = "TrainingArguments"
_TRANSFORMERS = "transformers"


def argument_facts(run: Run, name: str, environment: Environment, *, of_trainer: bool) -> ArgumentFacts | None:
    """What is known of the argument `name` of the run's config class, or of its trainer; None: no release has it."""
    found = _facts(run, name, environment, of_trainer)
    if found is None:
        return None
    from trl_lint_rules.knowledge.meanings import meaning

    release = environment.trl if found.package == "trl" else environment.transformers
    return replace(found, meaning=meaning(found.owner, name, release))


def _facts(run: Run, name: str, environment: Environment, of_trainer: bool) -> ArgumentFacts | None:
    if of_trainer:
        return _of_trainer(run.trainer, name, environment) if run.trainer else None
    config = run.config or (f"{(run.trainer or '').removesuffix('Trainer')}Config")
    if config.endswith(_INHERITED):
        return _of_field(_INHERITED, _TRANSFORMERS, name, facts.training_arguments(environment.transformers).get(name))
    fields = facts.config_fields(config, environment.trl, environment.transformers) or {}
    field = fields.get(name)
    if field is not None:
        owner = config if field.package == "trl" else _INHERITED
        return _of_field(owner, field.package, name, field)
    return _of_field(config, "trl", name, None) or _of_field(_INHERITED, _TRANSFORMERS, name, None)


def _of_field(owner: str, package: str, name: str, field: facts.Field | None) -> ArgumentFacts | None:
    stretches = _stretches(facts.presence(owner, name, package), package)
    if field is None:
        return ArgumentFacts(name, owner, package, False, stretches) if stretches else None
    return ArgumentFacts(
        name,
        owner,
        package,
        True,
        stretches or _stretches([(field.since, field.until)], package),
        _source(field.default),
        tuple(map(_source, field.choices or ())),
        field.annotation,
        field.deprecated_since,
    )


def _of_trainer(trainer: str, name: str, environment: Environment) -> ArgumentFacts | None:
    stretches = _stretches(facts.parameter_timeline(trainer).get(name, ()), "trl")
    found = (facts.parameters(trainer, environment.trl) or {}).get(name)
    if found is None:
        return ArgumentFacts(name, trainer, "trl", False, stretches) if stretches else None
    return ArgumentFacts(name, trainer, "trl", True, stretches, _source(found.default), (), found.annotation)


def _stretches(
    found: Iterable[tuple[Release, Release | None]], package: str
) -> tuple[tuple[Release | None, Release | None], ...]:
    oldest = facts.releases(package)[0]
    return tuple((None if first == oldest else first, last) for first, last in found)


def _source(value: Any) -> str:
    """A default as Python source; empty where there is none."""
    if value is facts.REQUIRED:
        return ""
    return value.text if isinstance(value, facts.Source) else repr(value)
