"""Completion-only loss on rows that have no completion."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import ASSISTANT_ONLY, COMPLETION_ONLY, VISION_DATA_CHECK, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of


class CompletionOnlyLossWithoutCompletion(SftRule):
    """Ignored on text, refused on image conversations."""

    code = "TRL207"
    name = "completion-only-loss-without-completion"
    summary = "completion-only loss on rows that have no completion"
    needs = frozenset({"completion_only_loss"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and have neither a completion nor a mask for one."""
        columns = data.columns(run)
        if run.trl < COMPLETION_ONLY or run.setting("completion_only_loss") is not True or columns is None:
            return
        if "completion" in columns or columns & {"completion_mask", "labels"}:
            return
        if "assistant_masks" in columns and run.trl >= ASSISTANT_ONLY:
            return  # that mask decides, whatever the flag says
        at = place_of(run, "completion_only_loss")
        remedy = remedies.drop_config(run, "completion_only_loss", "drop it, if the whole text is to be trained")
        split = Remedy("or split the rows into `prompt` and `completion` columns")
        evidence = (data.describe(run),)
        if data.vision(run) and run.trl >= VLM_SUPPORT and processing(run).kind is Kind.PROCESSOR:
            yield Verdict(
                "refused-for-images",
                at,
                "{trl} refuses `completion_only_loss=True` on image conversations when it builds the first batch",
                Severity.ERROR,
                Stage.FIRST_BATCH,
                why=("The collator for images masks completions only where there is a `completion` column.",),
                evidence=evidence,
                remedies=(remedy, split),
            )
        elif run.trl >= VISION_DATA_CHECK or processing(run).kind is Kind.TOKENIZER:
            yield Verdict(
                "ignored",
                at,
                "`completion_only_loss=True` has no effect: the rows have no completion, every token is trained",
                Severity.WARNING,
                Stage.SILENT,
                why=(
                    "{trl} masks the prompt only where the rows have `prompt` and `completion`, and does not say so.",
                ),
                evidence=evidence,
                remedies=(remedy, split),
            )
