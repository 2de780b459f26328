"""A maximum length of zero."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults, generations
from trl_lint_rules.knowledge.boundaries import EMPTY_ROWS_DROPPED
from trl_lint_rules.sft import place_of

# From when on each preference trainer stops at it. Run on the releases of tests/conformance.
PAIRS = {"DPOTrainer": Release(0, 29), "KTOTrainer": Release(1, 5, 1), "RewardTrainer": Release(0, 12)}


class LengthOfZero(TrainerRule):
    """Zero is not "no limit": nothing is left of a row, and nothing can be generated."""

    code = "TRL223"
    name = "length-of-zero"
    summary = "`max_length=0` or `max_completion_length=0`, which leave no token"
    trainers = frozenset({"SFTTrainer", *PAIRS, *generations.TRAINERS})
    needs = frozenset({"max_length", "max_completion_length"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the code gives a zero."""
        if run.run.trainer in generations.TRAINERS:
            if _zero(run, "max_completion_length"):
                yield _verdict(run, "max_completion_length", "nothing can be generated", Stage.TRAINER_INIT, "a number")
        elif run.run.trainer in PAIRS:
            if _zero(run, "max_length") and run.trl >= PAIRS[run.run.trainer]:
                dropped = run.trl >= EMPTY_ROWS_DROPPED or run.run.trainer == "RewardTrainer"
                yield _cut(run, dropped)
        elif _zero(run, "max_length") and run.setting("packing") in (ABSENT, False) and _prepared(run):
            yield _cut(run, run.trl >= EMPTY_ROWS_DROPPED)


def _zero(run: RunView, name: str) -> bool:
    found = defaults.value(run, name)
    return found == 0 and isinstance(found, int) and not isinstance(found, bool) and run.given(name) is not None


def _prepared(run: RunView) -> bool:
    """Whether the trainer makes the batches in its own way."""
    given = run.passed("data_collator") is not None or run.passed("formatting_func") is not None
    return not given and run.setting("dataset_kwargs") in (ABSENT, None) and run.setting("padding_free") is not True


def _cut(run: RunView, dropped: bool) -> Verdict:
    effect = "every row is dropped" if dropped else "every row is cut to nothing"
    stage = Stage.FIRST_BATCH if dropped else Stage.FIRST_STEP
    return _verdict(run, "max_length", effect, stage, "`None`, which cuts nothing")


def _verdict(run: RunView, name: str, effect: str, stage: Stage, way: str) -> Verdict:
    return Verdict(
        name,
        place_of(run, name),
        f"`{name}=0` does not mean that there is no limit: {effect}, and {{trl}} stops",
        Severity.ERROR,
        stage,
        remedies=(Remedy(f"give {way}"),),
    )
