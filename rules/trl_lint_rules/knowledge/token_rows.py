"""Rows in tokens: rendered in the limited child process, split by the artifact's own `tokenizer.json`.

Everything here is kept over the releases and worlds of a run: none of them changes it, and each rendering costs a
child process. The `tokenizers` library does the splitting, no transformers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from trl_lint.api import dataclass, disk, probe

_MOST_BYTES = 40 << 20  # of a tokenizer.json

Variables = tuple[tuple[str, str], ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Pictures:
    """What stands for pictures: the token of one cell, and for each row the cells of each of its pictures."""

    token: int
    rows: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Supervised:
    """One row in tokens: its length, which positions are trained, the last position of each trained stretch, and the
    position behind the last cell of a picture (0: there is none). `shifted`: so many of the prompt's last tokens are
    others once the completion follows."""

    length: int
    trained: tuple[int, ...]
    ends: tuple[int, ...]
    pictures_end: int = 0
    shifted: int = 0

    def lost(self, kept: int) -> bool:
        """Whether no trained token is among the first `kept`."""
        return bool(self.trained) and self.trained[0] >= kept

    def ends_lost(self, kept: int) -> bool:
        """Whether no trained stretch ends among the first `kept`."""
        return bool(self.ends) and self.ends[0] >= kept


def rendered(text: str, conversations: str, variables: Variables, opened: bool = False) -> tuple[Any, ...]:
    """The `conversations` (JSON) through the template; `opened`: with the generation prompt at the end."""
    return _rendered(text, conversations, variables, opened)


@lru_cache(maxsize=64)
def _rendered(text: str, conversations: str, variables: Variables, opened: bool) -> tuple[Any, ...]:
    return probe(text, json.loads(conversations), **dict(variables), add_generation_prompt=opened)


@lru_cache(maxsize=32)
def by_markers(
    text: str, conversations: str, path: str, variables: Variables, pictures: Pictures | None = None
) -> list[Supervised] | None:
    """What the template's generation markers train."""
    found = _rendered(text, conversations, variables, False)
    return _all(path, [(each.text, each.spans) for each in found], pictures)


@lru_cache(maxsize=32)
def by_turns(text: str, conversations: str, path: str, variables: Variables) -> list[Supervised] | None:
    """What a marked copy of the template would train: each turn of the assistant, from behind the generation prompt
    on. Only where renderings of the beginnings of a conversation are beginnings of its rendering."""
    rows: list[list[dict[str, Any]]] = json.loads(conversations)
    starts = [(i, t) for i, row in enumerate(rows) for t, turn in enumerate(row) if turn.get("role") == "assistant"]
    before = _rendered(text, json.dumps([rows[i][:t] for i, t in starts]), variables, True)
    after = _rendered(text, json.dumps([rows[i][: t + 1] for i, t in starts]), variables, False)
    whole = _rendered(text, conversations, variables, False)
    spans: list[list[Span]] = [[] for _ in rows]
    for (i, _), opened, closed in zip(starts, before, after, strict=True):
        full = whole[i].text
        if full is None or opened.text is None or closed.text is None:
            return None
        if not full.startswith(opened.text) or not full.startswith(closed.text):
            return None
        spans[i].append((len(opened.text), len(closed.text)))
    return _all(path, [(each.text, each_spans) for each, each_spans in zip(whole, spans, strict=True)], None)


@lru_cache(maxsize=32)
def by_prompts(
    text: str,
    prompts: str,
    conversations: str,
    path: str,
    variables: Variables,
    opened: bool,
    pictures: Pictures | None = None,
) -> list[Supervised] | None:
    """The completions of conversational rows: all that follows the rendered prompt (`opened`: with the generation
    prompt)."""
    tokenizer = load(path)
    short = _rendered(text, prompts, variables, opened)
    whole = _rendered(text, conversations, variables, False)
    if tokenizer is None or any(each.text is None for each in (*short, *whole)):
        return None
    found = []
    for number, (prompt, full) in enumerate(zip(short, whole, strict=True)):
        cells = pictures.rows[number] if pictures is not None else ()
        token = pictures.token if pictures is not None else None
        begun = _Positions(tokenizer.encode(prompt.text, add_special_tokens=False).ids, token, cells)
        row = _Positions(tokenizer.encode(full.text, add_special_tokens=False).ids, token, cells)
        if not begun.fits or not row.fits:
            return None
        found.append(_completion(begun, row))
    return found


