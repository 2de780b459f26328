"""Both half precisions at once."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

PAIRS = (("fp16", "bf16"), ("fp16_full_eval", "bf16_full_eval"))


class HalfPrecisionTwice(ConfigRule):
    """Refused by TrainingArguments in every release."""

    code = "TRL601"
    name = "half-precision-twice"
    summary = "`fp16` and `bf16` both on (or `fp16_full_eval` and `bf16_full_eval`)"
    needs = frozenset({"fp16", "fp16_full_eval"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each pair that is known to be on."""
        for half, brain in PAIRS:
            if defaults.made_with(run, half) is not True or defaults.made_with(run, brain) is not True:
                continue
            yield Verdict(
                half,
                place_of(run, half),
                f"{{transformers}} refuses `{half}=True` together with `{brain}=True`",
                Severity.ERROR,
                Stage.CONFIG,
                why=("They are two different formats for the same numbers.",),
                remedies=(
                    remedies.set_config(run, half, "False", f"keep `{brain}` (GPUs from Ampere on)"),
                    remedies.set_config(run, brain, "False", f"or keep `{half}` (older GPUs)"),
                ),
            )
