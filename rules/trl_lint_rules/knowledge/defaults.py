"""What a config argument is worth: what the code gives, else what the class of this release fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from trl_lint.api import ABSENT, UNKNOWN, Origin, RunView, Symbol
from trl_lint_rules import facts

# `evaluation_strategy` overrules `eval_strategy` where both exist.
_OLD_STRATEGY: Final = "evaluation_strategy"
_STRATEGIES: Final = ("IntervalStrategy", "EvaluationStrategy", "SaveStrategy")


def module_of(run: RunView) -> str | None:
    """The module that the code takes the config class from; None for the package itself, or where no call is seen."""
    call = run.run.config_call
    if call is None or call.bases or call.root != "trl":
        return None
    module = call.callee.rpartition(".")[0]
    return None if module in ("", "trl") else module


def fields(run: RunView) -> Mapping[str, facts.Field] | None:
    """The fields of the run's config class in these releases; None: this release has no such class."""
    config = run.run.config
    if config is None:
        return None
    if config.endswith("TrainingArguments"):
        return facts.training_arguments(run.transformers)
    return run.once(
        ("config fields", config), lambda: facts.config_fields(config, run.trl, run.transformers, module_of(run))
    )


def is_training_arguments(run: RunView) -> bool:
    """Whether the config class is `TrainingArguments` or takes its fields."""
    config = run.run.config
    if config is None:
        return False
    return config.endswith("TrainingArguments") or facts.inherits_training_arguments(config, run.trl, module_of(run))


def value(run: RunView, name: str) -> Any:
    """The value of the argument `name`: that of the code, else the default of this release.

    ABSENT where the class has no such field, UNKNOWN where the value cannot be told.
    """
    given = run.setting(name)
    if given is not ABSENT:
        return given
    known = (fields(run) or {}).get(name)
    if known is None:
        return ABSENT
    default = known.default
    return UNKNOWN if isinstance(default, facts.Source) or default is facts.REQUIRED else default


def made_with(run: RunView, name: str) -> Any:
    """As `value`, at the moment when the config object is made: what is assigned to it afterwards comes too late."""
    setting = run.given(name)
    if setting is not None and setting.origin is Origin.ASSIGNED:
        return UNKNOWN
    return value(run, name)


def number(run: RunView, name: str) -> int | float | None:
    """`made_with` where that is a number; None for anything else, None itself included."""
    found = made_with(run, name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def whole(run: RunView, name: str) -> int | None:
    """`made_with` where that is an integer; None for anything else, None itself included."""
    found = number(run, name)
    return found if isinstance(found, int) else None


def strategy(run: RunView, name: str) -> str | None:
    """The value of `eval_strategy`, `save_strategy` or `logging_strategy` as its plain name; None: not known."""
    if name == "eval_strategy":
        older = made_with(run, _OLD_STRATEGY)
        if older is not ABSENT and older is not None:
            return _plain(older)
    return _plain(made_with(run, name))


def _plain(found: Any) -> str | None:
    if isinstance(found, str):
        return found
    if isinstance(found, Symbol) and found.name.split(".")[-2:-1] and found.name.split(".")[-2] in _STRATEGIES:
        return found.last.lower()
    return None


def is_set(run: RunView, name: str) -> bool | None:
    """Whether the argument is given a value other than None; None: that cannot be told."""
    found = made_with(run, name)
    if found is UNKNOWN:
        return None
    return found is not None and found is not ABSENT


def shown(found: Any) -> str:
    """A value as a message spells it."""
    return f'"{found}"' if isinstance(found, str) else repr(found)
