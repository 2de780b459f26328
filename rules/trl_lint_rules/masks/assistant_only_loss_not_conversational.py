"""Assistant-only loss on rows that are no conversations."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.sft import SftRule, place_of


class AssistantOnlyLossNotConversational(SftRule):
    """TRL looks at the first row and refuses."""

    code = "TRL205"
    name = "assistant-only-loss-not-conversational"
    summary = "assistant-only loss on rows that TRL does not take for conversations"
    needs = frozenset({"assistant_only_loss"})
    with_unsloth = True

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and hold no messages under a name that TRL looks at."""
        if not template.asked(run) or data.conversational(run) is not False:
            return
        columns = run.data().columns or {}
        advice = "give the rows a `messages` column of dicts with `role` and `content`"
        sharegpt = next((name for name, column in columns.items() if column.kind == "sharegpt"), None)
        other = next((name for name, column in columns.items() if column.kind == "messages"), None)
        if sharegpt is not None:
            advice = f"rewrite `{sharegpt}` as `messages`: `from`/`value` become `role`/`content`, and the roles too"
        elif other is not None:
            advice = f'rename the column: `dataset.rename_column("{other}", "messages")`'
        yield Verdict(
            "not-conversational",
            place_of(run, "assistant_only_loss"),
            "{trl} refuses `assistant_only_loss=True`: the rows are not conversational",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=(
                "TRL looks for messages under `messages`, `prompt`, `completion`, `chosen` or `rejected` in the "
                "first row, and stops with a ValueError when the trainer is made.",
            ),
            evidence=(data.describe(run),),
            remedies=(
                remedies.drop_config(run, "assistant_only_loss", "drop `assistant_only_loss`"),
                Remedy(f"or {advice}"),
            ),
        )
