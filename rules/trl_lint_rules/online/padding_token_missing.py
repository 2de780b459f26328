"""DPO with a tokenizer that has no padding token, in releases that do not give it one."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, padding
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import trainer_place

# Source: `DPOTrainer.__init__` of the published wheels. From 0.24 on the end-of-sequence token stands in.
REFUSED = (Release(0, 14), Release(0, 24))


class PaddingTokenMissing(TrainerRule):
    """As `tokenizer-without-padding` says it of SFTTrainer."""

    code = "TRL527"
    name = "padding-token-missing"
    summary = "DPO of 0.14 to 0.23 with a tokenizer that has no padding token"
    trainers = frozenset({"DPOTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the files name none, and neither the code nor the config gives one."""
        since, until = REFUSED
        if not since <= run.trl < until or run.run.trainer_call is None:
            return
        if defaults.value(run, "padding_value") not in (ABSENT, None) or not padding.missing(run, processing(run)):
            return
        at = "processing_class" if run.passed("processing_class") is not None else "tokenizer"
        yield Verdict(
            "none",
            arguments.place(run, at) if run.passed(at) is not None else trainer_place(run),
            "this tokenizer has no padding token, and `padding_value` is not given: {trl} refuses to make the trainer",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            evidence=("tokenizer_config.json names none",),
            remedies=(
                Remedy("set one before: `tokenizer.pad_token`, a token of the vocabulary that ends nothing"),
                Remedy("or give `padding_value`, the id of such a token"),
                Remedy("or upgrade to TRL 0.24 or newer", right_in=lambda environment: environment.trl >= until),
            ),
        )
