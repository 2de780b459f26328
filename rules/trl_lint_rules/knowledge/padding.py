"""Which token pads the batches of a run, and whether it is the one that ends a text."""

from __future__ import annotations

from typing import Any

from trl_lint.api import ABSENT, UNKNOWN, Instance, Mutation, RunView, Span, dataclass, special_tokens
from trl_lint_rules.knowledge.processing import Kind, Processing

_PAD = ("pad_token", "pad_token_id")
_EOS = ("eos_token", "eos_token_id")


@dataclass(frozen=True)
class Same:
    """The padding token is the end-of-sequence token: where the code says so, or the file that does."""

    at: Span | None = None
    evidence: str = ""


def is_end_token(run: RunView, used: Processing, filled: bool = False) -> Same | None:
    """Whether the processing class pads with its end-of-sequence token; None where it does not, or is not known to.

    `filled`: where it has no padding token, TRL makes it the end-of-sequence token.
    """
    if used.kind not in (Kind.TOKENIZER, Kind.PROCESSOR) or used.escaped:
        return None
    edit = next((each for each in reversed(used.edits) if _sets_pad(each)), None)
    if edit is not None:
        return Same(edit.span) if not edit.optional and _is_end(run, edit, used) else None
    if used.artifact is None or any(each.name in ("add_special_tokens", *_EOS) for each in used.edits):
        return None
    if used.artifact.json_files.get("tokenizer_config.json") is None:
        return None
    tokens = special_tokens(used.artifact)
    end, pad = tokens.get("eos_token"), tokens.get("pad_token")
    where = used.artifact.where or used.artifact.name
    if end is None or (pad is None and not filled) or pad not in (None, end):
        return None
    said = f"{where} names {end!r} for both" if pad == end else f"{where} names no padding token"
    return Same(None, said)


def _sets_pad(edit: Mutation) -> bool:
    return edit.kind == "set" and edit.name.removeprefix("tokenizer.") in _PAD


def _is_end(run: RunView, edit: Mutation, used: Processing) -> bool:
    found: Any = run.plain(edit.value)
    if isinstance(found, Instance):
        return found.callee.rpartition(".")[2] in _EOS
    if not isinstance(found, str) or used.artifact is None:
        return False
    return special_tokens(used.artifact).get("eos_token") == found


def missing(run: RunView, used: Processing) -> bool:
    """Whether the tokenizer that the code passes is known to have no padding token: none in its files, or None set."""
    if not used.given or used.kind is not Kind.TOKENIZER or used.artifact is None or used.escaped:
        return False
    edits = [edit for edit in used.edits if _sets_pad(edit) or edit.name == "add_special_tokens"]
    if edits:
        return run.plain(edits[-1].value) is None and not edits[-1].optional and _sets_pad(edits[-1])
    made = run.run.processing.instance
    if made is not None and made.call is not None and any(made.call.keyword(name) is not None for name in _PAD):
        return False
    if run.setting("pad_token") not in (ABSENT, None) or run.setting("pad_token") is UNKNOWN:
        return False
    known = used.artifact.json_files.get("tokenizer_config.json") is not None
    return known and used.artifact.tokenizer_json is not None and "pad_token" not in special_tokens(used.artifact)
