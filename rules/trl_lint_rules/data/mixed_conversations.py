"""Columns of which some hold conversations and some hold strings."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import data
from trl_lint_rules.sft import place_of

EXTRACTED = Release(0, 29)  # before, DPO takes a string `prompt` beside conversations apart itself


class MixedConversations(TrainerRule):
    """TRL looks at one of the columns, whichever a set yields first."""

    code = "TRL707"
    name = "mixed-conversations"
    summary = "columns of conversations beside columns of strings: what TRL takes the rows for is a matter of chance"
    trainers = frozenset({"SFTTrainer", "DPOTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known to disagree."""
        columns = data.columns(run)
        known = run.data().columns or {}
        if columns is None or "input_ids" in columns:
            return
        spoken = sorted(name for name in columns & data.LOOKED_AT if known[name].kind == "messages")
        written = sorted(name for name in columns & data.LOOKED_AT if known[name].kind == "string")
        crash = run.run.trainer == "DPOTrainer"
        if not spoken or not written or (crash and (run.trl < EXTRACTED or not {"chosen", "rejected"} <= set(spoken))):
            return
        if not crash and "prompt" in columns and "completion" not in columns:
            return  # stops for want of a completion
        drop = written[0] if "prompt" in written else written[-1]
        yield Verdict(
            "crash" if crash else "chance",
            place_of(run, "train_dataset"),
            f"`{spoken[0]}` holds conversations and `{written[0]}` strings: "
            + (
                "{trl} stops while it prepares the data"
                if crash
                else "what {trl} takes the rows for changes from one start to the next"
            ),
            Severity.ERROR if crash else Severity.WARNING,
            Stage.PREPARE_DATA if crash else Stage.SILENT,
            why=(
                "TRL looks at one of these columns, the first that a Python set yields, which depends on the hash seed "
                "of the process. Several processes of one run may disagree.",
            ),
            evidence=(data.describe(run),),
            remedies=(
                Remedy(f'remove the column that is not meant: `dataset.remove_columns("{drop}")`'),
                Remedy("or write both as conversations"),
            ),
        )
