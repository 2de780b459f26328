"""What goes wrong without a word in a run that was recorded, as far as its rows show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import models
from .cases import data
from .cases.case import Case

_ENDS = (models.END, "<|im_end|>")
_FIRST_IDS = "-./0123"  # how the rows of ids begin, in the tokens of the models


@dataclass(frozen=True)
class _Row:
    """A recorded row: spans [text, tokens, trained]."""

    spans: Sequence[Any]

    @property
    def text(self) -> str:
        return "".join(text for text, _, _ in self.spans)

    @property
    def trained(self) -> str:
        return "".join(text for text, _, trained in self.spans if trained)

    @property
    def size(self) -> int:
        return sum(count for _, count, _ in self.spans)

    @staticmethod
    def ends(text: str) -> bool:
        return any(end in text for end in _ENDS)


Answer = Mapping[str, Any]
Rows = Sequence[_Row]


def trouble(case: Case, answer: Mapping[str, Any]) -> str:
    """What went wrong without a word, as far as the rows show it; empty where nothing did."""
    if answer["outcome"] == "error":
        return ""
    if case.hidden:
        return case.hidden
    rows = [_Row(row) for row in answer.get("rows", ())]
    return next(filter(None, (look(case, answer, rows) for look in _LOOKS)), "") if rows else ""


def _untrained(case: Case, _: Answer, rows: Rows) -> str:
    if not any(row.trained for row in rows):
        return "no token is trained"
    # A packed sequence of rows is another matter, and so is a row that asks for nothing.
    if cut(case) and "packing" not in case.config and not all(row.trained for row in rows):
        return "no token is trained in some rows"
    return ""


def _unmasked(case: Case, _: Answer, rows: Rows) -> str:
    """Rows of ids: about half of each is not to be trained."""
    if not (case.data.startswith("ids") and _masked(case)) or (cut(case) and "packing" not in case.config):
        return ""
    left = sum(count for row in rows for _, count, trained in row.spans if not trained)
    return "the mask that is asked for is not used" if left < sum(row.size for row in rows) / 4 else ""


def _mixed(case: Case, answer: Answer, rows: Rows) -> str:
    """Only where each row is to stay whole: `wrapped` says itself that it joins and cuts them."""
    if not answer.get("sees") or case.config.get("packing_strategy") == "wrapped":
        return ""
    # Rows of a batch become one sequence, packed or not, unless a collator of the code's own makes the batch.
    joined = case.config.get("per_device_train_batch_size") != 1 and "data_collator" not in case.arguments
    several = joined or all(row.text.count(data.FIRST) + row.text.count(_FIRST_IDS) > 1 for row in rows)
    return "the rows of a sequence see each other" if several else ""


def _pictured(case: Case, _: Answer, rows: Rows) -> str:
    if case.data in data.PICTURED and any(row.text.count(models.IMAGE) < models.PATCHES for row in rows):
        return "the pictures are not in the rows"
    return ""


def _lost(case: Case, _: Answer, rows: Rows) -> str:
    if cut(case) or case.data.startswith("ids"):
        return ""
    if not any(data.REPLIED in row.text or data.ASKED in row.text for row in rows):
        return "the words of the data are not there"
    if case.data == "chat-tool_turn" and not any(data.TOLD in row.text for row in rows):
        return "what the tool said is not there"
    return ""


def _not_asked(case: Case, _: Answer, rows: Rows) -> str:
    if case.asks == "all" or case.data.startswith("ids"):
        return ""
    if any(data.ASKED in row.trained for row in rows):
        return "the prompt is trained"
    if not cut(case) and not any(data.REPLIED in row.trained for row in rows):
        return "the answer is not trained"
    return ""


def _dropped(case: Case, _: Answer, rows: Rows) -> str:
    if case.asks == "all" or case.data.startswith("ids"):
        return ""
    whole = "packing" not in case.config and "select(" not in " ".join(case.setup)
    return "rows are dropped" if len(rows) < data.ROWS and whole else ""


def _unended(case: Case, _: Answer, rows: Rows) -> str:
    if case.data in ("text", "body") and not cut(case) and not case.config.get("packing"):
        return "" if all(row.ends(row.trained) for row in rows) else "the end of the text is not trained"
    if case.asks == "all" or case.data.startswith("ids"):
        return ""
    unending = [row for row in rows if row.trained and row.ends(row.text) and not row.ends(row.trained)]
    if not unending:
        return ""
    return "the end of the turn is not trained" + ("" if len(unending) == len(rows) else " in some rows")


def cut(case: Case) -> bool:
    """Whether the program asks for rows so short that words may be missing."""
    length = case.config.get("max_length")
    return isinstance(length, int)


def _masked(case: Case) -> bool:
    """Whether the code asks for a mask on rows that are tokenised already."""
    return case.asks == "completion" or case.data in ("ids-labels", "ids-assistant_masks")


_LOOKS = (_untrained, _unmasked, _mixed, _pictured, _lost, _not_asked, _dropped, _unended)
