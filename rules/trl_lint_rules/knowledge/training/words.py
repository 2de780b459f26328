"""What is trained, and what is cut, in words."""

from __future__ import annotations

from trl_lint_rules.knowledge.training.labels import Recipe, columns_used
from trl_lint_rules.knowledge.training.regime import Cut
from trl_lint_rules.knowledge.training.settings import Settings


def loss_in_words(found: Settings, recipe: Recipe, pairs: bool, automatic: bool, masks: frozenset[str]) -> str:
    """The tokens that get a label. `masks` are the mask and label columns that the prepared rows have."""
    if recipe.overwritten:
        return "every token: the collator copies the labels from the token ids"
    used = columns_used(recipe) & masks
    words = []
    if "labels" in used:
        words.append("what the column `labels` says")
    if "completion_mask" in used:
        by = " (the default for prompt-completion rows)" if automatic else " (`completion_only_loss=True`)"
        words.append("the completion" + (by if pairs else " (the column `completion_mask`)"))
    if "assistant_masks" in used:
        words.append(
            "the assistant's turns (`assistant_only_loss=True`)"
            if found.assistant_only
            else "what the column `assistant_masks` says"
        )
    if not words:
        return "every token"
    return " and of that ".join(words)


def truncation_in_words(found: Settings, recipe: Recipe) -> str:
    """What becomes of long rows."""
    if recipe.max_length is None:
        return "none"
    given = f"`{found.length_name}={recipe.max_length}`"
    if recipe.packed:
        return f"{given} is the length of a packed sequence"
    if recipe.skip_prepare and recipe.regime.cut is not Cut.BATCH:
        return f"none: {given} is not applied to rows that are not prepared"
    return f"{given} keeps the {'end' if recipe.keep_end else 'beginning'}"
