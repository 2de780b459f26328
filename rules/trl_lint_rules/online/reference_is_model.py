"""The model that is trained as its own reference."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments

SINCE = Release(0, 11)


class ReferenceIsModel(TrainerRule):
    """It would change with every step."""

    code = "TRL514"
    name = "reference-is-model"
    summary = "`ref_model` is the very object that is trained"
    trainers = frozenset({"DPOTrainer", "KTOTrainer"})
    needs = frozenset({"ref_model", "#0", "args"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be one object."""
        model, reference = arguments.instance(run, "model"), arguments.instance(run, "ref_model")
        if run.trl < SINCE or model is None or reference is None or model.ident != reference.ident:
            return
        yield Verdict(
            "same",
            arguments.place(run, "ref_model"),
            "{trl} refuses the trained model as its own `ref_model`",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The reference must not change while the model is trained.",),
            remedies=(Remedy("leave `ref_model` away: the trainer makes the copy itself"),),
        )
