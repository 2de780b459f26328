"""The special tokens that a tokenizer's files name, as transformers hands them to a chat template."""

from __future__ import annotations

from collections.abc import Mapping

from trl_lint.model.artifact import Artifact

_SUFFIX = "_token"
_MAX_LENGTH = 200
_MAX_COUNT = 2_000


def special_tokens(artifact: Artifact) -> Mapping[str, str]:
    """The named special tokens (`eos_token` ...): variables of the template."""
    found: dict[str, str] = {}
    for file in ("special_tokens_map.json", "tokenizer_config.json"):
        content = artifact.json_files.get(file)
        if isinstance(content, Mapping):
            for name, value in content.items():
                text = _text(value)
                if isinstance(name, str) and name.endswith(_SUFFIX) and text:
                    found[name] = text
    return found


def added_tokens(artifact: Artifact) -> frozenset[str]:
    """All tokens that the tokenizer's files add to the vocabulary, named or not."""
    found = set(special_tokens(artifact).values())
    content = artifact.json_files.get("tokenizer_config.json")
    if isinstance(content, Mapping):
        decoder = content.get("added_tokens_decoder")
        values = list(decoder.values()) if isinstance(decoder, Mapping) else []
        for key in ("additional_special_tokens", "extra_special_tokens"):
            extra = content.get(key)
            values += extra if isinstance(extra, list) else []
        found.update(text for text in map(_text, values[:_MAX_COUNT]) if text)
    return frozenset(found)


def _text(value: object) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("content")
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_LENGTH else None
