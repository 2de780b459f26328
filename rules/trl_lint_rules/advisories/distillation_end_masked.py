"""Distillation on generated answers whose end is taken for padding."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import padding
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import trainer_place


class DistillationEndMasked(Advisory):
    """Every token that equals the padding token is masked, the real end too."""

    code = "TRL918"
    name = "distillation-end-masked"
    summary = "GKD and GOLD before TRL 1.9 with a padding token that is the end-of-sequence token"
    trainers = frozenset({"GKDTrainer", "GOLDTrainer"})
    fixed: ClassVar[Release] = Release(1, 9)
    cause = (
        "In answers that the student generates, all tokens that equal the padding token are masked, and with them the "
        "one that ends the answer (TRL pull request 6357)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the two tokens are known to be the same."""
        same = padding.is_end_token(run, processing(run))
        if same is None:
            return None
        return Met(
            same.at or trainer_place(run),
            "the end of generated answers is not trained: the padding token is the end-of-sequence token",
            (same.evidence,) if same.evidence else (),
            remedies=(Remedy("give the tokenizer a padding token of its own"),),
        )
