"""A text column of another name, whose rows get no end-of-sequence token."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, Remedy, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, text_ends
from trl_lint_rules.knowledge.formatting import formatter
from trl_lint_rules.sft import place_of


class CustomTextFieldWithoutEnd(Advisory):
    """The end-of-sequence token is added to the column `text`, whatever `dataset_text_field` says."""

    code = "TRL903"
    name = "custom-text-field-without-end"
    summary = "`dataset_text_field` in TRL 0.17 to 1.14: rows of that column get no end-of-sequence token"
    trainers = frozenset({"SFTTrainer"})
    needs = frozenset({"dataset_text_field"})
    since: ClassVar[Release] = Release(0, 17)
    fixed: ClassVar[Release] = Release(1, 15)
    cause = (
        "The end-of-sequence token is added to a column that is called `text`, and to no other, whichever column is "
        "tokenised."
    )

    def met(self, run: RunView) -> Met | None:
        """Where another column is read, and its rows do not end with that token already."""
        field = run.setting("dataset_text_field")
        if not isinstance(field, str) or field == "text" or formatter(run) is not None:
            return None
        columns = data.columns(run)
        if columns is not None and (field not in columns or columns & {"input_ids", "messages", "prompt"}):
            return None
        if columns is not None and data.conversational(run) is not False:
            return None
        ended = text_ends.ended(run, field)
        if ended is True or text_ends.added_by_tokenizer(run):
            return None
        doubts = []
        if columns is None:
            doubts.append(f"the data set is not known ({run.data().reason or 'no data set'})")
        if ended is None:
            doubts.append("the rows may end with the token already")
        return Met(
            place_of(run, "dataset_text_field"),
            f"rows of the column `{field}` get no end-of-sequence token: the model is not trained to stop",
            (data.describe(run),),
            tuple(doubts),
            (Remedy('rename the column: `dataset.rename_column(..., "text")`, and drop `dataset_text_field`'),),
        )
