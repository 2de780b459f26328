"""Part of the allowed releases as a specifier and in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trl_lint.model.release import Release
from trl_lint.targets.claims import ALTERNATIVE


def runs(affected: Collection[Release], allowed: Sequence[Release]) -> list[tuple[int, int]]:
    """First and last index in `allowed` (ascending) of each unbroken run of affected releases."""
    wanted = set(affected)
    found: list[tuple[int, int]] = []
    for index, release in enumerate(allowed):
        if release not in wanted:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def specifier(affected: Collection[Release], allowed: Sequence[Release]) -> str:
    """The PEP 440 specifier that selects exactly `affected` among `allowed` (ascending).

    Several runs are joined by `||`, which PEP 440 does not have. The upper bound is the next allowed release, and
    is left out where the newest allowed one is affected. Empty where nothing is affected.
    """
    parts = []
    for first, last in runs(affected, allowed):
        following = allowed[last + 1] if last + 1 < len(allowed) else None
        if first == last and (following is not None or len(allowed) == 1):
            parts.append(f"=={allowed[first]}")
        elif following is not None:
            parts.append(f">={allowed[first]},<{following}")
        else:
            parts.append(f">={allowed[first]}")
    return ALTERNATIVE.join(parts)


def in_words(affected: Collection[Release], allowed: Sequence[Release]) -> str:
    """`0.22 to 1.9`, `1.9.2`, `0.19 to 0.21 and 1.10 to 1.14`: series that are affected as far as allowed go
    without the micro part. Empty where nothing is affected."""
    return enumerated([_run_in_words(allowed, first, last) for first, last in runs(affected, allowed)])


def enumerated(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _run_in_words(allowed: Sequence[Release], first: int, last: int) -> str:
    if first == last:
        return str(allowed[first])
    begins_series = first == 0 or allowed[first - 1][:2] != allowed[first][:2]
    ends_series = last + 1 == len(allowed) or allowed[last + 1][:2] != allowed[last][:2]
    same = allowed[first][:2] == allowed[last][:2]
    if same and begins_series and ends_series:
        return _series(allowed[first])
    if same:
        return f"{allowed[first]} to {allowed[last]}"
    begin = _series(allowed[first]) if begins_series else str(allowed[first])
    end = _series(allowed[last]) if ends_series else str(allowed[last])
    return f"{begin} to {end}"


def _series(release: Release) -> str:
    return f"{release.major}.{release.minor}"
