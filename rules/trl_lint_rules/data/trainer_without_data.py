"""Preference, reward and online trainers without training data, or with a dict of splits."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.data.train_dataset_container import plain_container
from trl_lint_rules.knowledge import arguments
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA
from trl_lint_rules.sft import trainer_place

REQUIRED = Release(0, 29)  # refused when the trainer is made; before, when the training begins at the latest
BEFORE_DATA = 3  # the arguments that stand before `train_dataset` in every release
_SPLITS = ("DatasetDict", "IterableDatasetDict")


class TrainerWithoutData(TrainerRule):
    """They take the rows of one split, as SFTTrainer does."""

    code = "TRL706"
    name = "trainer-without-data"
    summary = "a DPO, KTO, reward, GRPO or RLOO trainer without training data, or with a dict of splits"
    trainers = frozenset({"DPOTrainer", "KTOTrainer", "RewardTrainer", "GRPOTrainer", "RLOOTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where it is known what is passed."""
        call = run.run.trainer_call
        if call is None or len(list(call.positional())) > BEFORE_DATA:
            return  # positions have moved from release to release: another rule speaks of that
        if arguments.value(run, "environment_factory") is not ABSENT:
            return  # an environment may bring its own prompts
        found = run.data()
        if found.container == "None":
            yield _missing(run)
        elif found.container in _SPLITS:
            yield Verdict(
                "dict",
                arguments.place(run, "train_dataset"),
                "`train_dataset` is a dict of splits, not one split",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("`load_dataset` without `split=` returns all splits; {trl} wants the rows of one.",),
                evidence=(found.where,) if found.where else (),
                remedies=(Remedy('name the split: `load_dataset(..., split="train")` or `dataset["train"]`'),),
            )
        elif found.container in ("list", "dict") and run.trl >= REFUSALS_BY_DATA:
            yield plain_container(run, found.container, arguments.place(run, "train_dataset"))


def _missing(run: RunView) -> Verdict:
    given = arguments.value(run, "train_dataset") is not ABSENT
    required = run.trl >= REQUIRED
    if not required:
        run.weaken("a trainer that only evaluates may do without in this release")
    return Verdict(
        "none",
        arguments.place(run, "train_dataset") if given else trainer_place(run),
        "no training data: {trl} " + ("refuses that" if required else "stops when the training begins, if not before"),
        Severity.ERROR,
        Stage.TRAINER_INIT,
        remedies=(Remedy("pass `train_dataset`"),),
    )
