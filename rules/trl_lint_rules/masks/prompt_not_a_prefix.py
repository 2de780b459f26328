"""Prompts whose tokens change when the completion follows."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, supervision
from trl_lint_rules.knowledge.supervision import Regime
from trl_lint_rules.sft import SftRule, place_of

STARTS_AT_DIVERGENCE = Release(1, 14, 2)  # before, the completion began where the prompt alone would have ended
_NOTABLE = 0.2


class PromptNotAPrefix(SftRule):
    """Where tokens merge across the border, prompt and completion are split at another place than in use."""

    code = "TRL216"
    name = "prompt-not-a-prefix"
    summary = "prompts that are tokenised otherwise when the completion follows them"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows that were read show it."""
        if supervision.regime(run) is not Regime.COMPLETION or data.vision(run):
            return
        rows = supervision.counted(run) or []
        shifted = [row for row in rows if row.shifted]
        if not shifted or len(shifted) < _NOTABLE * len(rows):
            return
        strings = data.conversational(run) is False
        spaces = strings and any(str(row.get("prompt"))[-1:].isspace() for row in run.data().rows)
        most = max(row.shifted for row in shifted)
        lost = most > 1 and run.trl < STARTS_AT_DIVERGENCE
        effect = (
            f"up to {most} tokens of the answer are not trained"
            if lost
            else "the first token of the answer is not trained"
        )
        if run.trl >= STARTS_AT_DIVERGENCE:
            effect = "the answer is trained behind another context than it will have"
        yield Verdict(
            "strings" if strings else "template",
            place_of(run, "train_dataset"),
            f"in {len(shifted)} of the {len(rows)} rows read the prompt's last tokens change when the completion "
            f"follows: {effect}",
            Severity.WARNING if strings or lost else Severity.INFO,
            Stage.SILENT,
            why=(
                "The prompt ends with white space, which belongs to the first word of the completion for the tokenizer."
                if spaces
                else "The generation prompt is longer than what the template puts before an answer in a conversation."
                if lost and not strings
                else "The tokenizer merges the end of the prompt with the beginning of the completion.",
            ),
            evidence=(data.describe(run),),
            remedies=(
                Remedy("end the prompts on a token: move the white space to the beginning of the completions")
                if strings
                else Remedy("give a template that renders the prompt the same way with and without an answer"),
            ),
        )
