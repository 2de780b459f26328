"""What each release of Unsloth asks for, and what it does with arguments, as tables.

<!-- unsloth -->
<!-- /unsloth -->
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TypeVar

from trl_lint.model.release import Release
from trl_lint_rules import facts

T = TypeVar("T")

BEGIN, END = "<!-- unsloth -->", "<!-- /unsloth -->"

_TRAINER = {
    "left": "left to TRL",
    "rebuilt": "goes into a new config",
    "dropped": "**dropped without a word**",
    "kept": "set on the config",
}


def with_unsloth(text: str) -> str:
    """`text` with the tables made anew. Raises ValueError where they do not end."""
    if BEGIN not in text:
        return text
    before, _, rest = text.partition(BEGIN)
    if END not in rest:
        raise ValueError(f"`{END}` is missing")
    return "\n".join([before + BEGIN, "", *_bounds(), "", *_arguments(), "", END + rest.partition(END)[2]])


def _bounds() -> Iterator[str]:
    yield "| Unsloth | TRL | transformers |"
    yield "|---|---|---|"
    for releases, (trl, transformers) in _stretches(_wishes):
        yield f"| {releases} | {trl} | {transformers} |"


def _wishes(release: Release) -> tuple[str, str]:
    wanted = facts.unsloth_requires(release)
    return _bounded(wanted.get("trl", "")), _bounded(wanted.get("transformers", ""))


def _bounded(wish: str) -> str:
    """The bounds; single releases that are left out stay unsaid."""
    clauses = sorted((clause for clause in wish.split(",") if not clause.startswith("!=")), reverse=True)
    return f"`{', '.join(clauses)}`"


def _arguments() -> Iterator[str]:
    yield "| Unsloth | unknown argument of a config | config's argument, given to the trainer | fields added |"
    yield "|---|---|---|---|"
    for releases, row in _stretches(_row):
        yield f"| {releases} | {' | '.join(row)} |"


def _row(release: Release) -> tuple[str, str, str]:
    found = facts.unsloth_patches(release)
    config = "dropped with a printed line" if found.drops_unknown else "a TypeError"
    return config, _TRAINER[found.trainer], ", ".join(f"`{name}`" for name in sorted(found.fields))


def _stretches(value: Callable[[Release], T]) -> Iterator[tuple[str, T]]:
    for found, group in groupby(facts.releases("unsloth"), key=value):
        months = [f"{release.major}.{release.minor}" for release in group]
        yield (months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"), found
