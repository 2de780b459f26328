"""Whether rows of text end, and begin, with the tokenizer's special tokens."""

from __future__ import annotations

from trl_lint.api import Artifact, RunView, special_tokens
from trl_lint_rules.knowledge import token_rows
from trl_lint_rules.knowledge.processing import processing


def end_token(run: RunView) -> str | None:
    """The end-of-sequence token that this run appends; None where it is not known."""
    given = run.setting("eos_token")
    if isinstance(given, str):
        return given
    artifact = processing(run).artifact
    return special_tokens(artifact).get("eos_token") if artifact is not None else None


def ended(run: RunView, column: str) -> bool | None:
    """Whether the rows that were read all end with that token; None where some do, or where it is not known."""
    token = end_token(run)
    texts = [row[column] for row in run.data().rows if isinstance(row.get(column), str)]
    if token is None or not texts:
        return None
    found = {text.endswith(token) for text in texts}
    return found.pop() if len(found) == 1 else None


def added_by_tokenizer(run: RunView) -> bool:
    """Whether the tokenizer itself is known to end every text with the token."""
    artifact = processing(run).artifact
    content = artifact.json_files.get("tokenizer_config.json") if artifact is not None else None
    return isinstance(content, dict) and content.get("add_eos_token") is True


def begins_with_special(artifact: Artifact | None) -> str | None:
    """The special token that the tokenizer puts before every text; "" where it puts none, None where not known."""
    if artifact is None or artifact.tokenizer_json is None:
        return None
    tokenizer = token_rows.load(artifact.tokenizer_json)
    if tokenizer is None:
        return None
    encoded = tokenizer.encode("a")
    if not encoded.ids or not encoded.special_tokens_mask[0]:
        return ""
    token = encoded.tokens[0]
    return token if isinstance(token, str) else None
