"""A trained adapter whose reference is the model without it."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import adapters, arguments, defaults
from trl_lint_rules.sft import place_of

_FIXED = {"GRPOTrainer": Release(0, 27), "RLOOTrainer": Release(0, 27), "DPOTrainer": Release(0, 29)}


class AdapterReferenceIsBase(Advisory):
    """The adapter is turned off for the reference, whatever it has learned before."""

    code = "TRL911"
    name = "adapter-reference-is-base"
    summary = "training a loaded adapter further before TRL 0.27 (DPO: 0.29): the reference is the base model"
    trainers = frozenset(_FIXED)
    fixed: ClassVar[Release] = Release(0, 29)
    cause = (
        "The reference of an adapter is the model with the adapter turned off. For one that was trained before, that "
        "is not where this training starts (TRL pull request 4723)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the model is an adapter that was loaded, and a reference counts."""
        fixed = _FIXED.get(run.run.trainer or "")
        if fixed is None or run.trl >= fixed or not arguments.adapted(run):
            return None
        outermost = next(adapters.chain(run), None)
        if outermost is None or not outermost.callee.endswith(".from_pretrained"):
            return None
        if arguments.value(run, "ref_model") not in (ABSENT, None):
            return None
        if arguments.value(run, "peft_config") not in (ABSENT, None):
            return None
        if any(run.given(name) is not None for name in ("model_adapter_name", "ref_adapter_name")):
            return None
        if run.run.trainer != "DPOTrainer":
            beta = defaults.number(run, "beta")
            if beta is None or beta == 0:
                return None
        ways = (Remedy('load it twice and name both: `model_adapter_name`, `ref_adapter_name="reference"`'),)
        return Met(
            place_of(run, "model"),
            "the reference is the base model without the loaded adapter, not the model that training starts from",
            remedies=ways if run.run.trainer == "DPOTrainer" else (),
        )
