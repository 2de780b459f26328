"""GLM-4's training template, which leaves the stop token to the next turn."""

from __future__ import annotations

from typing import ClassVar

from trl_lint.api import Release, RunView
from trl_lint_rules import facts
from trl_lint_rules.advisory import Advisory, Met
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import TEMPLATE_PATCHING
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import place_of


class StopTokenInNextTurn(Advisory):
    """The model stops at the role token of the turn that follows; it is outside the mask."""

    code = "TRL915"
    name = "stop-token-in-next-turn"
    summary = "assistant-only loss with GLM-4's template before TRL 1.7: the token that stops the model is not trained"
    trainers = frozenset({"SFTTrainer"})
    needs = frozenset({"assistant_only_loss"})
    since: ClassVar[Release] = TEMPLATE_PATCHING
    fixed: ClassVar[Release] = Release(1, 7)
    cause = (
        "GLM-4 models stop at the role token of the next turn. TRL's training template counts that token to the next "
        "turn, so that it is never in the mask (TRL pull request 6044)."
    )

    def met(self, run: RunView) -> Met | None:
        """Where the template is swapped for that one."""
        if not template.asked(run) or data.conversational(run) is False:
            return None
        found = template.template(run)
        if found is None or found.text is None or template.marking(run.trl, found) is not Marking.PATCHED:
            return None
        if not facts.patched_templates(run.trl).get(template.fingerprint(found.text), "").startswith("glm4moe"):
            return None
        return Met(
            place_of(run, "assistant_only_loss"),
            "the token that ends an answer is not trained: the model learns to answer and not to stop",
            (f"chat template: {found.origin}",),
        )
