"""A tokenizer without a padding token, in releases that do not give it one."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import padding
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import SftRule, place_of

# From here on the end-of-sequence token stands in, whoever loaded the tokenizer.
FILLED_IN = Release(0, 16, 1)


class TokenizerWithoutPadding(SftRule):
    """TRL fills it in for a tokenizer that it loads itself, and not for one that is passed."""

    code = "TRL407"
    name = "tokenizer-without-padding"
    summary = "a tokenizer without a padding token, passed to a release before 0.16.1"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the files name none and the code sets none."""
        if run.trl >= FILLED_IN or run.passed("data_collator") is not None or not padding.missing(run, processing(run)):
            return
        if run.setting("packing") not in (ABSENT, False) or run.passed("packing") is not None:
            return
        yield Verdict(
            "none",
            place_of(run, "processing_class", "tokenizer"),
            "this tokenizer has no padding token: the first batch stops {trl}",
            Severity.ERROR,
            Stage.FIRST_BATCH,
            why=("TRL sets one for a tokenizer that it loads itself; here it gets a tokenizer and leaves it alone.",),
            evidence=(f"tokenizer_config.json of {_name(run)} names none",),
            remedies=(
                Remedy("set one before: `tokenizer.pad_token`, a token of the vocabulary that ends nothing"),
                Remedy("or upgrade to TRL 0.16.1 or newer", right_in=lambda environment: environment.trl >= FILLED_IN),
            ),
        )


def _name(run: RunView) -> str:
    artifact = processing(run).artifact
    return "" if artifact is None else artifact.where or artifact.name
