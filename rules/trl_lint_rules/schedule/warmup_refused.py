"""A warm-up of a length that transformers refuses."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

FIRST_KNOWN = Release(4, 46)  # older releases were not read
SHARES_AS_STEPS = Release(5, 0)  # `warmup_steps=0.1` is a share of all steps from here on
RATIO_GONE = Release(5, 15)


class WarmupRefused(ConfigRule):
    """transformers 5 takes a share in `warmup_steps`, 4 only in `warmup_ratio`."""

    code = "TRL814"
    name = "warmup-refused"
    summary = "`warmup_steps` or `warmup_ratio` of a value that this transformers release refuses"
    needs = frozenset({"warmup_steps", "warmup_ratio"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each of the two that is refused."""
        ratio = defaults.number(run, "warmup_ratio") if run.transformers < RATIO_GONE else None
        if ratio is not None and run.given("warmup_ratio") is not None:
            before = run.transformers < SHARES_AS_STEPS
            if ratio < 0 or (before and ratio > 1):
                yield _verdict(
                    run, "warmup_ratio", f"`warmup_ratio={ratio}`: it must be from 0 to 1", (Remedy("give a share"),)
                )
        steps = defaults.number(run, "warmup_steps")
        if steps is None or run.given("warmup_steps") is None:
            return
        if run.transformers < SHARES_AS_STEPS:
            if run.transformers < FIRST_KNOWN:
                return
            if isinstance(steps, float) or steps < 0:
                yield _verdict(run, "warmup_steps", f"`warmup_steps={steps}`: it must be a whole number", _older(steps))
        elif steps < 0 and ratio is None:
            yield _verdict(
                run, "warmup_steps", f"`warmup_steps={steps}`: it must not be negative", (Remedy("give 0 or more"),)
            )


def _older(steps: float) -> tuple[Remedy, ...]:
    if not 0 < steps < 1:
        return (Remedy("give a whole number of steps"),)
    return (
        Remedy(
            f"for a share of all steps, set `warmup_ratio={steps}`",
            right_in=lambda environment: environment.transformers < RATIO_GONE,
        ),
        Remedy(
            "or upgrade to transformers 5, which takes a share here",
            right_in=lambda environment: environment.transformers >= SHARES_AS_STEPS,
        ),
    )


def _verdict(run: RunView, name: str, shown: str, ways: tuple[Remedy, ...]) -> Verdict:
    return Verdict(
        name,
        place_of(run, name),
        f"{{transformers}} refuses {shown}",
        Severity.ERROR,
        Stage.CONFIG,
        remedies=(*ways, remedies.drop_config(run, name, "or drop it")),
    )
