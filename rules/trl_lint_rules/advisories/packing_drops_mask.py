"""Packing that keeps the token ids and loses the masks."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import ABSENT, Release, RunView
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import COMPLETION_ONLY, MASK_KEPT_WHEN_PACKED
from trl_lint_rules.sft import place_of


class PackingDropsMask(Advisory):
    """0.17 to 0.19: what was asked for is computed, and thrown away."""

    code = "TRL901"
    name = "packing-drops-mask"
    summary = "packing or the Liger kernel in TRL 0.17 to 0.19, which throw the mask of the loss away"
    trainers = frozenset({"SFTTrainer"})
    needs = frozenset({"packing", "use_liger_kernel", "use_liger"})
    since: ClassVar[Release] = COMPLETION_ONLY
    fixed: ClassVar[Release] = MASK_KEPT_WHEN_PACKED
    cause = "The prepared rows are reduced to their token ids before they are packed, and the mask goes."

    def met(self, run: RunView) -> Met | None:
        """Where the rows are packed (or go to Liger) and a mask is asked for."""
        by = next((name for name in ("packing", "use_liger_kernel") if run.setting(name) is True), None)
        asked = _asked(run)
        if by is None or asked is None or "input_ids" in (data.columns(run) or ()):
            return None
        what = "packing" if by == "packing" else "the Liger kernel's preparation"
        return Met(
            place_of(run, by),
            f"{what} throws the mask away: {asked} has no effect, every token is trained",
            (data.describe(run),),
            remedies=(remedies.set_config(run, by, "False", f"set `{by}=False`"),),
        )


def _asked(run: RunView) -> str | None:
    if template.asked(run) and not data.prompt_completion(run):
        return "`assistant_only_loss=True`"
    wanted = run.setting("completion_only_loss")
    if data.prompt_completion(run) and wanted in (ABSENT, None, True):
        return "the loss on the completion alone"
    return None
