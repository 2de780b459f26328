"""What Unsloth does to the classes of TRL in a module that imports it.

Importing `unsloth` puts subclasses in the place of TRL's configs and trainers, and wraps the trainers' constructors
(the facts say how, by release). What was imported from `trl` before that is TRL's own, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from trl_lint.api import Argument, Call, Module, Release, Target
from trl_lint_rules import facts

PACKAGE: Final = "unsloth"

WRAPPED_SINCE: Final = Release(0, 13)  # the TRL from which on the wrapper of the trainers moves arguments


class Profile(NamedTuple):
    """A release of Unsloth, and what it does to TRL's classes."""

    release: Release
    patches: facts.Patches


def profile(module: Module, target: Target) -> Profile | None:
    """The profile of `module`; None where Unsloth does not patch it, or where that is not plain to see."""
    if target.unsloth is None or not patched_in_time(module):
        return None
    return Profile(target.unsloth.newest, facts.unsloth_patches(target.unsloth.newest))


def patched_in_time(module: Module) -> bool:
    """Whether the module itself imports Unsloth before it imports TRL."""
    first = min((item.span.start for item in module.imports if _root(item.name) == PACKAGE), default=None)
    if first is None or "trl" in module.packages:  # another module of the project may import TRL first
        return False
    return all(item.span.start > first for item in module.imports if _root(item.name) == "trl")


def _root(name: str) -> str:
    return name.partition(".")[0]


def config_names(found: Profile, names: Mapping[str, object]) -> Mapping[str, object]:
    """What a config of Unsloth's takes, where TRL's own takes `names`."""
    patches = found.patches
    moved = (old for old, new in patches.renamed.items() if new in names)
    return {**names, **_marked(patches.fields), **_marked(moved), **_marked(patches.retired)}


def trainer_names(
    found: Profile, names: Mapping[str, object], config: Mapping[str, object] | None, call: Call, trl: Release
) -> Mapping[str, object]:
    """What a trainer of Unsloth's takes without a TypeError, where TRL's own takes `names` and its config `config`."""
    own = {**names, "tokenizer": None}
    if not is_wrapped(call, trl) or found.patches.trainer == "left":
        return own
    taken = {**own, **(config_names(found, config) if config is not None else {})}
    if config is None or found.patches.trainer_drops_unknown:
        taken |= _marked(argument.name for argument in call.arguments if argument.name is not None)
    return taken


def is_wrapped(call: Call, trl: Release) -> bool:
    """Whether the wrapper sorts the arguments of this call: it does where the config is passed by name."""
    return trl >= WRAPPED_SINCE and call.keyword("args") is not None


def dropped(found: Profile, names: Iterable[str], call: Call, trl: Release) -> tuple[Argument, ...]:
    """The arguments of a trainer that are thrown away without a word; `names` are those of TRL's own trainer."""
    if found.patches.trainer != "dropped" or not is_wrapped(call, trl):
        return ()
    own = {*names, "tokenizer"}
    return tuple(argument for argument in call.arguments if argument.name is not None and argument.name not in own)


def _marked(names: Iterable[str]) -> dict[str, object]:
    return dict.fromkeys(names)
