"""A reference model beside an adapter, which needs none."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Instance, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults

TAKEN_BY_DEFAULT = Release(0, 28)  # refused only where `force_use_ref_model=False` is said
UNTIL = Release(0, 29)
OPTION = "force_use_ref_model"


class ReferenceWithAdapter(TrainerRule):
    """Without its adapter the model is the reference."""

    code = "TRL517"
    name = "reference-with-adapter"
    summary = "DPO with `ref_model` and `peft_config`, which TRL before 0.29 refuses"
    trainers = frozenset({"DPOTrainer"})
    needs = frozenset({"peft_config"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be passed."""
        reference = arguments.value(run, "ref_model")
        known = isinstance(reference, str) or (
            isinstance(reference, Instance) and reference.callee.endswith("from_pretrained")
        )
        if run.trl >= UNTIL or not known or not arguments.adapter_config(run):
            return
        forced = defaults.value(run, OPTION)
        if arguments.value(run, OPTION) is not ABSENT:
            return  # older releases took it as an argument of the trainer
        if forced is UNKNOWN or forced is True or (run.trl >= TAKEN_BY_DEFAULT and forced is not False):
            return
        ways = [Remedy("leave `ref_model` away: the model without its adapter is the reference")]
        if forced is not ABSENT:
            ways.append(Remedy("or set `force_use_ref_model=True`, to use another reference"))
        yield Verdict(
            "both",
            arguments.place(run, "ref_model"),
            "{trl} refuses `ref_model` together with `peft_config`",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("With an adapter, the reference is the same model with the adapter turned off.",),
            remedies=tuple(ways),
        )
