"""The groups of cases, in the order in which they are recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import online, preference, sft, vision
from .case import Case

ALL: tuple[Callable[[], Iterator[Case]], ...] = (
    sft.templates,
    sft.formats,
    sft.skipped,
    sft.lengths,
    sft.packing,
    sft.collators,
    sft.formatting,
    sft.tokens,
    sft.trainers,
    sft.schedule,
    vision.text_only,
    vision.pictured,
    online.every,
    preference.dpo,
    preference.dpo_models,
    preference.kto,
    preference.reward,
    preference.distilled,
)
