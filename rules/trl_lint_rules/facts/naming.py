"""Which names TRL's modules provide in which release, and where a class or function is to be imported from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from trl_lint.model.release import Release
from trl_lint_rules.facts import store

_FILES = ("trl/names.json", "trl/submodules.json")  # packages first: the second file is large and seldom needed


class Home(NamedTuple):
    """From which module a name is best imported, in a stretch of releases (until None: to the newest known)."""

    module: str
    since: Release
    until: Release | None


def _group(module: str) -> Mapping[str, store.Spans] | None:
    for path in _FILES:
        group = store.load(path).get(module)
        if group is not None:
            return group
    return None


def names(module: str, trl: Release) -> frozenset[str] | None:
    """The public names that `module` provides; None where this release has no such module.

    Submodules are not among them: ask for `names("trl.trainer", ...)` itself.
    """
    return _names(module, store.index("trl", trl))


@lru_cache(maxsize=512)
def _names(module: str, place: int) -> frozenset[str] | None:
    group = _group(module)
    if group is None or not store.span_at(group[""], place):
        return None
    return frozenset(store.keys_at(group, place))


def where(name: str, trl: Release) -> str | None:
    """The module that a class or function is best imported from (`trl`, `trl.experimental.orpo` ...)."""
    spans = store.load("trl/homes.json")["homes"].get(name, [])
    home = store.value_at(spans, store.index("trl", trl))
    return home if isinstance(home, str) else None


def name_timeline(name: str) -> tuple[Home, ...]:
    """Where a class or function of TRL was at home, oldest first; empty for a name that never was."""
    spans = store.load("trl/homes.json")["homes"].get(name, [])
    return tuple(Home(store.value_of(span), *store.bounds("trl", span)) for span in spans)


def provided(module: str, name: str) -> tuple[tuple[Release, Release | None], ...]:
    """When `module` provided `name`: first and last release of each stretch (None: to the newest known)."""
    spans = (_group(module) or {}).get(name, [])
    return tuple(store.bounds("trl", span) for span in spans)


class Deprecated(NamedTuple):
    """That the use of a name warns in any case, since which release, and the words."""

    since: Release
    note: str


def deprecated_name(module: str, name: str, trl: Release) -> Deprecated | None:
    """Whether using `name`, imported from the package `module`, warns in this release (a class: when it is made)."""
    place = store.index("trl", trl)
    spans = store.load("trl/deprecated_names.json").get(module, {}).get(name, [])
    span = store.span_at(spans, place)
    if span is None:
        return None
    whole = store.presence_at(spans, place)
    return Deprecated(store.bounds("trl", whole)[0], store.value_of(span))
