"""Reward functions that are missing, or that come with another number of processing classes."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, generations
from trl_lint_rules.sft import trainer_place

RLOO_REWRITTEN = Release(0, 22)  # after GRPO
RLOO_READS_OLDER = Release(0, 25)  # it took `reward_model` before, and reads it until this release


class RewardFunctionsRefused(TrainerRule):
    """Something must say how good a completion is."""

    code = "TRL523"
    name = "reward-functions-refused"
    summary = "GRPO or RLOO without a reward function, or with another number of `reward_processing_classes`"
    trainers = generations.TRAINERS

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where none is passed, or where both numbers are known and differ."""
        if run.run.trainer == "RLOOTrainer" and run.trl < RLOO_READS_OLDER and not _newer_form(run):
            return
        functions = arguments.value(run, "reward_funcs")
        if functions in (ABSENT, None):
            if arguments.value(run, "environment_factory") is ABSENT and run.run.trainer_call is not None:
                yield _missing(run)
            return
        classes = arguments.value(run, "reward_processing_classes")
        if functions is UNKNOWN or not isinstance(classes, list):
            return
        if arguments.value(run, "environment_factory") is not ABSENT:
            return
        count = len(functions) if isinstance(functions, list) else 1
        if count == len(classes):
            return
        yield Verdict(
            "length",
            arguments.place(run, "reward_processing_classes"),
            f"{{trl}} refuses {len(classes)} `reward_processing_classes` for {count} reward "
            f"function{'' if count == 1 else 's'}",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("There is one for each entry of `reward_funcs`; None for those that are functions.",),
            remedies=(Remedy("give one for each, or none at all"),),
        )


def _newer_form(run: RunView) -> bool:
    """Whether a call of RLOO is of the form that replaced the older one."""
    return run.trl >= RLOO_REWRITTEN and arguments.value(run, "reward_model") is ABSENT


def _missing(run: RunView) -> Verdict:
    return Verdict(
        "missing",
        trainer_place(run),
        "no `reward_funcs`: {trl} cannot make the trainer",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=("The completions are rated by functions, or by reward models given by name.",),
        remedies=(Remedy("pass `reward_funcs`"),),
    )
