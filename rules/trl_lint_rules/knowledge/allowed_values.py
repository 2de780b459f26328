"""The enumerations of transformers by which `TrainingArguments` checks its arguments when it is made.

Source: `TrainingArguments.__post_init__` of transformers 4.46 to 5.23; the members are in the facts. What TRL
compares itself, later, is in `choices`; choices that a class merely names in an annotation are checked by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trl_lint.api import Release
from trl_lint_rules import facts

_SAVE: Final = "SaveStrategy"
_INTERVAL: Final = "IntervalStrategy"

ENUMERATIONS: Final[Mapping[str, str]] = {
    "eval_strategy": _INTERVAL,
    "evaluation_strategy": _INTERVAL,
    "logging_strategy": _INTERVAL,
    "save_strategy": _SAVE,
    "hub_strategy": "HubStrategy",
    "lr_scheduler_type": "SchedulerType",
    "optim": "OptimizerNames",
}
MAY_BE_NONE: Final = frozenset({"evaluation_strategy"})

# The value that does the same under a newer name. Sources: the deprecation texts of TRL (1.0, 1.15); `adamw_hf` was
# transformers' own implementation of AdamW, gone with 4.50.
SUCCESSORS: Final[Mapping[str, str]] = {
    "bfd-requeue": "bfd_split",
    "chunked_nll": "nll",
    "keep_end": "keep_start",
    "adamw_hf": "adamw_torch",
}
SAME_EFFECT: Final = frozenset({"bfd-requeue", "chunked_nll"})


def members(name: str, transformers: Release) -> tuple[str, ...]:
    """What this release takes for the argument; empty where that is not known."""
    enumeration = ENUMERATIONS[name]
    values = facts.enum_values(enumeration, transformers)
    if enumeration == _SAVE and not values:  # it has an enumeration of its own, with `best`, since 4.47
        values = facts.enum_values(_INTERVAL, transformers)
    return values
