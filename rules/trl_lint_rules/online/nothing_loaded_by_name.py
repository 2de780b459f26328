"""Reward and KTO trainers of the releases that load nothing themselves."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments
from trl_lint_rules.sft import place_of, trainer_place

# Source: the trainers of the published wheels. Before, the argument was called `tokenizer`.
SINCE = Release(0, 12)
LOADED_SINCE = {"RewardTrainer": Release(0, 24), "KTOTrainer": Release(1, 3)}


class NothingLoadedByName(TrainerRule):
    """A model's name and a missing tokenizer are what newer releases made possible."""

    code = "TRL526"
    name = "nothing-loaded-by-name"
    summary = (
        "a reward or KTO trainer without a tokenizer, or a reward model by its name, in a release that loads neither"
    )
    trainers = frozenset(LOADED_SINCE)

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict: for the model where it is a name, else for the tokenizer that is missing."""
        until = LOADED_SINCE[run.run.trainer or ""]
        call = run.run.trainer_call
        if not SINCE <= run.trl < until or call is None or call.open is not None:
            return
        newer = Remedy(f"or upgrade to TRL {until} or newer", right_in=lambda environment: environment.trl >= until)
        if run.run.trainer == "RewardTrainer" and run.run.model.how is How.NAME:
            yield Verdict(
                "model",
                place_of(run, "model"),
                "{trl} takes no name here: the reward trainer wants the model itself",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("It is the code that loads the model; the name is taken for a model (AttributeError).",),
                remedies=(
                    Remedy("load it: `AutoModelForSequenceClassification.from_pretrained(..., num_labels=1)`"),
                    newer,
                ),
            )
        elif _no_tokenizer(run):
            yield Verdict(
                "tokenizer",
                trainer_place(run),
                "{trl} loads no tokenizer here: without `processing_class` the trainer refuses to be made",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                remedies=(Remedy("load the tokenizer and pass it: `processing_class=tokenizer`"), newer),
            )


def _no_tokenizer(run: RunView) -> bool:
    """A reward trainer with a collator of the code's own needs none."""
    given = [arguments.value(run, name) for name in ("processing_class", "tokenizer")]
    collated = run.run.trainer == "RewardTrainer" and arguments.value(run, "data_collator") not in (ABSENT, None)
    return not collated and all(value in (ABSENT, None) for value in given)
