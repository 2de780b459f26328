"""A processing class that is neither tokenizer nor processor."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of


class NotAProcessingClass(SftRule):
    """A name, an image processor ...: TRL wants the object."""

    code = "TRL305"
    name = "not-a-processing-class"
    summary = "a processing class that is neither a tokenizer nor a processor"
    needs = frozenset({"processing_class", "tokenizer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where what is passed is known to be something else."""
        if processing(run).kind is not Kind.INVALID:
            return
        value = run.plain(run.run.processing.name) if run.run.processing.loader is None else None
        what = f"the string {value!r}" if isinstance(value, str) else "what is passed here"
        yield Verdict(
            "other",
            place_of(run, "processing_class", "tokenizer"),
            f"{what} is neither a tokenizer nor a processor: {{trl}} stops when the trainer is made",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("`processing_class` takes the loaded object; the trainer does not load one by name from here.",),
            remedies=(Remedy("load it: `AutoTokenizer.from_pretrained(...)`, or leave the argument away"),),
        )
