"""Which tokens of the sampled rows are trained, by what the run asks for and what the release makes of it."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from typing import Any

from trl_lint.api import ABSENT, Release, RunView, special_tokens
from trl_lint_rules.knowledge import data, image_tokens, template, token_rows
from trl_lint_rules.knowledge.boundaries import (
    COMPLETION_ONLY,
    CONVERSATIONS_TOKENISED,
    TRANSFORMERS_DICT_TEMPLATES,
    VISION_DATA_CHECK,
)
from trl_lint_rules.knowledge.processing import Kind, Processing, processing
from trl_lint_rules.knowledge.template import Marking, Template
from trl_lint_rules.knowledge.token_rows import Pictures, Supervised

__all__ = ["Regime", "Supervised", "counted", "lengths", "regime", "shorter_than"]

_MOST_ROWS = 24
# Before, the length of the dict that transformers 5 returns was taken for the length of the prompt.
_PROMPT_MEASURED = Release(0, 27, 1)


class Regime(enum.Enum):
    """What decides which tokens of a row are trained."""

    MARKERS = "the generation markers of the template"
    TURNS = "the assistant's turns, by TRL's own copy of the template"
    COMPLETION = "the completion"
    WHOLE = "every token"


def regime(run: RunView, collated: bool = True) -> Regime | None:
    """What decides in this run; None where it is not known, or where the rows are not prepared in the usual way.

    `collated`: the question is what the batches hold, so a collator of the code's own decides too.
    """
    columns = data.columns(run)
    if columns is None or "input_ids" in columns or data.vision(run) is None or _otherwise(run, collated):
        return None
    prompts = data.prompt_completion(run)
    if template.asked(run):
        found = template.template(run)
        if prompts or data.conversational(run) is not True or found is None:
            return None
        marked = template.marking(run.trl, found)
        return {Marking.NATIVE: Regime.MARKERS, Marking.PATCHED: Regime.TURNS}.get(marked)
    if prompts:
        wanted = run.setting("completion_only_loss")
        return Regime.COMPLETION if run.trl >= COMPLETION_ONLY and wanted in (ABSENT, None, True) else None
    return None if run.setting("completion_only_loss") is True and data.vision(run) else Regime.WHOLE


def _otherwise(run: RunView, collated: bool) -> bool:
    """Whether something that is not looked into here decides: packing, a formatter, a collator, rows as they are."""
    if processing(run).kind not in (Kind.TOKENIZER, Kind.PROCESSOR) or processing(run).escaped:
        return True
    settings = ("packing", "padding_free", "dataset_kwargs")
    arguments = ("formatting_func", "packing", "dataset_kwargs", *(("data_collator",) if collated else ()))
    return any(run.setting(name) not in (ABSENT, False, None) for name in settings) or any(
        run.passed(name) is not None and run.argument(name) not in (ABSENT, False, None) for name in arguments
    )


def counted(run: RunView) -> list[Supervised] | None:
    """The sampled rows in tokens with what is trained of them; None where it cannot be known."""
    return run.once("sft-supervision", lambda: _counted(run, regime(run)))


def lengths(run: RunView) -> list[int] | None:
    """How many tokens the sampled rows have when they come to the collator, uncut; None where it cannot be known."""
    found = run.once("sft-lengths", lambda: _counted(run, regime(run, collated=False)))
    return None if found is None else [row.length for row in found]


def _counted(run: RunView, decides: Regime | None) -> list[Supervised] | None:
    rows = [row for row in run.data().rows[:_MOST_ROWS] if not any(row.get(name) for name in _RENDERED_WITH)]
    if decides is None or not rows or len(rows) < len(run.data().rows[:_MOST_ROWS]):
        return None
    if data.conversational(run) is True:
        return _conversations(run, decides, rows)
    return _strings(run, decides, rows) if data.conversational(run) is False and not data.vision(run) else None


_RENDERED_WITH = ("tools", "chat_template_kwargs")


def _conversations(run: RunView, decides: Regime, rows: Sequence[Mapping[str, Any]]) -> list[Supervised] | None:
    found = template.template(run)
    if found is None or found.text is None or found.artifact is None or found.artifact.tokenizer_json is None:
        return None
    pictures = None
    if data.vision(run):
        pictures = _pictures(run, found, rows)
        if pictures is None or decides is Regime.TURNS:
            return None
    path, names = found.artifact.tokenizer_json, tuple(sorted(special_tokens(found.artifact).items()))
    if decides is Regime.COMPLETION:
        if CONVERSATIONS_TOKENISED <= run.trl < _PROMPT_MEASURED and run.transformers >= TRANSFORMERS_DICT_TEMPLATES:
            return None
        begun = _messages(rows, ("prompt",), pictures)
        whole = _messages(rows, ("prompt", "completion"), pictures)
        if begun is None or whole is None or not all(_ends_with_user(row) for row in rows):
            return None
        closed = CONVERSATIONS_TOKENISED <= run.trl < VISION_DATA_CHECK
        opened = not closed or pictures is not None
        return token_rows.by_prompts(found.text, begun, whole, path, names, opened, pictures)
    written = _messages(rows, ("messages",), pictures)
    if written is None:
        return None
    if decides is Regime.MARKERS:
        return token_rows.by_markers(found.text, written, path, names, pictures)
    if decides is Regime.TURNS:
        return token_rows.by_turns(found.text, written, path, names)
    return token_rows.whole_conversations(found.text, written, path, names, pictures)


def _messages(rows: Sequence[Mapping[str, Any]], names: tuple[str, ...], pictures: Pictures | None) -> str | None:
    """The messages under these names, one conversation for each row, as JSON."""
    found = []
    for number, row in enumerate(rows):
        conversation: list[Any] = []
        for name in names:
            part = row.get(name)
            if not isinstance(part, list) or not all(isinstance(message, Mapping) for message in part):
                return None
            conversation += part
        if pictures is not None:
            placed = image_tokens.with_placeholders(conversation, len(pictures.rows[number]))
            if placed is None:
                return None
            conversation = placed
        found.append(conversation)
    try:
        return json.dumps(found)
    except (TypeError, ValueError, RecursionError):
        return None


def _ends_with_user(row: Mapping[str, Any]) -> bool:
    prompt = row.get("prompt")
    return isinstance(prompt, list) and bool(prompt) and prompt[-1].get("role") in ("user", "tool")


def _pictures(run: RunView, found: Template, rows: Sequence[Mapping[str, Any]]) -> Pictures | None:
    cells = image_tokens.grid(found.artifact)
    if cells is None or processing(run).kind is not Kind.PROCESSOR:
        return None
    counts = [image_tokens.of_row(run, cells, row) for row in rows]
    known = tuple(count for count in counts if count is not None)
    return Pictures(cells.token, known) if len(known) == len(counts) else None


def _strings(run: RunView, decides: Regime, rows: Sequence[Mapping[str, Any]]) -> list[Supervised] | None:
    used = processing(run)
    artifact = used.artifact
    eos = _end_token(run, used)
    if artifact is None or artifact.tokenizer_json is None or eos is None:
        return None
    if decides is Regime.COMPLETION:
        prompts, completions = _texts(rows, "prompt"), _texts(rows, "completion")
        if prompts is None or completions is None:
            return None
        return token_rows.by_strings(artifact.tokenizer_json, prompts, completions, eos)
    field = run.setting("dataset_text_field")
    texts = _texts(rows, field if isinstance(field, str) else "text")
    return None if texts is None else token_rows.whole_strings(artifact.tokenizer_json, texts, eos)


def _end_token(run: RunView, used: Processing) -> str | None:
    given = run.setting("eos_token")
    if isinstance(given, str):
        return given
    return special_tokens(used.artifact).get("eos_token", "") if used.artifact is not None else None


def _texts(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...] | None:
    found = tuple(row.get(name) for row in rows)
    texts = tuple(text for text in found if isinstance(text, str))
    return texts if len(texts) == len(found) else None


def shorter_than(rows: Sequence[Mapping[str, Any]], length: int) -> bool:
    """Whether no row can come near `length` tokens, told without a tokenizer: a token is at least one byte, and
    what a template adds to a message is rarely more than a few dozen bytes."""
    return all(_bytes(row) * 2 + 200 < length for row in rows)


def _bytes(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace")) + 40
    if isinstance(value, Mapping):
        return sum(map(_bytes, value.values()))
    if isinstance(value, Sequence):
        return sum(map(_bytes, value))
    return 8
