"""Preference rows with pictures, of which truncation keeps the end."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, UNKNOWN, Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, defaults, remedies
from trl_lint_rules.sft import place_of, trainer_place


class PicturesCutFromPrompt(Advisory):
    """The placeholders of the pictures stand at the beginning, which is what goes."""

    code = "TRL919"
    name = "pictures-cut-from-prompt"
    summary = '`truncation_mode="keep_end"` of DPO on image rows before TRL 1.0: pictures without their tokens'
    trainers = frozenset({"DPOTrainer"})
    needs = frozenset({"truncation_mode"})
    since: ClassVar[Release] = Release(0, 29)
    fixed: ClassVar[Release] = Release(1, 0)
    cause = (
        "The beginning of a long row is cut, and the image tokens stand there; the pictures themselves are passed on "
        "all the same. From 1.0 on it is refused (TRL pull request 5286)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the end is kept, rows are cut, and there are pictures."""
        if run.setting("truncation_mode") != "keep_end" or data.vision(run) is not True:
            return None
        if defaults.value(run, "max_length") in (None, ABSENT, UNKNOWN):
            return None
        return Met(
            place_of(run, "truncation_mode") if run.given("truncation_mode") else trainer_place(run),
            "long rows lose their image tokens, and the model is given pictures that its text does not mention",
            (data.describe(run),),
            ("it takes rows longer than `max_length`",),
            (remedies.set_config(run, "truncation_mode", '"keep_start"', 'set `truncation_mode="keep_start"`'),),
        )
