"""The built-in rules and the release facts that they rest on. Imports nothing of the engine but `trl_lint.api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trl_lint.api import (
        ArgumentFacts,
        Change,
        Command,
        Environment,
        ReadRelease,
        ReleaseIndex,
        Run,
        RunView,
        TrainingView,
    )


def release_index() -> ReleaseIndex:
    """The releases that the facts know, for the resolution of targets."""
    from trl_lint.api import ReleaseIndex
    from trl_lint_rules import facts

    return ReleaseIndex(
        known={package: facts.releases(package) for package in ("trl", "transformers", "unsloth")},
        requires=facts.requires,
        patcher_requires=facts.unsloth_requires,
    )


def commands() -> tuple[Command, ...]:
    """The sub-commands of `trl` that train, with the options that any release reads."""
    from trl_lint_rules.knowledge.commands import commands as found

    return found()


def read_facts(paths: Sequence[Path]) -> list[ReadRelease]:
    """The releases in these folders, which belong to the facts of this process from now on.

    Raises ValueError, with the reason, where a folder holds none or one that is not understood.
    """
    from trl_lint_rules.facts.source_tree import lay_over

    return lay_over(paths)


def facts_summary() -> str:
    """The newest releases known, for `trl-lint --version`."""
    from trl_lint_rules import facts

    return (
        f"facts of {facts.known_on()}: trl up to {facts.releases('trl')[-1]}, "
        f"transformers up to {facts.releases('transformers')[-1]}"
    )


def class_fields(dotted: str) -> frozenset[str] | None:
    """The fields that a dataclass of TRL ever had; None for one that takes those of `TrainingArguments` too."""
    from trl_lint_rules import facts

    package, _, cls = dotted.partition(".")
    fields = facts.class_timeline(cls.rpartition(".")[2]) if package == "trl" else {}
    inherits = any(facts.inherits_training_arguments(cls.rpartition(".")[2], trl) for trl in facts.releases("trl"))
    return frozenset(fields) if fields and not inherits else None


def default_changes(run: RunView, new: Environment) -> tuple[Change, ...]:
    """The defaults on which a run relies and that are others in `new`, for `trl-lint upgrade`."""
    from trl_lint_rules import upgrading

    return upgrading.default_changes(run, new)


def lost_settings(run: RunView, new: Environment) -> tuple[Change, ...]:
    """The keys of a recipe that `new` does not take any more, for `trl-lint upgrade`."""
    from trl_lint_rules import upgrading

    return upgrading.lost_settings(run, new)


def behaviour_changes(run: RunView, new: Environment) -> tuple[Change, ...]:
    """What no default tells and `new` does differently with this run, for `trl-lint upgrade`."""
    from trl_lint_rules.knowledge import behaviours

    return behaviours.behaviour_changes(run, new)


def deprecation_codes() -> frozenset[str]:
    """The rules that say that something warns and is to go, for `trl-lint upgrade`."""
    return frozenset({"TRL107", "TRL112", "TRL114", "TRL121"})


def argument_facts(run: Run, name: str, environment: Environment, *, of_trainer: bool) -> ArgumentFacts | None:
    """What is known of an argument of the run's config (or of its trainer) in itself, for an editor's hover."""
    from trl_lint_rules import about

    return about.argument_facts(run, name, environment, of_trainer=of_trainer)


def training_view(run: RunView, count: int) -> TrainingView:
    """What `run` trains on, with up to `count` of its rows, for `trl-lint preview`."""
    from trl_lint_rules.knowledge import training

    return training.training_view(run, count)


def read_templates(paths: Sequence[Path]) -> None:
    """Take the training templates of TRL from the packages in these folders first, for `trl-lint preview`.

    Raises ValueError where a folder holds none.
    """
    from trl_lint_rules.facts.training_templates import give

    give(paths)
