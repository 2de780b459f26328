"""PEP 440 specifiers over final releases: plain ones by comparing tuples, the rest through `packaging`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from trl_lint.lazy import regex
from trl_lint.model.release import Release

Matcher = Callable[[Release], bool]

_PLAIN = regex(r"(==|~=|!=|<=|>=|<|>)\s*v?(\d{1,9}(?:\.\d{1,9}){0,2})(\.\*)?\s*", re.ASCII)
_CLAUSE = regex(r"\s*(===|==|~=|!=|<=|>=|<|>)\s*(\S+)\s*", re.ASCII)
_LONGEST = 1000


def matcher(specifier: str) -> Matcher:
    """Whether a release satisfies `specifier` (alternatives joined by `||`). Raises ValueError if it is none."""
    if len(specifier) > _LONGEST:
        raise ValueError("longer than any specifier")
    alternatives = [_alternative(part) for part in specifier.split("||")]
    if len(alternatives) == 1:
        return alternatives[0]
    return lambda release: any(test(release) for test in alternatives)


def satisfying(specifier: str, releases: Iterable[Release]) -> tuple[Release, ...]:
    """The `releases` that `specifier` selects, in their order. Raises ValueError if it is no specifier."""
    test = matcher(specifier)
    return tuple(release for release in releases if test(release))


def clauses(alternative: str) -> list[tuple[str, str]]:
    """Operator and version of each clause of one alternative; what does not look like a clause is left out."""
    found = (_CLAUSE.fullmatch(part) for part in alternative.split(","))
    return [(match[1], match[2]) for match in found if match]


def base_release(version: str) -> tuple[Release, bool]:
    """The final release that `version` belongs to, and whether it comes before it (dev, alpha, beta, rc).

    Post-releases and local versions count as their release. Raises ValueError for what is no version.
    """
    try:
        return Release.parse(version.lstrip("v")), False
    except ValueError:
        pass
    from packaging.version import Version  # InvalidVersion is a ValueError

    parsed = Version(version.removesuffix(".*"))
    return Release(*[*parsed.release, 0, 0][:3]), parsed.is_prerelease


def _alternative(text: str) -> Matcher:
    """The test of clauses that must all hold."""
    tests: list[Matcher] = []
    for part in text.split(","):
        clause = part.strip()
        if not clause:
            continue
        plain = _PLAIN.fullmatch(clause)
        test = _plain(plain[1], plain[2], bool(plain[3])) if plain else None
        tests.append(test or _through_packaging(clause))
    return lambda release: all(test(release) for test in tests)


def _plain(operator: str, version: str, prefix: bool) -> Matcher | None:
    """The test of one clause whose version is numbers only; None where `packaging` has to judge it."""
    numbers = tuple(int(part) for part in version.split("."))
    length = len(numbers)
    full = Release(*[*numbers, 0, 0][:3])
    if prefix:
        if operator == "==":
            return lambda release: release[:length] == numbers
        if operator == "!=":
            return lambda release: release[:length] != numbers
        return None
    if operator == "~=":
        if length < 2:
            return None
        series = numbers[:-1]
        return lambda release: release >= full and release[: length - 1] == series
    return {
        "==": lambda release: release == full,
        "!=": lambda release: release != full,
        "<=": lambda release: release <= full,
        ">=": lambda release: release >= full,
        "<": lambda release: release < full,
        ">": lambda release: release > full,
    }[operator]


def _through_packaging(clause: str) -> Matcher:
    from packaging.specifiers import Specifier  # InvalidSpecifier is a ValueError

    specifier = Specifier(clause)
    return lambda release: specifier.contains(str(release), prereleases=True)
