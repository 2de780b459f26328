"""DoRA on a quantised model, whose magnitudes are too coarse to move."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import adapters
from trl_lint_rules.sft import trainer_place


class MagnitudeFrozen(Advisory):
    """Adapters are cast to bfloat16, in which small updates round to nothing."""

    code = "TRL913"
    name = "magnitude-frozen"
    summary = "DoRA on a quantised model before TRL 1.15: the magnitude vectors hardly train"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer"})
    needs = frozenset({"peft_config", "use_dora"})
    since: ClassVar[Release] = Release(0, 26)
    fixed: ClassVar[Release] = Release(1, 15)
    cause = (
        "The adapters of a quantised model are cast to bfloat16. DoRA's magnitude vectors are near 1, and updates of "
        "the usual size are below what bfloat16 can tell apart there (TRL issue 7268)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the adapter is DoRA and the model is known to be quantised."""
        call = adapters.lora(run)
        if call is None or adapters.keyword(run, call, "use_dora") is not True or adapters.quantised(run) is not True:
            return None
        given = call.keyword("use_dora")
        return Met(
            given.span if given is not None else trainer_place(run),
            "DoRA's magnitude vectors are cast to bfloat16 and hardly train: what is left is plain LoRA",
            remedies=(Remedy("leave `use_dora` away"),),
        )
