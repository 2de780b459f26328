"""From a specifier to the known releases that it stands for."""

from __future__ import annotations

from trl_lint.dataclass import dataclass
from trl_lint.model.release import Release
from trl_lint.targets.versions import base_release, clauses, satisfying


@dataclass(frozen=True, slots=True)
class Selection:
    """The releases, ascending; empty where the specifier contradicts itself.

    `beyond` says that what is meant lies outside the releases known, and the nearest stands for it.
    """

    releases: tuple[Release, ...]
    beyond: str | None = None
    notes: tuple[str, ...] = ()


def select(package: str, specifier: str, known: tuple[Release, ...]) -> Selection:
    """The part of `known` (ascending, not empty) that `specifier` means.

    A pin to a release that is not known stands for the nearest one. Raises ValueError if `specifier` is none.
    """
    parts = [_select_one(package, part.strip(), known) for part in specifier.split("||")]
    if len(parts) == 1:
        return parts[0]
    return Selection(
        tuple(sorted({release for part in parts for release in part.releases})),
        next((part.beyond for part in parts if part.beyond), None),
        tuple(note for part in parts for note in part.notes),
    )


def nearest(release: Release, known: tuple[Release, ...]) -> Release:
    """What stands for a release that is not known: of its own series the next lower one, else the next higher
    one; else the next lower one of all, else the oldest."""
    series = [other for other in known if other[:2] == release[:2]]
    lower = [other for other in series if other <= release]
    if lower or series:
        return lower[-1] if lower else series[0]
    return max((other for other in known if other < release), default=known[0])


def _select_one(package: str, alternative: str, known: tuple[Release, ...]) -> Selection:
    matching = satisfying(alternative, known)
    if matching:
        return Selection(matching)
    parts = clauses(alternative)
    exact = next((version for sign, version in parts if sign in ("==", "===") and not version.endswith(".*")), None)
    if exact is not None:
        return _select_exact(package, exact, parts, known)
    return _select_unknown_range(package, parts, known)


def _select_exact(package: str, version: str, parts: list[tuple[str, str]], known: tuple[Release, ...]) -> Selection:
    """The stand-in for a pin to something that is not a known final release."""
    release, early = base_release(version)
    rest = ",".join(f"{sign}{other}" for sign, other in parts if other != version)
    if rest and not satisfying(rest, [release]):
        return Selection(())
    if release in known:
        return Selection((release,), notes=(f"{package} {version} is judged as {release}",) if early else ())
    outside = _outside(f"{package} {version}", release, known)
    if outside is not None:
        return outside
    stand_in = nearest(release, known)
    return Selection((stand_in,), notes=(f"{package} {version} is not among the releases known: judged as {stand_in}",))


def _select_unknown_range(package: str, parts: list[tuple[str, str]], known: tuple[Release, ...]) -> Selection:
    """The stand-in for a range in which no release is known."""
    lower = [base_release(version)[0] for sign, version in parts if sign in (">=", ">", "~=", "==")]
    upper = [base_release(version)[0] for sign, version in parts if sign in ("<=", "<")]
    text = ",".join(f"{sign}{version}" for sign, version in parts)
    if lower and upper and max(lower) > min(upper):
        return Selection(())
    bound = max(lower) if lower else min(upper, default=known[0])
    newer = bool(lower) and max(lower) >= known[-1]
    if newer:
        return Selection((known[-1],), f"{package}{text} asks for more than the newest release known ({known[-1]})")
    if upper and min(upper) <= known[0]:
        return Selection((known[0],), f"{package}{text} means releases older than the oldest one known ({known[0]})")
    if not lower:
        return Selection(())
    stand_in = nearest(bound, known)
    return Selection((stand_in,), notes=(f"no release in {package}{text} is known: judged as {stand_in}",))


def _outside(what: str, release: Release, known: tuple[Release, ...]) -> Selection | None:
    if release > known[-1]:
        return Selection((known[-1],), f"{what} is newer than the newest release known ({known[-1]})")
    if release < known[0]:
        return Selection((known[0],), f"{what} is older than the oldest release known ({known[0]})")
    return None
