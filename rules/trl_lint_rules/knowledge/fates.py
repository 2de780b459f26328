"""Why a release does not take an argument: renamed, in the wrong call, gone, not there yet, misspelt, or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from trl_lint.api import Environment, Release
from trl_lint_rules import facts
from trl_lint_rules.knowledge.calls import ADAPTER, CONFIG, TRAINER, known
from trl_lint_rules.knowledge.renames import MEANT, Rename, older_names, renames_of

RENAMED: Final = "renamed"
MISPLACED: Final = "misplaced"
TOO_NEW: Final = "too new"
GONE: Final = "gone"
MISSPELT: Final = "misspelt"
CLOSE: Final = "close"  # the owner of a misspelt name that only one resembles
UNKNOWN: Final = "unknown"

_CLOSE = 0.8  # `max_lenght` and `max_length` are at 0.9, `eval_steps` and `save_steps` at 0.7


class Fate(NamedTuple):
    """`package` is the one whose release decides. `since`, `until`: when the class took the argument (`since` is in
    the future where it is too new). `new`: the name to use, of the class `owner`. `row`: the rename."""

    kind: str
    package: str = "trl"
    since: Release | None = None
    until: Release | None = None
    new: str | None = None
    owner: str | None = None
    row: Rename | None = None


class _Life(NamedTuple):
    package: str
    since: Release
    until: Release | None


@lru_cache(maxsize=1024)
def fate(name: str, cls: str, module: str, environment: Environment) -> Fate:
    """Why `cls` of this environment does not take `name`. Only for a name that it does not take."""
    takes = known(cls, module, environment)
    assert takes is not None
    if takes.kind == ADAPTER:
        return _never(name, takes.names, UNKNOWN, "peft")
    lives = list(_lives(name, cls, takes.inherits))
    past = [life for life in lives if _before(life, environment)]
    future = [life for life in lives if _after(life, environment)]
    last = past[-1] if past else None
    for row in renames_of(name, cls):
        if row.new in takes.names and past:
            return Fate(
                RENAMED, last.package if last else "trl", until=last.until if last else None, new=row.new, row=row
            )
    if takes.kind == TRAINER or past or not future:
        placed = _elsewhere(name, cls, module, takes.kind, environment)
        if placed is not None:
            return placed._replace(until=last.until if last else None)
    if future and not past:
        first = future[0]
        alias = next((old for old in older_names(name, cls) if old in takes.names), None)
        return Fate(TOO_NEW, first.package, since=first.since, new=alias)
    if past and last is not None:
        return Fate(GONE, last.package, past[0].since, last.until)
    return _never(name, takes.names, UNKNOWN, "trl")


def _never(name: str, names: Iterable[str], kind: str, package: str) -> Fate:
    from difflib import get_close_matches  # slow to import, and seldom needed

    listed = list(names)
    meant = next((new for new in MEANT.get(name, ()) if new in listed), None)
    if meant is not None:
        return Fate(MISSPELT, package, new=meant)
    close = get_close_matches(name, listed, 2, _CLOSE)
    if close and (len(close) == 1 or close[0].replace("_", "") == name.replace("_", "").lower()):
        return Fate(MISSPELT, package, new=close[0], owner=CLOSE)
    if close:
        return Fate(MISSPELT, package, new=close[0])
    return Fate(kind, package)


def _lives(name: str, cls: str, inherits: bool) -> Iterable[_Life]:
    """When the class took the argument, oldest first."""
    if cls != "TrainingArguments":
        for since, until in _own(name, cls):
            yield _Life("trl", since, until)
    if inherits:
        for since, until in facts.presence("TrainingArguments", name, "transformers"):
            yield _Life("transformers", since, until)


def _own(name: str, cls: str) -> Iterable[tuple[Release, Release | None]]:
    stretches = facts.presence(cls, name) or facts.parameter_timeline(cls).get(name, ())
    for since, until in stretches:
        yield since, _taken_until(name, cls, until) if until is not None else None


def _taken_until(name: str, cls: str, until: Release) -> Release:
    """`until`, or the last later release in which a decorator still took the old name."""
    for release in facts.releases("trl"):
        if release > until:
            found = facts.signature(cls, release)
            if found is None or name not in found.renamed:
                break
            until = release
    return until


def _before(life: _Life, environment: Environment) -> bool:
    release = environment.transformers if life.package == "transformers" else environment.trl
    return life.until is not None and life.until < release


def _after(life: _Life, environment: Environment) -> bool:
    release = environment.transformers if life.package == "transformers" else environment.trl
    return life.since > release


def _elsewhere(name: str, cls: str, module: str, kind: str, environment: Environment) -> Fate | None:
    """The class of the same run that takes this argument."""
    if kind == TRAINER:
        owner = config_of(cls)
        config = known(owner, module, environment)
        if config is None or config.kind != CONFIG:
            return None
        for new in (name, *(row.new for row in renames_of(name, owner)), *older_names(name, owner)):
            if new in config.names:
                return Fate(MISPLACED, new=new, owner=owner)
        return None
    if kind != CONFIG or not cls.endswith("Config") or cls == "ModelConfig":
        return None
    trainer = cls.removesuffix("Config") + "Trainer"
    taking = known(trainer, module, environment)
    if taking is not None and taking.kind == TRAINER and name in taking.names:
        return Fate(MISPLACED, new=name, owner=trainer)
    for other in ("ModelConfig", "ScriptArguments"):
        fields = known(other, "trl", environment)
        if fields is not None and name in fields.names:
            return Fate(MISPLACED, new=name, owner=other)
    return None


def config_of(trainer: str) -> str:
    """The config class of a trainer."""
    return trainer.removesuffix("Trainer") + "Config"
