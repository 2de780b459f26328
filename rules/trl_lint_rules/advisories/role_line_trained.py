"""Completion-only loss on conversations that trains the line which opens the assistant's turn."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, RunView, Severity
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import CONVERSATIONS_TOKENISED, TRANSFORMERS_DICT_TEMPLATES, VISION_DATA_CHECK
from trl_lint_rules.sft import place_of


class RoleLineTrained(Advisory):
    """The prompt is measured without its generation prompt."""

    code = "TRL905"
    name = "role-line-trained"
    summary = "conversational prompt-completion rows in TRL 0.19 to 0.23: the line that opens the answer is trained too"
    trainers = frozenset({"SFTTrainer"})
    since: ClassVar[Release] = CONVERSATIONS_TOKENISED
    fixed: ClassVar[Release] = VISION_DATA_CHECK
    cause = "The prompt is measured without the generation prompt, so that the role line counts as completion."

    def met(self, run: RunView) -> Met | None:
        """Where the rows are conversations and the completion alone is wanted."""
        if not data.prompt_completion(run) or data.conversational(run) is not True or data.vision(run):
            return None
        if template.asked(run):
            return None
        if run.transformers >= TRANSFORMERS_DICT_TEMPLATES or run.setting("packing") is True:
            return None
        if run.setting("completion_only_loss") not in (ABSENT, None, True) or "input_ids" in (data.columns(run) or ()):
            return None
        return Met(
            place_of(run, "completion_only_loss", "train_dataset"),
            "the role line before each answer (`<|im_start|>assistant`, for instance) is trained with it",
            (data.describe(run),),
            severity=Severity.INFO,
        )
