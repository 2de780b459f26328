"""What a release of Unsloth makes of TRL's configs and trainers, and which releases of TRL it goes with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from trl_lint.model.release import Release
from trl_lint_rules.facts import store

_PACKAGE = "unsloth"


class Patches(NamedTuple):
    """`fields` are added to every config, `arguments` to `UnslothTrainingArguments`. `renamed` and `retired` are old
    arguments that the configs still take, for a new name or for nothing.

    `drops_unknown`: what no field of a config takes is dropped with a printed line; else it is a TypeError. `trainer`
    says what becomes of a config's argument given to the trainer beside `args`: `left` to the trainer, `rebuilt` (a
    new config is made with it), `dropped` without a word, or `kept` (set on the config); `trainer_drops_unknown`
    says so of an argument that nobody knows.
    """

    fields: frozenset[str]
    arguments: frozenset[str]
    renamed: Mapping[str, str]
    retired: frozenset[str]
    drops_unknown: bool
    trainer: str
    trainer_drops_unknown: bool


class Preparation(NamedTuple):
    """What Unsloth's own preparation of SFT rows knows: rows with `messages` or with `prompt` and `completion` (else
    they need a formatting function), and `assistant_only_loss` (else it is ignored)."""

    messages: bool
    prompt_completion: bool
    assistant_only_loss: bool


def unsloth_requires(unsloth: Release) -> Mapping[str, str]:
    """PEP 440 specifiers of what this release needs, as `requires` has them for TRL."""
    return _values("requires.json", "requires", store.index(_PACKAGE, unsloth))


def unsloth_patches(unsloth: Release) -> Patches:
    """What this release does to TRL's classes."""
    return _patches(store.index(_PACKAGE, unsloth))


@cache
def _patches(place: int) -> Patches:
    handling = _values("patches.json", "handling", place)
    return Patches(
        frozenset(_values("patches.json", "config", place)),
        frozenset(_values("patches.json", "arguments", place)),
        _values("patches.json", "renamed", place),
        frozenset(_values("patches.json", "retired", place)),
        handling["config"] == "filtered",
        handling["trainer"],
        handling["unknown"] == "dropped",
    )


def _values(file: str, name: str, place: int) -> dict[str, Any]:
    group = store.load(f"{_PACKAGE}/{file}").get(name, {})
    return {key: store.value_at(group[key], place) for key in store.keys_at(group, place)}


def preparations(unsloth: Release) -> tuple[Preparation, ...]:
    """The preparations that an installation of this release may have, oldest first: `unsloth_zoo` holds them, and any
    release of it will do from the one on that Unsloth asks for. Empty where one of these leaves the rows to TRL."""
    wanted = unsloth_requires(unsloth).get("unsloth-zoo", "")
    floor = Release.parse(wanted[2:]) if wanted.startswith(">=") and "," not in wanted else Release(0, 0)
    known = store.releases("unsloth_zoo")
    first = min(store.index("unsloth_zoo", floor), len(known) - 1)
    found = [_preparation(place) for place in range(first, len(known))]
    return () if None in found else tuple(dict.fromkeys(each for each in found if each is not None))


@cache
def _preparation(place: int) -> Preparation | None:
    group = store.load("unsloth_zoo/preparation.json").get("prepare", {})
    if store.span_at(group.get("", []), place) is None:
        return None
    keys = store.keys_at(group, place)
    return Preparation(*(name in keys for name in Preparation._fields))
