"""Conversational preferences with one end-of-sequence token too many."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView, Severity
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data
from trl_lint_rules.sft import place_of


class EndTokenTwice(Advisory):
    """The template has ended the turn already."""

    code = "TRL912"
    name = "end-token-twice"
    summary = "DPO on conversations before TRL 0.28: an extra end-of-sequence token behind each answer"
    trainers = frozenset({"DPOTrainer"})
    since: ClassVar[Release] = Release(0, 12)
    fixed: ClassVar[Release] = Release(0, 28)
    cause = "The token is appended to every answer, also behind one that the chat template has ended."

    def met(self, run: RunView) -> Met | None:
        """Where the rows are conversations."""
        columns = data.columns(run)
        if columns is None or not {"chosen", "rejected"} <= columns or data.conversational(run) is not True:
            return None
        return Met(
            place_of(run, "train_dataset"),
            "each answer is followed by a second end-of-sequence token, which is trained and never generated",
            (data.describe(run),),
            severity=Severity.INFO,
        )
