"""GRPO that samples with a temperature and judges without."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of, trainer_place


class TemperatureNotApplied(Advisory):
    """The default temperature was 0.9."""

    code = "TRL910"
    name = "temperature-not-applied"
    summary = "GRPO before TRL 0.16, whose log-probabilities leave the sampling temperature out"
    trainers = frozenset({"GRPOTrainer"})
    since: ClassVar[Release] = Release(0, 14)
    fixed: ClassVar[Release] = Release(0, 16)
    cause = (
        "Completions are sampled with the temperature, and their log-probabilities are computed as if it were 1 (TRL "
        "pull request 3029)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the temperature is not 1."""
        value = defaults.number(run, "temperature")
        if value is None or value == 1:
            return None
        given = run.given("temperature") is not None
        return Met(
            place_of(run, "temperature") if given else trainer_place(run),
            f"log-probabilities are those of temperature 1, while completions are sampled with {value}"
            + ("" if given else " by default"),
        )
