"""Text-only data in releases that want images from every vision-language run."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import TEXT_DATA_ON_VLM, VISION_DATA_CHECK, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, trainer_place

# 0.24 and 0.25 read `eos_token` from the processor; from 0.26 they read it from its tokenizer, and plain text then
# fails in the first batch until 1.0.
EOS_FROM_TOKENIZER = Release(0, 26)


class TextDataOnVlm(SftRule):
    """0.22 and 0.23 read an `images` column from every row; up to 0.29 plain text fails in other ways."""

    code = "TRL304"
    name = "text-data-on-vlm"
    summary = "text-only data on a vision-language model, in a release that cannot train it so"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and this release cannot train them with a processor."""
        columns = data.columns(run)
        if not VLM_SUPPORT <= run.trl < TEXT_DATA_ON_VLM or columns is None or template.asked(run):
            return
        if processing(run).kind is not Kind.PROCESSOR or data.vision(run):
            return
        plain = data.conversational(run) is False and "input_ids" not in columns
        if run.trl < VISION_DATA_CHECK:
            yield _verdict(
                run, "images-wanted", Stage.FIRST_BATCH, "it looks for images in every row when it builds a batch"
            )
        elif plain and run.trl < EOS_FROM_TOKENIZER:
            yield _verdict(
                run, "eos-of-processor", Stage.PREPARE_DATA, "it asks the processor for `eos_token`, which has none"
            )
        elif plain and not data.prompt_completion(run):
            yield _verdict(run, "plain-text", Stage.FIRST_BATCH, "it hands plain text to the processor as an image")


def _verdict(run: RunView, case: str, stage: Stage, reason: str) -> Verdict:
    used = processing(run)
    return Verdict(
        case,
        trainer_place(run),
        f"{{trl}} cannot train text-only data with a processor: {reason}",
        Severity.ERROR,
        stage,
        why=("The processing class makes TRL treat the model as a vision-language model.",),
        evidence=(*used.evidence, data.describe(run)),
        remedies=(
            remedies.pass_tokenizer(run, "pass the tokenizer", safe=data.vision(run) is False),
            Remedy("or upgrade: TRL 1.0 and newer take such data as they are"),
        ),
    )
