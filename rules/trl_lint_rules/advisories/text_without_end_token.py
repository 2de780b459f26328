"""Rows of text that never end, in releases that add no end-of-sequence token."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, text_ends
from trl_lint_rules.knowledge.formatting import formatter, prepared
from trl_lint_rules.sft import place_of

PACKED_WITH_SEPARATOR = Release(0, 15)  # before, packing put the token between the rows


class TextWithoutEndToken(Advisory):
    """Judged by the rows that were read."""

    code = "TRL904"
    name = "text-without-end-token"
    summary = "text rows without an end-of-sequence token before TRL 0.16, which adds none"
    trainers = frozenset({"SFTTrainer"})
    fixed: ClassVar[Release] = Release(0, 16)
    cause = "A text is tokenised as it is; nothing marks its end."

    def met(self, run: RunView) -> Met | None:
        """Where rows of plain text were read, and none of them ends with the token."""
        columns = data.columns(run)
        if columns is None or columns & {"input_ids", "messages", "prompt"} or formatter(run) is not None:
            return None
        if data.conversational(run) is not False or not prepared(run) or _separated(run):
            return None
        field = run.setting("dataset_text_field")
        field = field if isinstance(field, str) else "text"
        if field not in columns or text_ends.ended(run, field) is not False or text_ends.added_by_tokenizer(run):
            return None
        return Met(
            place_of(run, "dataset_text_field", "train_dataset"),
            f"rows of the column `{field}` get no end-of-sequence token: the model is not trained to stop",
            (data.describe(run), f"{len(run.data().rows)} rows read, none of which ends with it"),
            remedies=(Remedy(f'append it to the rows: `{{"{field}": row["{field}"] + tokenizer.eos_token}}`'),),
        )


def _separated(run: RunView) -> bool:
    if run.trl >= PACKED_WITH_SEPARATOR:
        return False
    return run.setting("packing") is not ABSENT or run.passed("packing") is not None
