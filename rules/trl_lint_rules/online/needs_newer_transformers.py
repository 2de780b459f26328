"""Features of GRPO and RLOO that an older transformers release lacks."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Span, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, generations
from trl_lint_rules.sft import place_of

TOOLS = Release(0, 26)
TOOLS_NEED = Release(5, 0)
ENVIRONMENTS = Release(0, 29)
ENVIRONMENTS_NEED = Release(5, 2)
CONTINUOUS = Release(1, 7)
CONTINUOUS_NEEDS = Release(5, 8)


class NeedsNewerTransformers(TrainerRule):
    """TRL installs with them, and stops when the feature is used."""

    code = "TRL519"
    name = "needs-newer-transformers"
    summary = "tools, environments or continuous batching with a transformers release that lacks them"
    trainers = generations.TRAINERS
    needs = frozenset(
        {"tools", "environment_factory", "use_transformers_continuous_batching", "use_transformers_paged"}
    )

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each feature that is used and that transformers lacks."""
        for what, at, since, needed in _used(run):
            if run.trl < since or run.transformers >= needed:
                continue
            yield Verdict(
                what,
                at,
                f"`{what}` needs transformers {needed.major}.{needed.minor} or newer; {{transformers}} is used here",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                remedies=(
                    Remedy(
                        f"upgrade to transformers {needed.major}.{needed.minor} or newer",
                        right_in=lambda environment, needed=needed: environment.transformers >= needed,  # type: ignore[misc]
                    ),
                ),
            )


def _used(run: RunView) -> Iterator[tuple[str, Span, Release, Release]]:
    if run.run.trainer == "GRPOTrainer":
        for name, since, needed in (
            ("tools", TOOLS, TOOLS_NEED),
            ("environment_factory", ENVIRONMENTS, ENVIRONMENTS_NEED),
        ):
            found = arguments.value(run, name)
            if found not in (ABSENT, UNKNOWN, None, []):
                yield name, arguments.place(run, name), since, needed
    for name in ("use_transformers_continuous_batching", "use_transformers_paged"):
        if defaults.value(run, name) is True:
            yield name, place_of(run, name), CONTINUOUS, CONTINUOUS_NEEDS
