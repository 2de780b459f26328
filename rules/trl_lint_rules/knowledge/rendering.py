"""The sampled conversations of a run as its chat template renders them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trl_lint.api import RunView, special_tokens
from trl_lint_rules.knowledge import data, template, token_rows
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.template import Template

_MOST_ROWS = 24
_SHAREGPT = {"from": "role", "value": "content"}


def conversations(run: RunView) -> list[list[dict[str, Any]]] | None:
    """The messages of each row that was read: `messages`, or prompt with completion. None where they are not known,
    or where something else than the messages decides how they are rendered."""
    if data.conversational(run) is not True and not sharegpt(run):
        return None
    names = ("prompt", "completion") if data.prompt_completion(run) else ("messages",)
    names = ("conversations",) if sharegpt(run) else names
    found: list[list[dict[str, Any]]] = []
    for row in run.data().rows[:_MOST_ROWS]:
        if row.get("tools") or row.get("chat_template_kwargs"):
            return None
        parts = [row.get(name) for name in names]
        if not all(isinstance(part, list) and all(isinstance(turn, Mapping) for turn in part) for part in parts):
            return None
        turns = [dict(turn) for part in parts for turn in part or ()]
        found.append([{_SHAREGPT.get(str(key), str(key)): value for key, value in turn.items()} for turn in turns])
    return found or None


def sharegpt(run: RunView) -> bool:
    """Whether the rows are conversations under the keys `from` and `value`, which TRL renames."""
    known = run.data().columns or {}
    return "conversations" in known and known["conversations"].kind == "sharegpt" and "messages" not in known


def used(run: RunView) -> Template | None:
    """The template that renders text rows of this run, with its text; None where it is not known, or where pictures
    or a processor's own preparation come between."""
    if processing(run).kind is not Kind.TOKENIZER or data.vision(run) is not False:
        return None
    found = template.template(run)
    return found if found is not None and found.text is not None and found.artifact is not None else None


def of_rows(run: RunView) -> Sequence[Any] | None:
    """Each conversation rendered, in the order of `conversations`."""
    rows = conversations(run)
    return None if rows is None else of(run, rows)


def of(run: RunView, rows: Sequence[Sequence[Mapping[str, Any]]]) -> Sequence[Any] | None:
    """Other conversations through the template of the run."""
    found = used(run)
    if found is None or found.text is None or found.artifact is None:
        return None
    try:
        written = json.dumps(rows)
    except (TypeError, ValueError, RecursionError):
        return None
    names = tuple(sorted(special_tokens(found.artifact).items()))
    return token_rows.rendered(found.text, written, names)
