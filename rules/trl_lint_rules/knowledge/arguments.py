"""What a trainer is called with, by name, wherever the code puts it."""

from __future__ import annotations

from typing import Any

from trl_lint.api import ABSENT, UNKNOWN, Argument, How, Instance, RunView, Span
from trl_lint_rules import facts
from trl_lint_rules.sft import trainer_place


def _find(run: RunView, name: str) -> Argument | None:
    """The argument of the trainer's call: by keyword, or by its position in this release's signature."""
    call = run.run.trainer_call
    if call is None:
        return None
    found = call.keyword(name)
    if found is not None or call.bases:
        return found
    given = list(call.positional())
    known = facts.parameters(run.run.trainer or "", run.trl) if given else None
    position = known[name].position if known is not None and name in known else None
    return given[position] if position is not None and position < len(given) else None


def value(run: RunView, name: str) -> Any:
    """The value of the trainer's argument, ABSENT where it is not given, UNKNOWN where that cannot be told."""
    found = _find(run, name)
    if found is not None:
        if found.optional:
            run.weaken(f"`{name}` is given on some paths only")
        return run.plain(found.value)
    call = run.run.trainer_call
    return ABSENT if call is not None and call.open is None and not call.bases else UNKNOWN


def place(run: RunView, name: str) -> Span:
    """Where the argument stands, else the trainer."""
    found = _find(run, name)
    return found.span if found is not None else trainer_place(run)


def instance(run: RunView, name: str) -> Instance | None:
    """The object that is passed, where it is known how the code made it."""
    found = value(run, name)
    return found if isinstance(found, Instance) else None


def adapter_config(run: RunView) -> bool:
    """Whether a `peft_config` is known to be passed."""
    made = instance(run, "peft_config")
    return made is not None and made.callee.startswith("peft.") and made.callee.endswith("Config")


def adapted(run: RunView) -> bool:
    """Whether the model that the trainer gets is known to carry an adapter already."""
    return run.run.model.adapted


def loaded(run: RunView) -> bool:
    """Whether the trainer is known to get a model object, not a name."""
    return run.run.model.how in (How.LOADED, How.MADE)
