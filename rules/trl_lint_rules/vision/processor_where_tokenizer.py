"""A processor, in a release that takes tokenizers only."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import remedies
from trl_lint_rules.knowledge.boundaries import VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of


class ProcessorWhereTokenizer(SftRule):
    """Up to 0.21 the trainer reads attributes that only tokenizers have."""

    code = "TRL303"
    name = "processor-where-tokenizer"
    summary = "a processor as processing class, in a release that takes tokenizers only"
    needs = frozenset({"processing_class", "tokenizer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the code passes a processor to an old release."""
        used = processing(run)
        if run.trl >= VLM_SUPPORT or used.kind is not Kind.PROCESSOR or not used.given:
            return
        yield Verdict(
            "processor",
            place_of(run, "processing_class", "tokenizer"),
            "{trl} takes a tokenizer here, and stops at a processor: it reads attributes such as `pad_token` from it",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("Processors are understood from TRL 0.22 on.",),
            evidence=used.evidence,
            remedies=(
                remedies.pass_tokenizer(run, "for a text-only run, pass its tokenizer", safe=False),
                Remedy("or upgrade to TRL 0.22 or newer, for image data to 0.24 or newer"),
            ),
        )
