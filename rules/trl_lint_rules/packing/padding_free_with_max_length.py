"""Padding-free batches without packing, and a maximum length."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of

SINCE = Release(1, 0)


class PaddingFreeWithMaxLength(SftRule):
    """The default of `max_length` is 1024, so that leaving it away is not enough."""

    code = "TRL404"
    name = "padding-free-with-max-length"
    summary = "padding-free batches without packing while `max_length` is set (its default is 1024)"
    needs = frozenset({"padding_free"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the length is a number, by default or by the code."""
        if run.trl < SINCE or run.setting("padding_free") is not True:
            return
        if run.setting("packing") not in (False, ABSENT) or data.vision(run):
            return
        if run.trl < REFUSALS_BY_DATA and processing(run).kind is Kind.PROCESSOR:
            return
        length = run.setting("max_length")
        if length is None or length is UNKNOWN:
            return
        shown = "`max_length` is 1024 by default" if length is ABSENT else f"`max_length={length}`"
        yield Verdict(
            "length",
            place_of(run, "padding_free"),
            f"{{trl}} refuses `padding_free=True` without packing while rows may be cut: {shown}",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("Without packing, padding-free batches are not cut to a length, and TRL refuses to pretend so.",),
            remedies=(
                remedies.set_config(run, "max_length", "None", "say that rows are not cut: `max_length=None`"),
                remedies.set_config(run, "packing", "True", "or pack the rows: `packing=True`"),
            ),
        )
