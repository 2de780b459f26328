"""Padding-free batches together with a data collator of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import remedies
from trl_lint_rules.sft import SftRule, place_of

SINCE = Release(0, 16)  # `padding_free`
BY_PACKING = Release(0, 19)  # packing turns it on, unless the strategy is `wrapped`


class PaddingFreeWithCollator(SftRule):
    """TRL builds such batches itself, and refuses another collator."""

    code = "TRL403"
    name = "padding-free-with-collator"
    summary = "padding-free batches (or packing, which turns them on) together with a data collator"
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where a collator is passed and padding-free batches are known to be on."""
        collator = run.argument("data_collator")
        if run.trl < SINCE or run.passed("data_collator") is None or collator in (None, UNKNOWN):
            return
        reason = _padding_free(run)
        if reason is None:
            return
        yield Verdict(
            "refused",
            place_of(run, "data_collator"),
            f"{{trl}} refuses a `data_collator` here: padding-free batches are on ({reason})",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("Batches without padding need the positions of each row, which only TRL's own collator gives.",),
            remedies=(
                remedies.drop_argument(run, "data_collator", "drop the collator"),
                Remedy(f"or turn padding-free batches off: {_off(run)}"),
            ),
        )


def _off(run: RunView) -> str:
    if run.setting("padding_free") is True:
        return "`padding_free=False`"
    return '`packing=False`, or `packing_strategy="wrapped"`'


def _padding_free(run: RunView) -> str | None:
    if run.setting("padding_free") is True:
        return "`padding_free=True`"
    if run.trl < BY_PACKING or run.setting("packing") is not True:
        return None
    strategy = run.setting("packing_strategy")
    if strategy is ABSENT or (isinstance(strategy, str) and strategy != "wrapped"):
        return "`packing=True` turns them on"
    return None
