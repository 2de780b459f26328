"""Fewer than two generations for each prompt."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import RunView, Severity, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import generations, remedies
from trl_lint_rules.sft import place_of

USUAL = 8  # TRL's own default


class TooFewGenerations(ConfigRule):
    """The advantage of a completion is its reward compared with the others of its prompt."""

    code = "TRL501"
    name = "too-few-generations"
    summary = "GRPO or RLOO with fewer than two generations for each prompt"
    trainers = generations.TRAINERS
    classes = generations.CONFIGS
    needs = frozenset({"num_generations", "rloo_k"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the number is known to be below two."""
        stage = generations.stage(run)
        count = generations.generations(run)
        if stage is None or count is None or count >= 2:
            return
        found = generations.batch(run)
        fitting = max((n for n in generations.divisors(found.size(1)) if n <= USUAL), default=USUAL) if found else USUAL
        yield Verdict(
            "few",
            place_of(run, "rloo_k", "num_generations"),
            f"{{trl}} refuses {count} generation{'' if count == 1 else 's'} for each prompt: at least 2 are needed",
            Severity.ERROR,
            stage,
            why=("The advantage of a completion is its reward compared with those of the same prompt's others.",),
            remedies=(
                remedies.set_config(
                    run,
                    "num_generations",
                    str(fitting),
                    f"set `num_generations={fitting}`, or another number from 2 on",
                ),
            ),
        )
