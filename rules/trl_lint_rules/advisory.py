"""What all advisories share: a known silent bug of a stretch of releases, and a run that meets it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from trl_lint.api import Release, Remedy, Rule, RunView, Severity, Span, Stage, Verdict, dataclass
from trl_lint_rules.configs import is_variant


@dataclass(frozen=True)
class Met:
    """Where a run meets the bug. `doubts` say what it would also take; `remedies` come before the upgrade."""

    at: Span
    effect: str
    evidence: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    severity: Severity = Severity.WARNING


class Advisory(Rule):
    """A rule on a bug of TRL itself: `since` the first release that has it, `fixed` the first that has not.

    `cause` says in one sentence what these releases do.
    """

    since: ClassVar[Release] = Release(0, 0)
    fixed: ClassVar[Release]
    cause: ClassVar[str]

    def check(self, run: RunView) -> Iterable[Verdict]:
        """One verdict where the release has the bug and the run meets it."""
        if run.run.trainer is None or run.run.patched_by is not None or not self.since <= run.trl < self.fixed:
            return
        call = run.run.trainer_call
        if call is not None and (call.bases or is_variant(call, run.run.trainer)):
            run.weaken(f"`{call.callee}` is a subclass of {run.run.trainer} and may do this differently")
        met = self.met(run)
        if met is None:
            return
        fixed = self.fixed
        yield Verdict(
            "met",
            met.at,
            f"in {{trl}} {met.effect}",
            met.severity,
            Stage.SILENT,
            why=(f"{self.cause} It is fixed in TRL {short(fixed)}.",),
            evidence=met.evidence,
            remedies=(
                *met.remedies,
                Remedy(
                    f"{'or ' if met.remedies else ''}upgrade to TRL {short(fixed)} or newer",
                    right_in=lambda environment: environment.trl >= fixed,
                ),
            ),
            doubts=met.doubts,
        )

    def met(self, run: RunView) -> Met | None:
        """Where this run meets the bug; None where it does not, or where that is not known."""
        raise NotImplementedError


def short(release: Release) -> str:
    """`0.20` for 0.20.0, `0.16.1` as it is."""
    return f"{release.major}.{release.minor}" if release.micro == 0 else str(release)
