"""Gradients that grow with the number of accumulation steps."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of

LEFT_TO_MODEL = Release(4, 46)  # of transformers
_FIXED = {
    "DPOTrainer": Release(0, 14),
    "KTOTrainer": Release(0, 14),
    "BCOTrainer": Release(0, 14),
    "CPOTrainer": Release(0, 14),
    "ORPOTrainer": Release(0, 20),
}


class AccumulatedLossNotScaled(Advisory):
    """transformers 4.46 and newer leave the scaling to trainers that make their own loss."""

    code = "TRL906"
    name = "accumulated-loss-not-scaled"
    summary = "gradient accumulation with DPO, KTO, BCO or CPO before TRL 0.14 (ORPO before 0.20): gradients too large"
    trainers = frozenset(_FIXED)
    needs = frozenset({"gradient_accumulation_steps"})
    fixed: ClassVar[Release] = Release(0, 20)
    cause = (
        "transformers 4.46 and newer do not divide the loss by the number of accumulation steps where the model's "
        "forward takes loss keywords, and this trainer makes its own loss without doing so either."
    )

    def met(self, run: RunView) -> Met | None:
        """Where more than one step is accumulated."""
        steps = defaults.whole(run, "gradient_accumulation_steps")
        fixed = _FIXED.get(run.run.trainer or "")
        if fixed is None or run.trl >= fixed or steps is None or steps <= 1:
            return None
        if run.transformers < LEFT_TO_MODEL or run.target.transformers.older:
            return None
        return Met(
            place_of(run, "gradient_accumulation_steps"),
            f"the accumulated loss and gradients of {run.run.trainer} are {steps} times as large as they should be",
            doubts=("it takes a model whose forward takes loss keywords, as most newer ones do",),
            remedies=(Remedy("clip or lower the learning rate with that in mind"),) if fixed.minor > 14 else (),
        )