@lru_cache(maxsize=32)
def by_strings(path: str, prompts: tuple[str, ...], completions: tuple[str, ...], eos: str) -> list[Supervised] | None:
    """The completions of rows of strings. The tokenizer's own special tokens are added, as TRL does."""
    tokenizer = load(path)
    if tokenizer is None:
        return None
    found = []
    for prompt, completion in zip(prompts, completions, strict=True):
        begun = _Positions(tokenizer.encode(prompt).ids, None, ())
        ended = completion if completion.endswith(eos) else completion + eos
        found.append(_completion(begun, _Positions(tokenizer.encode(prompt + ended).ids, None, ())))
    return found


@lru_cache(maxsize=32)
def whole_conversations(
    text: str, conversations: str, path: str, variables: Variables, pictures: Pictures | None = None
) -> list[Supervised] | None:
    """Every token of a conversation."""
    found = _rendered(text, conversations, variables, False)
    return _all(path, [(each.text, [(0, len(each.text or ""))]) for each in found], pictures)


@lru_cache(maxsize=32)
def whole_strings(path: str, texts: tuple[str, ...], eos: str) -> list[Supervised] | None:
    """Every token of rows of strings."""
    tokenizer = load(path)
    if tokenizer is None:
        return None
    lengths = [len(tokenizer.encode(text if text.endswith(eos) else text + eos).ids) for text in texts]
    return [Supervised(length, tuple(range(length)), (length - 1,)) for length in lengths if length]


@lru_cache(maxsize=2)
def load(path: str) -> Any:
    """The tokenizer of this file without truncation and padding; None where it cannot be loaded."""
    if not disk.is_file(path) or disk.size(path) > _MOST_BYTES:
        return None
    from tokenizers import Tokenizer

    disk.touch(path)
    try:
        tokenizer = Tokenizer.from_file(path)
    except Exception:  # the library raises bare Exception for a file that it does not understand
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class _Positions:
    """Where each token of a row stands once every picture's one token has become its cells."""

    def __init__(self, ids: Sequence[int], token: int | None, cells: Sequence[int]) -> None:
        self.ids = ids
        self.places: list[int] = []
        self.pictures_end = 0
        waiting, position = list(cells), 0
        for each in ids:
            self.places.append(position)
            picture = token is not None and each == token
            position += (waiting.pop(0) if waiting else 1) if picture else 1
            if picture:
                self.pictures_end = position
        self.length = position
        self.fits = not waiting


def _completion(begun: _Positions, row: _Positions) -> Supervised:
    """The row from where it leaves its prompt; where the two differ before the prompt's end, the earlier place."""
    shared = next(
        (i for i, (one, other) in enumerate(zip(begun.ids, row.ids, strict=False)) if one != other), len(begun.ids)
    )
    start = row.places[shared] if shared < len(row.places) else row.length
    ends = (row.length - 1,) if start < row.length else ()
    return Supervised(row.length, tuple(range(start, row.length)), ends, row.pictures_end, len(begun.ids) - shared)


def _all(
    path: str, found: Sequence[tuple[str | None, Sequence[Span]]], pictures: Pictures | None
) -> list[Supervised] | None:
    tokenizer = load(path)
    if tokenizer is None:
        return None
    result = []
    for number, (text, spans) in enumerate(found):
        cells = pictures.rows[number] if pictures is not None else ()
        row = _in_tokens(tokenizer, text, spans, pictures.token if pictures is not None else None, cells)
        if row is None:
            return None
        result.append(row)
    return result


def _in_tokens(
    tokenizer: Any, text: str | None, spans: Sequence[Span], token: int | None, cells: Sequence[int]
) -> Supervised | None:
    """As transformers builds its assistant mask: from the token of a span's first character to that of its last."""
    if text is None:
        return None
    encoded = tokenizer.encode(text, add_special_tokens=False)
    row = _Positions(encoded.ids, token, cells)
    if not row.fits:
        return None
    trained: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        first = encoded.char_to_token(start)
        last = encoded.char_to_token(max(start, end - 1))
        if first is None:
            continue
        last = len(encoded.ids) - 1 if last is None else last
        trained += [row.places[position] for position in range(first, last + 1)]
        ends.append(row.places[last])
    return Supervised(row.length, tuple(trained), tuple(ends), row.pictures_end)
