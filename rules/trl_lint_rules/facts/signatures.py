"""What trainers, callbacks and collators take when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from trl_lint.model.release import Release
from trl_lint_rules.facts import naming, store
from trl_lint_rules.facts.fields import Default, decode, group_at


class Parameter(NamedTuple):
    """One parameter of `__init__`.

    `position` counts from 0 without `self`; None: by keyword only. `since` and `until` (None: the newest known
    has it) bound the stretch of releases that have it without a break. `deprecated` says that a warning comes
    when it is given; `note` holds its words, where it is not a decorator's.
    """

    name: str
    position: int | None
    default: Default
    since: Release
    until: Release | None
    annotation: str = ""
    deprecated: bool = False
    note: str = ""


class Renamed(NamedTuple):
    """A parameter's older name that a decorator still takes; `until` is the last release that does."""

    new: str
    until: Release | None


_NOTHING: Mapping[str, Renamed] = {}


class Signature(NamedTuple):
    """The parameters of a class; `open` says that `**kwargs` takes any other keyword."""

    parameters: Mapping[str, Parameter]
    open: bool = False
    renamed: Mapping[str, Renamed] = _NOTHING


def signature(cls: str, trl: Release, module: str | None = None) -> Signature | None:
    """What a trainer, callback, collator or judge of TRL takes; None: not such a class of this release.

    `module` is where the code imports it from (None: `trl`).
    """
    where = module or "trl"
    if cls not in (naming.names(where, trl) or ()):
        return None
    return _signature(cls, store.index("trl", trl), where)


def parameters(cls: str, trl: Release, module: str | None = None) -> Mapping[str, Parameter] | None:
    """The parameters alone, in order; None as for `signature`."""
    found = signature(cls, trl, module)
    return None if found is None else found.parameters


@lru_cache(maxsize=128)
def _signature(cls: str, place: int, module: str) -> Signature | None:
    group = group_at("trl/trainers", cls, place, module)
    if group is None:
        return None
    found: dict[str, Parameter] = {}
    for name in store.keys_at(group, place):
        found[name] = _parameter(name, group[name], place, len(found))
    about = store.value_at(group[""], place)
    renamed = {old: Renamed(new, _renamed_until(group[""], old, place)) for old, new in about["renamed"].items()}
    return Signature(found, about["open"], renamed)


def _parameter(name: str, spans: store.Spans, place: int, position: int) -> Parameter:
    record: dict[str, Any] = store.value_at(spans, place)
    whole = store.presence_at(spans, place)
    since, until = store.bounds("trl", whole)
    return Parameter(
        name=name,
        position=None if "k" in record else position,
        default=decode(record["d"]),
        since=since,
        until=until,
        annotation=record.get("t", ""),
        deprecated="x" in record,
        note="" if record.get("x", 1) == 1 else record["x"],
    )


def _renamed_until(spans: store.Spans, old: str, place: int) -> Release | None:
    holding = [span for span in spans if span[0] >= 0 and old in store.value_of(span)["renamed"]]
    last = max((span for span in holding if span[1] is None or span[1] >= place), key=lambda span: span[0])
    return store.bounds("trl", last)[1]


def parameter_timeline(cls: str) -> Mapping[str, tuple[tuple[Release, Release | None], ...]]:
    """When a class had each parameter: first and last release of each stretch (None: to the newest known)."""
    group = store.of_class("trl/trainers", cls).get("main", {})
    return {
        name: tuple(store.bounds("trl", span) for span in store.presence(spans))
        for name, spans in group.items()
        if name not in ("", store.ORDER)
    }
