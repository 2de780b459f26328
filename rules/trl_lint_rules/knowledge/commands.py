"""The sub-commands of `trl` that train: which trainer each makes, and how its parser reads each option.

`transformers.HfArgumentParser` makes an option of each field of the command's dataclasses, by its annotation.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from trl_lint.api import Command
from trl_lint_rules import facts

_OPTIONAL: Final = re.compile(r"\s*\|\s*None\b|\bNone\s*\|\s*")
_SUPPRESSED: Final = re.compile(r"Suppress\[(.*)\]")
_SCALARS: Final = ("int", "float", "str")


@cache
def commands() -> tuple[Command, ...]:
    """Every command of any release; of what changed the newest."""
    trainers: dict[str, str] = {}
    classes: dict[str, dict[str, None]] = {}
    modules: dict[str, dict[str, None]] = {}
    for release in reversed(facts.releases("trl")):
        for name, command in facts.cli(release).items():
            if command.trainer is not None:
                trainers.setdefault(name, command.trainer)
                classes.setdefault(name, {}).update(dict.fromkeys(cls for cls, _ in command.dataclasses))
                modules.setdefault(name, {})[command.script] = None
    return tuple(
        Command(name, trainer, _fields(tuple(classes[name])), tuple(modules[name]))
        for name, trainer in trainers.items()
    )


def _fields(classes: tuple[str, ...]) -> dict[str, str]:
    found = {name: kind(text) for name, text in facts.annotated("TrainingArguments", "transformers").items()}
    for cls in reversed(classes):
        found |= {name: kind(text) for name, text in facts.annotated(cls).items()}
    return found


@cache
def kind(annotation: str) -> str:
    """What `HfArgumentParser` reads the option of a field with this annotation as (see `Command.fields`)."""
    bare = _OPTIONAL.sub("", _SUPPRESSED.sub(r"\1", annotation)).strip()
    optional = bare != annotation
    if bare == "bool":
        return "bool or none" if optional else "bool"
    if bare in _SCALARS:
        return bare
    if bare.startswith("list[") and bare.endswith("]") and bare[5:-1] in _SCALARS:
        return f"list of {bare[5:-1]}"
    parts = [part.strip() for part in bare.split(" | ")]
    if "str" in parts and parts[0].startswith("dict"):
        return "dict"
    if bare.startswith("Literal[") or (len(parts) == 2 and parts[1] == "str" and parts[0][:1].isupper()):
        return "str"
    return "other"
