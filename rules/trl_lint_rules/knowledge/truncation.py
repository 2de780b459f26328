"""To which length a run's rows are cut."""

from __future__ import annotations

from trl_lint.api import ABSENT, RunView
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.knowledge.boundaries import MASK_KEPT_WHEN_PACKED


def kept(run: RunView) -> int | None:
    """The number of tokens from the beginning that a row keeps; None where rows are not cut, or it is not known."""
    if run.setting("truncation_mode") not in (ABSENT, "keep_start"):
        return None
    if run.trl < MASK_KEPT_WHEN_PACKED and run.setting("max_seq_length") is not ABSENT:
        return None  # the older name, which overrules the newer one
    length = defaults.value(run, "max_length")
    return length if isinstance(length, int) and not isinstance(length, bool) and length > 0 else None


def shown(run: RunView, length: int) -> str:
    """The length as a message names it."""
    return f"`max_length={length}`" if run.given("max_length") is not None else f"the default `max_length={length}`"
