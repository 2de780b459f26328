"""Masked completions whose tokens still count when the loss is divided."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView, Severity
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of

_DIVIDED = frozenset({"dapo", "cispo", "vespo"})


class MaskedCompletionsCounted(Advisory):
    """The loss is smaller by the share of what was masked."""

    code = "TRL916"
    name = "masked-completions-counted"
    summary = "`mask_truncated_completions` of GRPO in TRL 0.22 to 1.8, whose loss is divided by the masked tokens too"
    trainers = frozenset({"GRPOTrainer"})
    needs = frozenset({"mask_truncated_completions"})
    since: ClassVar[Release] = Release(0, 22)
    fixed: ClassVar[Release] = Release(1, 9)
    cause = (
        "The loss is divided by the number of completion tokens, those of masked completions included (TRL pull "
        "request 6439)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where truncated completions are masked and the loss is one that is divided so."""
        loss = defaults.value(run, "loss_type")
        if run.setting("mask_truncated_completions") is not True or loss not in _DIVIDED:
            return None
        return Met(
            place_of(run, "mask_truncated_completions"),
            f"the `{loss}` loss is divided by masked tokens too: the more completions are cut, the smaller the step",
            severity=Severity.INFO,
        )
