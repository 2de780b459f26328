"""How many tokens the parts of preference and rating rows have, with the artifact's own template and tokenizer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trl_lint.api import RunView, special_tokens
from trl_lint_rules.knowledge import template, token_rows
from trl_lint_rules.knowledge.processing import Kind, processing

_MOST_ROWS = 24

Row = Mapping[str, Any]


def prompts(run: RunView) -> list[int] | None:
    """The lengths of the prompts, with the generation prompt; None where one cannot be counted."""
    return _lengths(run, [row.get("prompt") for row in _rows(run)], opened=True)


def pairs(run: RunView) -> list[int] | None:
    """The length of the longer of `chosen` and `rejected` of each row, with the prompt before it."""
    rows = _rows(run)
    sides = [_lengths(run, [_whole(row, name) for row in rows], opened=False) for name in ("chosen", "rejected")]
    if any(side is None for side in sides):
        return None
    chosen, rejected = (side or [] for side in sides)
    return [max(both) for both in zip(chosen, rejected, strict=True)]


def _rows(run: RunView) -> Sequence[Row]:
    rows = run.data().rows[:_MOST_ROWS]
    return [] if any(row.get(name) for row in rows for name in ("tools", "chat_template_kwargs")) else rows


def _whole(row: Row, name: str) -> Any:
    prompt, part = row.get("prompt"), row.get(name)
    if prompt is None:
        return part
    if isinstance(prompt, str) and isinstance(part, str):
        return prompt + part
    return prompt + part if isinstance(prompt, list) and isinstance(part, list) else None


def _lengths(run: RunView, parts: Sequence[Any], opened: bool) -> list[int] | None:
    used = processing(run)
    artifact = used.artifact
    if not parts or used.kind is not Kind.TOKENIZER or used.escaped or artifact is None:
        return None
    tokenizer = token_rows.load(artifact.tokenizer_json) if artifact.tokenizer_json is not None else None
    if tokenizer is None:
        return None
    if all(isinstance(part, str) for part in parts):
        return [len(tokenizer.encode(part).ids) for part in parts]
    found = template.of_processing(run, used)
    if found is None or found.text is None or not all(_is_conversation(part) for part in parts):
        return None
    names = tuple(sorted(special_tokens(artifact).items()))
    texts = [each.text for each in token_rows.rendered(found.text, json.dumps(parts), names, opened)]
    if any(text is None for text in texts):
        return None
    return [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]


def _is_conversation(part: object) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(turn, Mapping) for turn in part)
