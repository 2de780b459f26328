"""The text-only class of a vision-language artifact, together with a processor."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import (
    CAUSAL_CLASS_OF_VLM_MENDED,
    CHUNKED_LOSS_DEFAULT,
    REFUSALS_BY_DATA,
    VLM_SUPPORT,
)
from trl_lint_rules.knowledge.loading import loading
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, trainer_place


class TextClassWithProcessor(SftRule):
    """1.7 to 1.10 crash on it; in the others images are prepared and never seen."""

    code = "TRL306"
    name = "text-class-with-processor"
    summary = "the text-only class of a vision-language model, together with its processor"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """A crash by release, or images that have no effect."""
        found = loading(run)
        if found is None or not found.text_class or processing(run).kind is not Kind.PROCESSOR:
            return
        if CHUNKED_LOSS_DEFAULT <= run.trl < CAUSAL_CLASS_OF_VLM_MENDED:
            asked_before = template.asked(run) and run.trl < REFUSALS_BY_DATA
            if run.setting("loss_type") in (ABSENT, None, "chunked_nll") and not asked_before:
                yield _crash(run, found.class_name)
                return
        if data.vision(run) and run.trl >= VLM_SUPPORT:
            yield Verdict(
                "images-unseen",
                trainer_place(run),
                f"the images are never seen: `{found.class_name}` loads the text-only part of this model",
                Severity.WARNING,
                Stage.SILENT,
                why=("TRL prepares the pictures with the processor, and the model ignores them without a word.",),
                evidence=(data.describe(run),),
                remedies=(Remedy("load the model with `AutoModelForImageTextToText`"),),
            )


def _crash(run: RunView, class_name: str) -> Verdict:
    return Verdict(
        "crash",
        trainer_place(run),
        f"{{trl}} crashes on a model loaded with `{class_name}` together with a processor "
        "(AttributeError: no attribute 'text_config')",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=(
            "The class is the text-only part of a vision-language model; the processor makes TRL take it for the "
            "whole, and its default loss reads a part of the configuration that is not there.",
        ),
        evidence=processing(run).evidence,
        remedies=(
            remedies.pass_tokenizer(run, "for a text-only run, pass the tokenizer", safe=data.vision(run) is False),
            remedies.set_config(run, "loss_type", '"nll"', 'or set `loss_type="nll"`'),
            Remedy("or upgrade: TRL 1.11 and newer do not crash"),
        ),
    )
