"""The byte gate: can this file hold a run at all? It decides before anything is decoded or parsed."""

from __future__ import annotations

from trl_lint.lazy import regex
from trl_lint.model.source import Kind
from trl_lint.sources.document import COMMANDS, kind_of

# The literal comes first so that the search runs at the speed of `bytes.find`; in a notebook or JSON text an
# escape (`\n`) may stand right before the word.
_WORD = regex(rb"trl(?:(?<![A-Za-z0-9_]trl)|(?<=\\[nrt]trl))(?![A-Za-z0-9_])")
# Projects re-export the classes, so a file that never says `trl` can still make a run.
_CLASS = regex(
    rb"(?:SFT|DPO|GRPO|KTO|ORPO|CPO|BCO|RLOO|PPO|GKD|GOLD|Reward|PRM|XPO|NashMD|MiniLLM|PAPO|Distillation|Unsloth)"
    rb"[A-Za-z0-9]{0,10}(?:Config|Trainer|ScriptArguments)"
)
# The keys without which nothing is taken for a recipe: see `trl_lint.recipes.telling`.
_RECIPE = regex(rb"model_name_or_path|dataset_name|dataset_mix|dataset_id_or_path|datasets")


def gate(raw: bytes, name: str) -> bool:
    """Whether a file of these bytes and this name can hold a run. May say yes for nothing; never no for a real one.

    Of command lines only those of TRL's own command or scripts are runs; what others start is a run of that script.
    """
    kind = kind_of(name)
    if b"\0" in raw[:64]:  # UTF-16 and UTF-32: the reader says what is wrong with the file
        raw = raw.replace(b"\0", b"")
    if kind in (Kind.YAML, Kind.JSON):
        return _RECIPE.search(raw) is not None
    if kind is Kind.JINJA or _WORD.search(raw) is not None:
        return True
    if kind in COMMANDS:
        return False
    return (b"Config" in raw or b"Trainer" in raw or b"ScriptArguments" in raw) and _CLASS.search(raw) is not None
