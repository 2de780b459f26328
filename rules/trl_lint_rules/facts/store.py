"""The shipped facts as files of timelines, loaded one at a time and looked up by release.

A file holds groups of keys; each key has spans `[since, until, value]` of release indices, as
`extract/timeline.py` folds them. A release that the facts do not know is judged by the newest known one
before it. Releases that were read from a source tree lie over the shipped ones, for the whole process.
"""

from __future__ import annotations

import json
import os
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from trl_lint.model.release import Release

if TYPE_CHECKING:
    from trl_lint_rules.facts.extract.layer import Layer

Spans: TypeAlias = "list[list[Any]]"
Groups: TypeAlias = "Mapping[str, Mapping[str, Spans]]"

_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")  # noqa: PTH118, PTH120, PTH100 - import time

_LONGEST = 100  # characters of a class name that can be one of the files

ORDER = "*"  # the key of a group whose value is the order of the other keys


_PACK = __name__.partition(".")[0]

_layers: dict[str, Layer] = {}


def lay_over(layers: Mapping[str, Layer]) -> None:
    """From now on these releases, by package, belong to the facts (and no others that were laid over them before).

    What the pack remembers of the facts is forgotten.
    """
    _layers.clear()
    _layers.update(layers)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == _PACK:
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    value.cache_clear()


@cache
def load(path: str) -> Groups:
    """The groups of one file, empty where there is no such file."""
    groups = _shipped(path)
    package, _, rest = path.partition("/")
    return _layers[package].over(rest, groups) if package in _layers else groups


def _shipped(path: str) -> Groups:
    try:
        with open(os.path.join(_DATA, *path.split("/")), encoding="utf-8") as file:  # noqa: PTH118
            groups: Groups = json.load(file)
    except FileNotFoundError:
        return {}
    return groups


def of_class(folder: str, cls: str) -> Groups:
    """The groups of a class's file in `folder` (`trl/configs`), empty where it has none."""
    return load(f"{folder}/{cls}.json") if cls.isidentifier() and len(cls) < _LONGEST else {}


@cache
def days(package: str) -> Mapping[Release, str]:
    """The known releases of `package`, ascending, and the day (ISO) on which each was built.

    The day of a release that was read from a source tree is empty.
    """
    listed: Mapping[str, Any] = load("releases.json").get(package, {})
    shipped = {Release.parse(text): day for text, day in listed.items()}
    if package in _layers:
        return {release: shipped.get(release, "") for release in _layers[package].releases}
    return shipped


@cache
def releases(package: str) -> tuple[Release, ...]:
    """The known releases of `trl`, `transformers` or `peft`, ascending; empty for any other package."""
    return tuple(days(package))


def known_on() -> str:
    """The day (ISO) on which the newest release that the facts know was built."""
    return max(day for package in ("trl", "transformers", "peft") for day in days(package).values())


@cache
def index(package: str, release: Release) -> int:
    """The place of `release` among the known ones; of the last one before it where it is not known."""
    return max(0, bisect_right(releases(package), release) - 1)


def span_at(spans: Spans, place: int) -> list[Any] | None:
    """The span that covers the release with this index."""
    for span in spans:
        if span[0] <= place and (len(span) < 2 or span[1] is None or place <= span[1]):
            return span
    return None


def value_at(spans: Spans, place: int) -> Any:
    """The value at this index, None where there is none (or where it is null)."""
    span = span_at(spans, place)
    return None if span is None else value_of(span)


def value_of(span: list[Any]) -> Any:
    """The value of a span; a mere presence is 1."""
    return span[2] if len(span) > 2 else 1


def bounds(package: str, span: list[Any]) -> tuple[Release, Release | None]:
    """First and last release of a span; the last is None up to the newest known."""
    known = releases(package)
    return known[span[0]], None if len(span) < 2 or span[1] is None else known[span[1]]


def presence(spans: Spans) -> Iterator[list[Any]]:
    """The spans joined where one follows the other directly: when the key was there, whatever its value."""
    joined: list[Any] = []
    for span in spans:
        until = None if len(span) < 2 else span[1]
        if joined and joined[1] is not None and joined[1] + 1 == span[0]:
            joined[1] = until
            continue
        if joined:
            yield joined
        joined = [span[0], until]
    if joined:
        yield joined


def presence_at(spans: Spans, place: int) -> list[Any]:
    """The stretch of `presence` that covers this index. Raises StopIteration where there is none."""
    if len(spans) == 1:
        return spans[0]
    return next(span for span in presence(spans) if span_at([span], place))


def keys_at(group: Mapping[str, Spans], place: int) -> list[str]:
    """The keys of a group that are there at this index, in their order; the empty key is left out."""
    own = value_at(group[ORDER], place) if ORDER in group else None
    keys = own if own is not None else [key for key in group if key != ORDER and span_at(group[key], place)]
    return [key for key in keys if key]
