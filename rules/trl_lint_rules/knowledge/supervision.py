"""Which tokens of the sampled rows are trained, and what truncation leaves of them.

Works on the rows that were read of local data, with the artifact's own `tokenizer.json` (the `tokenizers`
library, no transformers) and the chat template rendered in the limited child process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from trl_lint.api import RunView, dataclass, probe, special_tokens
from trl_lint_rules.knowledge.template import Template

_MOST_ROWS = 24
_MOST_BYTES = 40 << 20  # of a tokenizer.json


@dataclass(frozen=True)
class Supervised:
    """One row in tokens: its length, which positions are trained, and the last position of each trained stretch."""

    length: int
    trained: tuple[int, ...]
    ends: tuple[int, ...]

    def lost(self, kept: int) -> bool:
        """Whether no trained token is among the first `kept`."""
        return bool(self.trained) and self.trained[0] >= kept

    def ends_lost(self, kept: int) -> bool:
        """Whether no trained stretch ends among the first `kept`."""
        return bool(self.ends) and self.ends[0] >= kept


def by_markers(run: RunView, found: Template, column: str) -> list[Supervised] | None:
    """The sampled conversations with what the template's markers train; None where it cannot be known."""
    if found.text is None or found.artifact is None:
        return None
    rows = [row[column] for row in run.data().rows[:_MOST_ROWS] if isinstance(row.get(column), list)]
    if not rows or found.artifact.tokenizer_json is None:
        return None
    try:
        conversations = json.dumps(rows)
    except (TypeError, ValueError, RecursionError):
        return None
    variables = tuple(sorted(special_tokens(found.artifact).items()))
    return _counted(found.text, conversations, found.artifact.tokenizer_json, variables)


@lru_cache(maxsize=32)
def _counted(
    text: str, conversations: str, path: str, variables: tuple[tuple[str, str], ...]
) -> list[Supervised] | None:
    """The rows in tokens. Kept over the releases and worlds of a run: none of them changes it, and each time costs
    a child process."""
    tokenizer = _tokenizer(path)
    if tokenizer is None:
        return None
    result = []
    for rendered in probe(text, json.loads(conversations), **dict(variables)):
        if rendered.text is None:
            return None
        result.append(_in_tokens(tokenizer, rendered.text, rendered.spans))
    return result


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


@lru_cache(maxsize=2)
def _tokenizer(path: str) -> Any:
    """The tokenizer of this file without truncation and padding; None where it cannot be loaded."""
    if not Path(path).is_file() or Path(path).stat().st_size > _MOST_BYTES:
        return None
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(path)
    except Exception:  # the library raises bare Exception for a file that it does not understand
        return None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _in_tokens(tokenizer: Any, text: str, spans: Sequence[tuple[int, int]]) -> Supervised:
    """As transformers builds its assistant mask: from the token of a span's first character to that of its last."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    trained: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        first = encoded.char_to_token(start)
        last = encoded.char_to_token(max(start, end - 1))
        if first is None:
            continue
        last = len(encoded.ids) - 1 if last is None else last
        trained += range(first, last + 1)
        ends.append(last)
    return Supervised(len(encoded.ids), tuple(trained), tuple(ends))
