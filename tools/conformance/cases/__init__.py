"""The case set: small training programs, each written once, run by real releases and read by the linter."""

from __future__ import annotations

from collections.abc import Iterator

from .case import Case


def every() -> Iterator[Case]:
    """All cases, in the order of the records."""
    from . import groups

    for group in groups.ALL:
        yield from group()


def by_name() -> dict[str, Case]:
    """All cases by their names, which are unique."""
    found: dict[str, Case] = {}
    for case in every():
        if case.name in found:
            raise ValueError(f"two cases are named {case.name}")
        found[case.name] = case
    return found
