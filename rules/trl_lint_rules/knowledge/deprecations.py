"""Arguments that a release still takes, with a warning."""

from __future__ import annotations

from typing import Final

from trl_lint.api import Known, Release, Value
from trl_lint_rules import facts
from trl_lint_rules.knowledge.argument_words import short, title

# What a config takes as ever and only the trainer warns of: class, argument, since, and what happens.
_BY_TRAINER: Final = {
    ("SFTConfig", "label_smoothing_factor"): (
        Release(1, 15),
        "SFTTrainer warns since TRL 1.15: label smoothing needs all logits, so each step takes an extra forward pass, "
        "and it is to go in TRL 2.0.",
    ),
}


def sentence(found: object, cls: str, name: str, value: Value, trl: Release) -> tuple[str, str] | None:
    """Package and sentence of the deprecation of an argument; None where this release does not warn of this value.
    `found` is what the facts have of the argument: a field, a parameter, or an old name."""
    by_trainer = _BY_TRAINER.get((cls, name))
    if by_trainer is not None and trl >= by_trainer[0] and not _is(value, 0, 0.0, None):
        return "trl", by_trainer[1]
    if isinstance(found, facts.Field):
        if found.deprecated_since is None or found.package == "peft" or _is(value, found.default):
            return None
        return found.package, f"{title(found.package)} warns since {short(found.deprecated_since)}: {found.note}"
    if isinstance(found, facts.Renamed):
        last = f" up to TRL {short(found.until)}" if found.until is not None else ""
        return "trl", f"It is called `{found.new}`; the old name is taken{last}, with a warning."
    if isinstance(found, facts.Parameter) and found.deprecated and not _is(value, found.default):
        if found.note:
            return "trl", f"TRL warns: {found.note}"
        return "trl", f"TRL takes it from the config instead, and warns when `{cls}` gets it."
    return None


def _is(value: Value, *defaults: object) -> bool:
    """Whether the value is known to be one of these, of the same type."""
    if not isinstance(value, Known):
        return False
    return any(value.value == default and type(value.value) is type(default) for default in defaults)
