"""The sentences that all formats for people share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Applicability, Finding, Severity
from trl_lint.model.release import Release
from trl_lint.model.span import Place
from trl_lint.model.upgrade import Change, Sort, Weight
from trl_lint.upgrade.report import Found, Group, RunReport, UpgradeReport

_MOST_PLACES = 3
_PACKAGES = {"trl": "TRL"}


@dataclass(frozen=True, slots=True)
class Merged:
    """Findings of one rule with the same words, and all their places."""

    finding: Finding
    places: tuple[Place, ...]


def merged(findings: Iterable[Finding]) -> list[Merged]:
    """Findings that say the same at several places, as one."""
    by_words: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        fixes = tuple(fix.message for fix in finding.fixes)
        by_words.setdefault((finding.code, finding.severity, finding.message, fixes), []).append(finding)
    return [Merged(group[0], tuple(finding.place for finding in group)) for group in by_words.values()]


def title(change: Change) -> str:
    """What changes, from what to what, since when."""
    name = f"`{change.name}`" if change.sort is Sort.DEFAULT else change.name
    return f"{name}: {change.old} -> {change.new} (since {since(change)})"


def since(change: Change) -> str:
    """`TRL 0.19`, `transformers 5.0`."""
    return f"{_PACKAGES.get(change.package, change.package)} {short(change.since)}"


def short(release: Release) -> str:
    """`0.19` for 0.19.0, `0.19.1`."""
    return f"{release.major}.{release.minor}" if release.micro == 0 else str(release)


def keep(change: Change) -> str:
    """What keeps the older behaviour; empty where nothing is known to."""
    pins = ", ".join(f"`{pin.name}={pin.text}`" for pin in change.pins)
    return pins or change.advice


def keep_tag(found: Found) -> str:
    """A mark for what `--pin-defaults` writes out in some run."""
    change = found.change
    return (
        " [`--pin-defaults`]" if change.pins and not change.condition and any(run.literal for run in found.runs) else ""
    )


def remedy(finding: Finding) -> tuple[str, str]:
    """The first thing to do: `fix` for what `--fix` does, else `do`, and its words. Where there is none, what a warning
    says (`why`); empty where that is not known either."""
    fix = finding.fix or (finding.fixes[0] if finding.fixes else None)
    if fix is None:
        told = finding.why[0] if finding.severity is Severity.INFO and finding.why else ""
        return ("why", told) if told else ("", "")
    return ("fix", f"{fix.message} [safe, `--fix`]") if _safe(finding) else ("do", fix.message)


def places(found: Sequence[Place]) -> list[str]:
    """The places, the first few of many."""
    shown = list(dict.fromkeys(str(place) for place in found))
    more = len(shown) - _MOST_PLACES
    return [*shown[:_MOST_PLACES], f"and {more} more"] if more > 1 else shown


def where(found: Found, group: Group) -> list[str]:
    """The runs that meet a change."""
    whole = found.certain
    if len(whole) > _MOST_PLACES and len(whole) == sum(run.open is None for run in group.runs if not run.patched_by):
        return [f"all {len(whole)} runs"]
    return places([run.place for run in whole])


def unseen(found: Found) -> list[str]:
    """The runs that may be given the argument from elsewhere."""
    return [f"{text}, unless it is given from elsewhere" for text in places([run.place for run in found.open])]


def smaller(group: Group) -> str:
    """All changes that hardly matter, in one line."""
    parts = {f"{title(found.change)}{_if(found.change)}": None for found in group.changes(Weight.MINOR)}
    return "; ".join(parts)


def _if(change: Change) -> str:
    return f", {change.condition}" if change.condition else ""


def patched(runs: Iterable[RunReport]) -> str:
    """The runs that nothing is said of."""
    aside = [run for run in runs if run.patched_by is not None]
    if not aside:
        return ""
    packages = ", ".join(sorted({str(run.patched_by) for run in aside}))
    shown = ", ".join(places([run.place for run in aside]))
    return f"{packages} patches the trainers here, nothing is said of defaults: {shown}"


def origin(group: Group) -> str:
    """Where the files come from, with the lines that say so."""
    step = group.step
    others = {file.step.by for file in group.files} - {step.by}
    more = f", and {_count(len(others), 'other line')} that say{'s' if len(others) == 1 else ''} so" if others else ""
    return f"{step.told}{more}"


def older(group: Group) -> str:
    """For files that are there already: which older release may still be meant."""
    steps = [file.step for file in group.files if file.step.still and file.step.oldest is not None]
    if not steps:
        return ""
    return f"{steps[0].by} allows TRL {steps[0].oldest} too: compare with it by `--from {steps[0].oldest}`"


def lost(found: Found) -> str:
    """That a key of recipes is there no more."""
    package = _PACKAGES.get(found.change.package, found.change.package)
    return f"`{found.change.name}` is no longer {found.change.old} (since {package} {short(found.change.since)})"


def today(group: Group) -> str:
    """What stands already."""
    count = sum(file.today for file in group.files)
    mended = sum(file.mended for file in group.files)
    if not count:
        return ""
    goes = f"; {mended} of them {'go' if mended != 1 else 'goes'} away" if mended else ""
    return f"{_count(count, 'error or warning', 'errors and warnings')} today already (`trl-lint check`){goes}"


def summary(report: UpgradeReport) -> list[str]:
    """The last lines: what was looked at, and how much of what was found."""
    groups = list(report.groups())
    runs = sum(len(group.runs) for group in groups)
    breaks = [finding for group in groups for finding in group.breaks]
    breaking = report.breaks
    changes = {found.change: found for group in groups for found in group.changes(Weight.MATTERS)}
    differs = sum(len(group.differs) for group in groups)
    deprecated = [finding for group in groups for finding in group.deprecated]
    fixable = sum(_safe(finding) for finding in (*breaks, *deprecated))
    pinned = sum(bool(keep_tag(found)) for found in changes.values())
    fixed = f", {_count(report.fixed, 'change')} made" if report.fixed else ""
    lines = [
        f"Would break: {breaking}. Would silently change: {len(changes) + differs}. Would warn: {len(deprecated)}. "
        f"({_count(report.looked_at, 'file')}, {_count(runs, 'run')} concerned{fixed})"
    ]
    if fixable:
        lines.append(f"{fixable} fixable with `--fix`.")
    if pinned:
        lines.append(f"{_count(pinned, 'default')} can be kept with `--pin-defaults`.")
    return lines


def _safe(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


def _count(number: int, word: str, plural: str = "") -> str:
    return f"{number} {word if number == 1 else plural or word + 's'}"
