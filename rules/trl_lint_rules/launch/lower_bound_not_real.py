"""A range of releases whose older part this code cannot run on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.api import Confidence, Finding, GatheringRule, Release, Severity, replace


class LowerBoundNotReal(GatheringRule):
    """Gathers what only older allowed releases would refuse, one line for each deciding line."""

    code = "TRL801"
    name = "lower-bound-not-real"
    summary = "the allowed range of releases is wider than the code"

    def gather(self, spared: Sequence[Finding]) -> Iterator[Finding]:
        """One `info` for all findings that spare the newest allowed release."""
        first = spared[0]
        if first.spared is None:
            return
        needs = max((finding.spared.needs for finding in spared if finding.spared is not None), key=Release.parse)
        reasons = list(dict.fromkeys(f"{finding.name} ({finding.place})" for finding in spared))
        shown = ", ".join(reasons[:3]) + (f" and {len(reasons) - 3} more" if len(reasons) > 3 else "")
        said = f"{first.spared.package}{first.spared.specifier}"
        series = ".".join(needs.split(".")[:2]) if needs.endswith(".0") else needs
        yield replace(
            first,
            code=self.code,
            name=self.name,
            message=f"the lower bound of `{said}` is not real: this code needs {series}: {shown}",
            severity=Severity.INFO,
            confidence=Confidence.POSSIBLE,
            span=None if first.spared.place is not None else first.span,
            place=first.spared.place or first.place,
            why=(
                "An installation gets the newest allowed release today, so nothing is wrong there. Whoever has an "
                "older one, which the requirement allows, is stopped. Raise the lower bound to what the code needs.",
            ),
            evidence=tuple(f"{finding.place}: {finding.message}" for finding in spared[:10]),
            related=(),
            fixes=(),
        )
