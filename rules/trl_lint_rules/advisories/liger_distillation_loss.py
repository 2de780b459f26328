"""Distillation with the Liger kernel, and another loss than the one that was asked for."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import remedies
from trl_lint_rules.sft import place_of


class LigerDistillationLoss(Advisory):
    """Half of it is cross-entropy."""

    code = "TRL917"
    name = "liger-distillation-loss"
    summary = "GKD with the Liger kernel before TRL 1.4: half of the loss is plain cross-entropy"
    trainers = frozenset({"GKDTrainer"})
    needs = frozenset({"use_liger_kernel"})
    since: ClassVar[Release] = Release(0, 22)
    fixed: ClassVar[Release] = Release(1, 4)
    cause = (
        "The fused loss is made with its defaults: half divergence, half cross-entropy on the labels, and a "
        "temperature that the other path does not apply (TRL pull request 5731)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the kernel is on."""
        if run.setting("use_liger_kernel") is not True:
            return None
        return Met(
            place_of(run, "use_liger_kernel"),
            "the Liger kernel makes half of the distillation loss plain cross-entropy on the labels",
            remedies=(remedies.set_config(run, "use_liger_kernel", "False", "set `use_liger_kernel=False`"),),
        )
