"""What a tokenizer's files say of its vocabulary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from trl_lint.api import Artifact, disk

_LIMIT = 64 << 20  # bytes; the largest published tokenizer.json files are about half of this


@lru_cache(maxsize=4)
def _raw(path: str) -> bytes | None:
    try:
        raw = disk.head(path, _LIMIT + 1)
    except (OSError, ValueError):
        return None
    return raw if len(raw) <= _LIMIT else None


def holds(artifact: Artifact, token: str) -> bool | None:
    """Whether the vocabulary may hold `token`: False where no spelling of it occurs in `tokenizer.json` (nor in
    `tokenizer_config.json`); None where that file is not at hand."""
    if artifact.tokenizer_json is None:
        return None
    raw = _raw(artifact.tokenizer_json)
    if raw is None:
        return None
    spellings = {json.dumps(token).encode(), json.dumps(token, ensure_ascii=False).encode("utf-8", "surrogatepass")}
    configured = json.dumps(artifact.json_files.get("tokenizer_config.json", {}), ensure_ascii=False)
    return any(spelling in raw for spelling in spellings) or json.dumps(token, ensure_ascii=False) in configured


def unknown_token(artifact: Artifact) -> str | None:
    """The tokenizer's unknown token, None where its files name none."""
    for file in ("tokenizer_config.json", "special_tokens_map.json"):
        content = artifact.json_files.get(file)
        token = content.get("unk_token") if isinstance(content, Mapping) else None
        if isinstance(token, Mapping):
            token = token.get("content")
        if isinstance(token, str):
            return token
    return None
