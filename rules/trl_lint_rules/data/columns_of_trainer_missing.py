"""Rows without the columns that a preference, reward or online trainer reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from trl_lint.api import ABSENT, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, data
from trl_lint_rules.sft import trainer_place


class Reads(NamedTuple):
    """Which columns a trainer needs, any of these sets; and what tells that the rows are prepared already."""

    sets: tuple[frozenset[str], ...]
    prepared: tuple[str, ...]
    stage: Stage


_PAIRS = frozenset({"chosen", "rejected"})
_ONLINE = Reads((frozenset({"prompt"}),), (), Stage.FIRST_STEP)

# Source: the trainers of the published wheels; run on the releases of tests/conformance.
READS: Final = {
    "DPOTrainer": Reads((_PAIRS,), ("chosen_input_ids", "chosen_ids"), Stage.PREPARE_DATA),
    "RewardTrainer": Reads((_PAIRS,), ("input_ids_chosen", "chosen_input_ids", "chosen_ids"), Stage.PREPARE_DATA),
    # KTO takes pairs apart into single ratings.
    "KTOTrainer": Reads(
        (frozenset({"prompt", "completion", "label"}), _PAIRS),
        ("completion_input_ids", "completion_ids"),
        Stage.PREPARE_DATA,
    ),
    "GRPOTrainer": _ONLINE,
    "RLOOTrainer": _ONLINE,
}


class ColumnsOfTrainerMissing(TrainerRule):
    """KeyError while the data are prepared, or in the first step."""

    code = "TRL708"
    name = "columns-of-trainer-missing"
    summary = "rows without the columns that a DPO, KTO, reward, GRPO or RLOO trainer reads"
    trainers = frozenset(READS)

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and one that is read is not among them."""
        columns = data.columns(run)
        reads = READS.get(run.run.trainer or "")
        if reads is None or not columns or not columns.isdisjoint(reads.prepared):
            return
        if any(wanted <= columns for wanted in reads.sets):
            return
        if any(arguments.value(run, name) is not ABSENT for name in ("environment_factory", "data_collator")):
            return
        missing = min((wanted - columns for wanted in reads.sets), key=len)
        shown = " and ".join(f"`{name}`" for name in sorted(missing))
        yield Verdict(
            "missing",
            arguments.place(run, "train_dataset") if run.passed("train_dataset") else trainer_place(run),
            f"{{trl}} finds no column {shown} in the rows and stops",
            Severity.ERROR,
            reads.stage,
            why=(f"{run.run.trainer} reads {_said(reads)}.",),
            evidence=(data.describe(run),),
            remedies=(Remedy(f"rename or map the columns, so that the rows have {shown}"),),
        )


def _said(reads: Reads) -> str:
    return ", or ".join(" and ".join(f"`{name}`" for name in sorted(wanted)) for wanted in reads.sets)
