"""Conversational prompt-completion rows whose prompt is trained, because a dict was taken for a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import ASSISTANT_ONLY, STREAMED_ASSISTANT_CHECK, TRANSFORMERS_DICT_TEMPLATES
from trl_lint_rules.sft import place_of

_UPGRADE = Remedy("upgrade to TRL 0.27.1 or newer, or stay with transformers 4")


class PromptTrainedWithTransformers5(Advisory):
    """0.19 crashes on it; 0.20 to 0.27.0 train the prompt."""

    code = "TRL902"
    name = "prompt-trained-with-transformers-5"
    summary = "conversational prompt-completion rows in TRL 0.19 to 0.27.0 with transformers 5: the prompt is trained"
    trainers = frozenset({"SFTTrainer"})
    since: ClassVar[Release] = ASSISTANT_ONLY
    fixed: ClassVar[Release] = Release(0, 27, 1)
    cause = (
        "`apply_chat_template` returns a dict of two entries in transformers 5, and TRL takes its length, 2, for that "
        "of the prompt."
    )

    def check(self, run: RunView) -> Iterable[Verdict]:
        """As every advisory; in 0.19 the same mistake is an error."""
        if self.since <= run.trl < STREAMED_ASSISTANT_CHECK and self.met(run) is not None and not run.run.patched_by:
            yield Verdict(
                "crash",
                place_of(run, "train_dataset"),
                "{trl} cannot prepare conversational prompt-completion rows with {transformers}: the first batch stops",
                Severity.ERROR,
                Stage.FIRST_BATCH,
                why=(self.cause,),
                evidence=(data.describe(run),),
                remedies=(_UPGRADE,),
            )
        elif run.trl >= STREAMED_ASSISTANT_CHECK:
            yield from super().check(run)

    def met(self, run: RunView) -> Met | None:
        """Where the rows are conversations and only the completion is wanted."""
        if run.transformers < TRANSFORMERS_DICT_TEMPLATES or not data.prompt_completion(run):
            return None
        if data.conversational(run) is not True or data.vision(run) or template.asked(run):
            return None
        if run.setting("completion_only_loss") not in (ABSENT, None, True) or "input_ids" in (data.columns(run) or ()):
            return None
        return Met(
            place_of(run, "completion_only_loss", "train_dataset"),
            "with {transformers} all tokens but the first two are trained, the prompt too",
            (data.describe(run),),
            remedies=(Remedy("stay with transformers 4 (`transformers<5`)"),),
        )
