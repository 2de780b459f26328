"""In which releases of TRL an example has its findings, and the bar that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from packaging.specifiers import SpecifierSet

from trl_lint.model.finding import Finding, Severity
from trl_lint.model.release import Release
from trl_lint.targets import ranges
from trl_lint.targets.claims import ALTERNATIVE

WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class Affected:
    """The releases in which something is found, with the most severe that is found there."""

    known: tuple[Release, ...]
    by_release: Mapping[Release, Severity]

    def joined(self, other: Affected) -> Affected:
        """What is found by either."""
        found = dict(self.by_release)
        for release, severity in other.by_release.items():
            found[release] = min(severity, found.get(release, severity), key=WORST_FIRST.index)
        return Affected(self.known, found)

    @property
    def in_words(self) -> str:
        """The releases, as reports have it."""
        return ranges.in_words(list(self.by_release), self.known)


def affected(findings: Iterable[Finding], severity: Severity, known: Sequence[Release]) -> Affected:
    """Where `findings`, made for all `known` releases (ascending) at once, hold. `severity` is what they have in a
    project with one release: over a range, those that spare the newest release are only advice."""
    held = {
        release
        for finding in findings
        for release in known
        if not finding.releases or _holds(finding.releases, release)
    }
    return Affected(tuple(known), dict.fromkeys(sorted(held), severity))


def _holds(specifier: str, release: Release) -> bool:
    return any(SpecifierSet(part).contains(str(release), prereleases=True) for part in specifier.split(ALTERNATIVE))


def bar(found: Affected) -> str:
    """HTML: a cell for each series (0.22, 1.9), coloured where findings are, hatched where only in some of it."""
    series: dict[tuple[int, ...], list[Release]] = {}
    for release in found.known:
        series.setdefault(tuple(release[:2]), []).append(release)
    words = found.in_words
    label = f"TRL {words}" if words else "no release"
    cells = "".join(_cell(number, releases, found) for number, releases in series.items())
    first, last = (".".join(map(str, number)) for number in (min(series), max(series)))
    return (
        f'<div class="releases" role="img" aria-label="{escape(label)}">{cells}</div>\n'
        f'<div class="release-ends"><span>TRL {first}</span><span>{escape(label)}</span><span>{last}</span></div>'
    )


def _cell(number: tuple[int, ...], releases: Sequence[Release], found: Affected) -> str:
    severities = [found.by_release[release] for release in releases if release in found.by_release]
    title = ".".join(map(str, number))
    if not severities:
        return f'<span title="{title}"></span>'
    worst = min(severities, key=WORST_FIRST.index).value
    part = "" if len(severities) == len(releases) else " part"
    return f'<span class="{worst}{part}" title="{title}: {worst}{", in some of it" if part else ""}"></span>'
