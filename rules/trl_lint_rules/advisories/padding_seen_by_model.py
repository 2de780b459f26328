"""GRPO without an attention mask."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.sft import trainer_place


class PaddingSeenByModel(Advisory):
    """The first release of the trainer lets the model see the padding."""

    code = "TRL909"
    name = "padding-seen-by-model"
    summary = "GRPO in TRL 0.14, which passes no attention mask to the model"
    trainers = frozenset({"GRPOTrainer"})
    since: ClassVar[Release] = Release(0, 14)
    fixed: ClassVar[Release] = Release(0, 15)
    cause = (
        "Prompts are padded on the left, and log-probabilities are computed without an attention mask, padding "
        "included (TRL pull request 2708)."
    )

    def met(self, run: RunView) -> Met | None:
        """Every run with prompts of different lengths."""
        return Met(
            trainer_place(run),
            "GRPO computes log-probabilities without an attention mask: shorter prompts are judged with their padding",
            doubts=("it takes prompts of different lengths",),
        )
