"""Snapshots of many releases folded into timelines, and back without loss.

A timeline is a list of spans `[since, until, value]`: the value held from the release with index `since` to the
one with index `until`, both included; `until` is null up to the newest release. Where the value is 1 (a mere
presence) it is left out. The keys of a group stand in one common order; where a release had another one, the
timeline under `*` holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from trl_lint_rules.facts.extract.snapshot import Group, Snapshot
from trl_lint_rules.facts.extract.values import same

Spans: TypeAlias = "list[list[Any]]"
Groups: TypeAlias = "dict[str, dict[str, Spans]]"
Timelines: TypeAlias = "dict[str, Groups]"

ORDER = "*"


def fold(snapshots: Sequence[Snapshot]) -> Timelines:
    """The timelines of snapshots given oldest release first."""
    folded: Timelines = {}
    for path in sorted({path for snapshot in snapshots for path in snapshot}):
        groups = sorted({group for snapshot in snapshots for group in snapshot.get(path, {})})
        folded[path] = {
            group: _fold_group([snapshot.get(path, {}).get(group, {}) for snapshot in snapshots]) for group in groups
        }
    return folded


def _fold_group(groups: list[Group]) -> dict[str, Spans]:
    order = merged_order(groups)
    folded = {key: _spans([group.get(key, _ABSENT) for group in groups]) for key in order}
    own = [_ABSENT if list(group) == [key for key in order if key in group] else list(group) for group in groups]
    if any(item is not _ABSENT for item in own):
        folded[ORDER] = _spans(own)
    return folded


_ABSENT = object()


def merged_order(groups: Iterable[Iterable[str]]) -> list[str]:
    """All keys in one order: that of the newest group, older keys after the one they stood behind."""
    order: list[str] = []
    for group in reversed([list(group) for group in groups]):
        place = -1
        for key in group:
            if key in order:
                place = order.index(key)
            else:
                place += 1
                order.insert(place, key)
    return order


def _spans(history: list[Any]) -> Spans:
    spans: Spans = []
    previous: Any = _ABSENT
    for index, value in enumerate(history):
        if value is _ABSENT:
            previous = _ABSENT
            continue
        if previous is _ABSENT or not same(previous, value):
            spans.append([index, index, value])
        else:
            spans[-1][1] = index
        previous = value
    last = len(history) - 1
    return [_short(since, None if until == last else until, value) for since, until, value in spans]


def _short(since: int, until: int | None, value: Any) -> list[Any]:
    if value == 1 and value is not True and not isinstance(value, float):
        return [since] if until is None else [since, until]
    return [since, until, value]


def unfold(timelines: Timelines, index: int) -> Snapshot:
    """The snapshot of the release with this index."""
    snapshot: Snapshot = {}
    for path, groups in timelines.items():
        for name, keys in groups.items():
            group = {key: value[0] for key, spans in keys.items() if (value := _at(spans, index))}
            order = group.pop(ORDER, None)
            if group:
                snapshot.setdefault(path, {})[name] = {key: group[key] for key in order} if order else group
    return snapshot


def _at(spans: Spans, index: int) -> list[Any]:
    for span in spans:
        if span[0] <= index and (len(span) < 2 or span[1] is None or index <= span[1]):
            return [span[2] if len(span) > 2 else 1]
    return []
