"""Reference log-probabilities that are computed beforehand, and thrown away."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import arguments, remedies
from trl_lint_rules.sft import place_of


class PrecomputedReferenceUnused(Advisory):
    """Without a reference model, the policy itself becomes the reference."""

    code = "TRL907"
    name = "precomputed-reference-unused"
    summary = "`precompute_ref_log_probs` with DPO in TRL 0.12, which does not use them"
    trainers = frozenset({"DPOTrainer"})
    needs = frozenset({"precompute_ref_log_probs"})
    since: ClassVar[Release] = Release(0, 12)
    fixed: ClassVar[Release] = Release(0, 13)
    cause = (
        "The collator leaves the precomputed values out of the batch. They are computed again in every step, and as no "
        "reference model is kept, with the very model that is trained (TRL pull request 2431)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where they are asked for and no reference model is passed."""
        if run.setting("precompute_ref_log_probs") is not True:
            return None
        alone = arguments.value(run, "ref_model") in (ABSENT, None)
        effect = "the precomputed reference is not used: it is computed again in each step"
        if alone and not arguments.adapter_config(run) and not arguments.adapted(run):
            effect = "the precomputed reference is not used: the model is compared with itself"
        return Met(
            place_of(run, "precompute_ref_log_probs"),
            effect,
            remedies=(
                remedies.set_config(
                    run, "precompute_ref_log_probs", "False", "do not precompute: `precompute_ref_log_probs=False`"
                ),
            ),
        )
