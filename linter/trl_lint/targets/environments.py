"""Which pairs of releases a source is judged on."""

from __future__ import annotations

from trl_lint.dataclass import replace
from trl_lint.model.release import Release
from trl_lint.model.target import Basis, Environment, PackageTarget
from trl_lint.targets.claims import show
from trl_lint.targets.index import TRANSFORMERS, TRL, ReleaseIndex
from trl_lint.targets.versions import satisfying

_MOST_TRANSFORMERS = 40


class Compatibility:
    """Which transformers releases a TRL release accepts by its own requirements, and by those of a package that
    patches it (`besides`); each specifier is judged once."""

    def __init__(self, index: ReleaseIndex, besides: str = "") -> None:
        self._index = index
        self._besides = besides
        self._accepted: dict[str, tuple[Release, ...]] = {}

    def wish(self, trl: Release) -> str:
        """What this TRL release requires of transformers; empty if anything will do or nothing is known."""
        try:
            return self._index.requires(trl).get(TRANSFORMERS, "")
        except LookupError:
            return ""

    def accepted(self, trl: Release) -> tuple[Release, ...]:
        """The known transformers releases that `trl` accepts; all of them if its requirement accepts none."""
        wish, known = self.wish(trl), self._index.known[TRANSFORMERS]
        if wish not in self._accepted:
            try:
                found = satisfying(wish, known) or known
                self._accepted[wish] = satisfying(self._besides, found) or found
            except ValueError:
                self._accepted[wish] = known
        return self._accepted[wish]


def pair(
    trl: PackageTarget, transformers: PackageTarget | None, compatibility: Compatibility, *, weaker: bool = False
) -> tuple[PackageTarget, PackageTarget, tuple[Environment, ...]]:
    """The two targets as they go together, and the environments, oldest first.

    Each allowed TRL release is paired with the newest allowed transformers release that it accepts; the newest
    one with all of them. A statement on transformers excludes the TRL releases that do not accept it, as an
    installer would; if none does, the statement is believed. With `weaker` it stands farther away than that on
    TRL and yields to TRL's own requirement. Without one that requirement alone decides.
    """
    if transformers is None:
        return _derived(trl, compatibility, ())
    matches = {release: _common(transformers.releases, compatibility.accepted(release)) for release in trl.releases}
    fitting = tuple(release for release in trl.releases if matches[release])
    if weaker and trl.newest not in fitting:
        said = f"`{show(TRANSFORMERS, transformers.specifier)}` ({transformers.place})"
        return _derived(trl, compatibility, (f"{TRL} {trl.newest} does not accept {said}, which is left aside",))
    if not fitting:
        wish = f"{TRL} {trl.newest} asks for `{show(TRANSFORMERS, compatibility.wish(trl.newest))}`"
        transformers = replace(transformers, notes=(*transformers.notes, f"{wish}: the pin is believed"))
        return trl, transformers, _pairs(dict.fromkeys(trl.releases, transformers.releases))
    if weaker:
        matches = {release: matches[release] or compatibility.accepted(release)[-1:] for release in trl.releases}
    elif fitting != trl.releases:
        note = f"`{show(TRANSFORMERS, transformers.specifier)}` ({transformers.place}) leaves {TRL} up to {fitting[-1]}"
        trl = replace(trl, releases=fitting, notes=(*trl.notes, note))
        matches = {release: matches[release] for release in fitting}
    return trl, replace(transformers, releases=matches[trl.newest]), _pairs(matches)


def open_choice(trl: PackageTarget, transformers: PackageTarget | None, compatibility: Compatibility) -> PackageTarget:
    """`trl`, whose release nobody names, as the newest one that accepts what is said of transformers."""
    if transformers is not None:
        for release in reversed(trl.releases):
            if _common(transformers.releases, compatibility.accepted(release)):
                said = f"`{show(TRANSFORMERS, transformers.specifier)}` ({transformers.place})"
                notes = () if release == trl.newest else (f"that goes with {said}",)
                return replace(trl, releases=(release,), notes=(*trl.notes, *notes))
    return replace(trl, releases=trl.releases[-1:])


def _derived(
    trl: PackageTarget, compatibility: Compatibility, notes: tuple[str, ...]
) -> tuple[PackageTarget, PackageTarget, tuple[Environment, ...]]:
    """Transformers by TRL's requirement alone."""
    newest = {release: compatibility.accepted(release)[-1:] for release in trl.releases}
    wish = compatibility.wish(trl.newest)
    target = PackageTarget(TRANSFORMERS, newest[trl.newest], Basis.DERIVED, wish, notes=notes)
    return trl, target, _pairs(newest)


def _pairs(matches: dict[Release, tuple[Release, ...]]) -> tuple[Environment, ...]:
    """Each TRL release with its newest match, the newest one with all matches."""
    pairs = [Environment(trl, found[-1]) for trl, found in matches.items()]
    newest = max(matches)
    return tuple(sorted({*pairs, *(Environment(newest, one) for one in _thinned(matches[newest]))}, key=_age))


def _age(environment: Environment) -> tuple[Release, Release]:
    return environment.trl, environment.transformers


def _thinned(releases: tuple[Release, ...]) -> tuple[Release, ...]:
    """A bounded choice: the last release of each series, the oldest one, and the newest ones."""
    if len(releases) <= _MOST_TRANSFORMERS:
        return releases
    last = {release[:2]: release for release in releases}
    return (releases[0], *list(last.values())[1 - _MOST_TRANSFORMERS :])


def _common(left: tuple[Release, ...], right: tuple[Release, ...]) -> tuple[Release, ...]:
    accepted = set(right)
    return tuple(release for release in left if release in accepted)
