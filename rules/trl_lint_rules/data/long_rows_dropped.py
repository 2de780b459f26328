"""Rows that a preference trainer leaves out because they are too long."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import data, defaults, preference_lengths, supervision, truncation
from trl_lint_rules.knowledge.boundaries import EMPTY_ROWS_DROPPED
from trl_lint_rules.sft import place_of, trainer_place

REWARD_DROPS = Release(0, 12)
_SURE = 2  # tokens by which a row must be too long: releases add one or the other special token
# Long rows are left out in most runs, and on purpose; from this share on it shapes what is learned.
_NOTABLE = 0.2


class LongRowsDropped(TrainerRule):
    """A reward trainer drops pairs, DPO and KTO prompts that fill `max_length` alone."""

    code = "TRL710"
    name = "long-rows-dropped"
    summary = "rows that DPO, KTO or a reward trainer drops because of `max_length`"
    trainers = frozenset({"DPOTrainer", "KTOTrainer", "RewardTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows and the tokenizer are at hand and show it."""
        rewarding = run.run.trainer == "RewardTrainer"
        rows = run.data().rows
        length = defaults.value(run, "max_length")
        if run.trl < (REWARD_DROPS if rewarding else EMPTY_ROWS_DROPPED) or not rows or data.vision(run) is not False:
            return
        if not isinstance(length, int) or isinstance(length, bool) or length < 1:
            return  # see `length-of-zero`
        if supervision.shorter_than(rows, length):
            return
        if not rewarding and run.setting("truncation_mode") not in (ABSENT, "keep_start"):
            return
        found = preference_lengths.pairs(run) if rewarding else preference_lengths.prompts(run)
        long = [each for each in found or () if each > length + _SURE]
        if found and long:
            yield from _verdict(run, found, len(long), length)


def _verdict(run: RunView, found: list[int], long: int, length: int) -> Iterator[Verdict]:
    known = run.data()
    everything = long == len(found) == known.rows_total
    if not everything and long < _NOTABLE * len(found):
        return
    asked = run.given("max_length") is not None
    what = "are longer" if run.run.trainer == "RewardTrainer" else "have a prompt that fills it alone"
    effect = "drops them without a word, and stops because no row is left" if everything else "drops them"
    severity = Severity.ERROR if everything else Severity.INFO if asked else Severity.WARNING
    yield Verdict(
        "all" if everything else "asked" if asked else "default",
        place_of(run, "max_length") if asked else trainer_place(run),
        f"{truncation.shown(run, length)}: {long} of the {len(found)} rows read {what}, and {{trl}} {effect}",
        severity,
        Stage.FIRST_BATCH if everything else Stage.SILENT,
        evidence=(f"{min(found)} to {max(found)} tokens in {len(found)} rows read", data.describe(run)),
        remedies=(Remedy(f"raise `max_length` (the longest row read needs {max(found)} tokens)"),),
    )
