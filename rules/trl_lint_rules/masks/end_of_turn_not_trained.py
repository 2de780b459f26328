"""Generation markers that leave the end-of-turn token outside."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Note, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, template
from trl_lint_rules.knowledge.boundaries import STOP_TOKEN_WARNING
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import SftRule, place_of


class EndOfTurnNotTrained(SftRule):
    """The model learns to answer and never to stop."""

    code = "TRL206"
    name = "end-of-turn-not-trained"
    summary = "generation markers that leave the end-of-turn token out of the loss"
    needs = frozenset({"assistant_only_loss"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where rendering shows that the end-of-turn token lies behind the marked span."""
        found = template.template(run)
        if not template.asked(run) or found is None or found.text is None or data.conversational(run) is False:
            return
        if template.marking(run.trl, found) is not Marking.NATIVE:
            return
        shown = template.turns(found)
        if shown is None or shown.answers == "uncovered" or shown.end_of_turn != "outside":
            return
        warned = "TRL warns of it in the log" if run.trl >= STOP_TOKEN_WARNING else "nothing says so"
        yield Verdict(
            "outside",
            place_of(run, "assistant_only_loss"),
            "the end-of-turn token is outside the generation markers: the model is never trained to stop",
            Severity.WARNING,
            Stage.SILENT,
            why=(
                "`assistant_only_loss=True` trains what stands between the markers of the chat template. The token "
                f"that ends the assistant's turn stands behind them; {warned}, and the loss looks healthy.",
            ),
            evidence=(f"chat template: {found.origin}",),
            notes=(Note(found.span, "the template that the run uses"),) if found.span is not None else (),
            remedies=(Remedy("move `{% endgeneration %}` behind the end-of-turn token"),),
        )
