"""Assistant-only loss, and rows in which the assistant says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict, shape
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import MASK_CHECKED_FOR_PROMPT_COMPLETION
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import SftRule, place_of


class RowsWithoutAssistantTurn(SftRule):
    """One such row stops the whole run, and the message blames the template."""

    code = "TRL210"
    name = "rows-without-assistant-turn"
    summary = "assistant-only loss, and rows without an assistant turn"
    needs = frozenset({"assistant_only_loss"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where a sampled row has no assistant turn and the template is not at fault."""
        column = "completion" if data.prompt_completion(run) else "messages"
        if not template.asked(run) or not data.conversational(run) or data.vision(run) is not False:
            return
        if column == "completion" and run.trl < MASK_CHECKED_FOR_PROMPT_COMPLETION:
            return
        found = template.template(run)
        if found is None or template.marking(run.trl, found) not in (Marking.NATIVE, Marking.PATCHED):
            return
        rows = run.data().rows
        without = shape.rows_without_role(rows, column, "assistant")
        if not without:
            return
        yield Verdict(
            "no-assistant",
            place_of(run, "assistant_only_loss"),
            f"with `assistant_only_loss=True` a row without an assistant turn stops {{trl}} while it tokenises: "
            f"{without} of the {len(rows)} rows read have none",
            Severity.ERROR,
            Stage.PREPARE_DATA,
            why=(
                'A single such row raises "at least one example has no assistant tokens". The message blames the '
                "chat template, which is right here.",
            ),
            evidence=(data.describe(run),),
            remedies=(
                Remedy(
                    f'drop those rows: `dataset.filter(lambda row: any(turn["role"] == "assistant" for turn in '
                    f'row["{column}"]))`'
                ),
            ),
        )
