"""The TRL releases at which SFTTrainer changed what it does.

Source: `trl/trainer/sft_trainer.py` of the published wheels of 0.9.2 to 1.16.0, compared patch release by
patch release; each was run on the releases around it.
"""

from __future__ import annotations

from typing import Final

from trl_lint.api import Release

ASSISTANT_ONLY: Final = Release(0, 19)  # `assistant_only_loss` and its conversational check
COMPLETION_ONLY: Final = Release(0, 17)  # `completion_only_loss`
# Conversational prompts are tokenised by `apply_chat_template` itself, up to 0.23 without the generation prompt.
CONVERSATIONS_TOKENISED: Final = Release(0, 19)
STREAMED_ASSISTANT_CHECK: Final = Release(0, 20)  # looks at next(iter(...)), no longer at train_dataset[0]
MASK_KEPT_WHEN_PACKED: Final = Release(0, 20)
VLM_SUPPORT: Final = Release(0, 22)  # AutoProcessor, `_is_vlm`, refusals for vision-language models
VISION_DATA_CHECK: Final = Release(0, 24)  # data decide whether images are prepared; mismatch is an error
MASK_CHECKED_FOR_PROMPT_COMPLETION: Final = Release(0, 24)
TRAIN_DATASET_REQUIRED: Final = Release(0, 29)
IMAGE_COLUMN: Final = Release(0, 29)  # a column named `image` is read
TEXT_DATA_ON_VLM: Final = Release(1, 0)  # a VLM takes a plain `text` column
TEMPLATE_PATCHING: Final = Release(1, 1)  # known templates are swapped for training ones, others refused
STOP_TOKEN_WARNING: Final = Release(1, 6)
LABELS_AT_PREPARATION: Final = Release(1, 7)
CHUNKED_LOSS_DEFAULT: Final = Release(1, 7)
EMPTY_ROWS_DROPPED: Final = Release(1, 9)
REFUSALS_BY_DATA: Final = Release(1, 10)  # refused for image data, no longer for the model
CAUSAL_CLASS_OF_VLM_MENDED: Final = Release(1, 11)
ASSISTANT_ONLY_WITH_IMAGES: Final = Release(1, 15)

# Assistant masks for image data, as TRL 1.15 and newer ask for it (`Version("5.18.0.dev0")` in its source).
TRANSFORMERS_WITH_IMAGE_MASKS: Final = Release(5, 18)
# `apply_chat_template` returns a dict by default from here on.
TRANSFORMERS_DICT_TEMPLATES: Final = Release(5, 0)
