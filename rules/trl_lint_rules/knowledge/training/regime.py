"""How a release makes labels of rows: one value for each thing that has changed.

Source: `SFTTrainer.__init__` and `_prepare_dataset`, `DataCollatorForLanguageModeling.torch_call`
(trl/trainer/sft_trainer.py) and `pack_dataset` (trl/data_utils.py) of the published wheels of 0.12.2, 0.13.0, 0.14.0,
0.15.2 and of 30 releases from 0.16.0 to 1.16.0, read and compared release by release.
"""

from __future__ import annotations

import enum
from typing import Final

from trl_lint.api import Environment, Release, dataclass
from trl_lint_rules.knowledge import boundaries
from trl_lint_rules.knowledge.boundaries import CONVERSATIONS_TOKENISED

DATA_UTILITIES: Final = Release(0, 15)  # messages and prompt-completion are told by their columns, no longer by types
EOS_ADDED: Final = Release(0, 16)
SEQUENCE_SPLIT_WHEN_PACKED: Final = (Release(0, 27), Release(0, 29))  # `bfd` splits long rows from, to before
LABELS_READ: Final = Release(0, 19)  # a column `labels` is used
MASK_OF_COMPLETIONS: Final = Release(0, 20)  # assistant masks of prompt-completion rows are used
COMPLETION_NEEDS_BOTH: Final = Release(0, 22)  # the automatic completion loss asks for both columns
LIGER_KEEPS_MASKS: Final = Release(0, 22)
# The first token of each document in a padding-free batch has no label: `DataCollatorWithFlattening` of transformers
# up to 0.18, and TRL's own collator from 0.23.
DOCUMENT_STARTS_MASKED: Final = (Release(0, 19), Release(0, 23))
CONTENT_AS_PARTS: Final = Release(0, 24)  # a processor is handed messages whose content is a list of parts
GENERATION_PROMPT: Final = Release(0, 24)
PROMPT_AS_LIST: Final = Release(0, 27, 1)  # `return_dict=False`
TOOLS_AS_JSON: Final = Release(0, 29)
TRUNCATED_IN_BATCH: Final = Release(1, 0)
TRUNCATED_WITH_LABELS: Final = Release(1, 8)
STARTS_AT_DIVERGENCE: Final = Release(1, 14, 2)
EOS_IN_TEXT_FIELD: Final = Release(1, 15)
LIGER_COLUMNS_GONE: Final = Release(1, 15)


class Pairs(enum.Enum):
    """What becomes of prompt and completion."""

    TURNS = "strings become a user and an assistant turn"
    JOINED = "joined, without a mask"
    TEXTS = "rendered, and the texts tokenised"
    TOKENS = "tokenised apart and together"


class Eos(enum.Enum):
    """Where the end-of-sequence token is added to rows that are no conversations."""

    NEVER = "never"
    IDS = "after the tokens"
    TEXT = "to the column text, else to the completion"
    FIELD = "to the text column, else to the completion"


class Cut(enum.Enum):
    """When rows are truncated."""

    ROWS = "rows, before the batch is made"
    BATCH = "the batch"
    LABELS = "rows, once they have labels"


@dataclass(frozen=True, slots=True)
class Regime:
    """What one pair of releases does. Each field is a boundary that was read in the source."""

    trl: Release
    pairs: Pairs
    eos: Eos
    cut: Cut
    chat_texts_get_special_tokens: bool  # a rendered conversation is tokenised with a second BOS
    generation_prompt: bool  # the prompt of a conversation is rendered with it
    prompt_is_dict: bool  # the length of the prompt is that of a dict with two keys
    starts_at_divergence: bool  # of the tokens of prompt and prompt+completion; else after the prompt's length
    completion_loss: bool  # `completion_only_loss` exists
    completion_needs_both: bool
    labels_read: bool
    labels_packed: bool
    masks_packed: bool
    masks_of_completions: bool
    masks_checked: bool  # a row without an assistant token stops the run; of prompt-completion rows too
    pads_untrained: bool  # transformers' collator takes the label off every token that is the padding token
    starts_untrained: bool  # the first token of each document in a padding-free batch has no label
    empty_dropped: bool
    split_when_packed: bool
    parts: bool  # a processor gets content as parts
    liger: frozenset[str] | None  # the columns that are left with the Liger kernel; None: all


def regime(environment: Environment) -> Regime:
    """What this pair of releases does."""
    trl = environment.trl
    return Regime(
        trl=trl,
        pairs=_pairs(trl),
        eos=_eos(trl),
        cut=Cut.ROWS if trl < TRUNCATED_IN_BATCH else Cut.BATCH if trl < TRUNCATED_WITH_LABELS else Cut.LABELS,
        chat_texts_get_special_tokens=DATA_UTILITIES <= trl < boundaries.COMPLETION_ONLY,
        generation_prompt=trl < CONVERSATIONS_TOKENISED or trl >= GENERATION_PROMPT,
        prompt_is_dict=CONVERSATIONS_TOKENISED <= trl < PROMPT_AS_LIST
        and environment.transformers >= boundaries.TRANSFORMERS_DICT_TEMPLATES,
        starts_at_divergence=trl >= STARTS_AT_DIVERGENCE,
        completion_loss=trl >= boundaries.COMPLETION_ONLY,
        completion_needs_both=trl >= COMPLETION_NEEDS_BOTH,
        labels_read=trl >= LABELS_READ,
        labels_packed=trl >= boundaries.LABELS_AT_PREPARATION,
        masks_packed=trl >= boundaries.MASK_KEPT_WHEN_PACKED,
        masks_of_completions=trl >= MASK_OF_COMPLETIONS,
        masks_checked=trl >= boundaries.MASK_CHECKED_FOR_PROMPT_COMPLETION,
        pads_untrained=trl < EOS_ADDED,
        starts_untrained=trl < DOCUMENT_STARTS_MASKED[0] or trl >= DOCUMENT_STARTS_MASKED[1],
        empty_dropped=trl >= boundaries.EMPTY_ROWS_DROPPED,
        split_when_packed=SEQUENCE_SPLIT_WHEN_PACKED[0] <= trl < SEQUENCE_SPLIT_WHEN_PACKED[1],
        parts=trl >= CONTENT_AS_PARTS,
        liger=_liger(trl),
    )


def _pairs(trl: Release) -> Pairs:
    if trl < DATA_UTILITIES:
        return Pairs.TURNS
    if trl < boundaries.COMPLETION_ONLY:
        return Pairs.JOINED
    return Pairs.TEXTS if trl < CONVERSATIONS_TOKENISED else Pairs.TOKENS


def _eos(trl: Release) -> Eos:
    if trl < EOS_ADDED:
        return Eos.NEVER
    if trl < boundaries.COMPLETION_ONLY:
        return Eos.IDS
    return Eos.TEXT if trl < EOS_IN_TEXT_FIELD else Eos.FIELD


def _liger(trl: Release) -> frozenset[str] | None:
    if trl >= LIGER_COLUMNS_GONE or trl < EOS_ADDED:
        return None
    if trl >= boundaries.LABELS_AT_PREPARATION:
        return frozenset({"labels"})
    if trl >= LIGER_KEEPS_MASKS:
        return frozenset({"completion_mask", "assistant_masks"})
    return frozenset({"completion_mask"}) if trl >= boundaries.MASK_KEPT_WHEN_PACKED else frozenset()
