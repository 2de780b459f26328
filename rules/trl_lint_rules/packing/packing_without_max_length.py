"""Packing without a length to pack to."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.sft import SftRule, place_of

SINCE = Release(0, 16)  # `max_length`; checked under its older name in 0.15
OLD_NAME_GONE = Release(0, 20)  # until then a given `max_seq_length` takes its place


class PackingWithoutMaxLength(SftRule):
    """Found only after the data have been tokenised."""

    code = "TRL402"
    name = "packing-without-max-length"
    summary = "packing with `max_length=None`"
    needs = frozenset({"packing", "eval_packing"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where packing is on and the length is known to be None."""
        if run.trl < SINCE or run.given("max_length") is None or run.setting("max_length") is not None:
            return
        if run.trl < OLD_NAME_GONE and run.setting("max_seq_length") is not ABSENT:
            return
        evaluated = run.passed("eval_dataset") is not None and run.setting("eval_packing") is True
        if (run.setting("packing") is not True and not evaluated) or data.vision(run):
            return
        yield Verdict(
            "none",
            place_of(run, "max_length"),
            "packing needs a length to pack to: {trl} stops at `max_length=None`, after the data have been tokenised",
            Severity.ERROR,
            Stage.PREPARE_DATA,
            why=("Packing fills sequences of `max_length` tokens; None would be one endless sequence.",),
            remedies=(
                remedies.drop_config(run, "max_length", "leave it away: the default is 1024"),
                remedies.set_config(run, "packing", "False", "or turn packing off"),
            ),
        )
