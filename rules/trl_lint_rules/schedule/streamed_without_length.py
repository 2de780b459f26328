"""A stream of rows, and nothing that says when training ends."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

# From these releases on the trainers leave the data as they are, a stream a stream.
SINCE = {
    "SFTTrainer": Release(0, 15),
    "DPOTrainer": Release(0, 29),
    "KTOTrainer": Release(1, 3),
    "RewardTrainer": Release(0, 24),
    "GRPOTrainer": Release(1, 9),
    "RLOOTrainer": Release(1, 9),
}
LOAD = Remedy("or load the data without `streaming=True`")
REFUSED_BY = {"GRPOTrainer": Release(0, 17), "RLOOTrainer": Release(0, 22)}


class StreamedWithoutLength(TrainerRule):
    """A stream has no length, so epochs cannot be counted beforehand."""

    code = "TRL819"
    name = "streamed-without-length"
    summary = "a streamed data set without `max_steps` (or with GRPO and RLOO before 1.9 at all)"
    trainers = frozenset(SINCE)

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the training data are known to be a stream."""
        trainer = run.run.trainer or ""
        if run.run.trainer_call is None or run.data().container != "IterableDataset":
            return
        if trainer in REFUSED_BY and REFUSED_BY[trainer] <= run.trl < SINCE[trainer]:
            yield Verdict(
                "refused",
                place_of(run, "train_dataset"),
                f"{{trl}} refuses streamed data for {trainer}",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                remedies=(LOAD,),
            )
            return
        steps = defaults.value(run, "max_steps")
        if run.trl < SINCE[trainer] or not isinstance(steps, int) or steps > 0:
            return
        yield Verdict(
            "endless",
            place_of(run, "max_steps", "train_dataset"),
            "the training data are a stream, which has no length: without `max_steps` the trainer refuses to start",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The learning rate schedule needs the number of steps, and epochs of a stream cannot be counted.",),
            remedies=(
                remedies.set_config(run, "max_steps", "1000", "say how long: `max_steps=1000`, for instance"),
                LOAD,
            ),
        )
