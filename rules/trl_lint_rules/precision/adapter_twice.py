"""A model that carries an adapter already, and the configuration of another one."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Applicability, Release, Remedy, RunView, Severity, Stage, Verdict, edit_call
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments

SINCE = Release(0, 27)


class AdapterTwice(TrainerRule):
    """Refused by the trainers since 0.27."""

    code = "TRL603"
    name = "adapter-twice"
    summary = "a PEFT model passed together with `peft_config`"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer", "RewardTrainer"})
    needs = frozenset({"peft_config"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known."""
        if run.trl < SINCE or not arguments.adapted(run) or not arguments.adapter_config(run):
            return
        yield Verdict(
            "both",
            arguments.place(run, "peft_config"),
            "{trl} refuses `peft_config` for a model that carries an adapter already",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The trainer makes the adapter itself from `peft_config`; the code has made one before.",),
            remedies=(
                _drop(run),
                Remedy("or pass the model as it was before `get_peft_model`"),
            ),
        )


def _drop(run: RunView) -> Remedy:
    message = "train the adapter that is there: drop `peft_config`"
    call = run.run.trainer_call
    argument = call.keyword("peft_config") if call is not None else None
    if call is None or argument is None or argument.via != "keyword":
        return Remedy(message)
    return Remedy(message, Applicability.UNSAFE, (edit_call.remove_argument(run.run.source, call, argument),))
