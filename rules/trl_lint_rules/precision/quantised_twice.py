"""8 and 4 bit at once."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of


class QuantisedTwice(ConfigRule):
    """Refused by ModelConfig in every release."""

    code = "TRL602"
    name = "quantised-twice"
    summary = "`load_in_8bit` and `load_in_4bit` both on"
    classes = frozenset({"ModelConfig"})
    needs = frozenset({"load_in_4bit"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be on."""
        if any(defaults.made_with(run, name) is not True for name in ("load_in_8bit", "load_in_4bit")):
            return
        yield Verdict(
            "both",
            place_of(run, "load_in_4bit"),
            "{trl} refuses `load_in_8bit=True` together with `load_in_4bit=True`",
            Severity.ERROR,
            Stage.CONFIG,
            remedies=(
                remedies.set_config(run, "load_in_8bit", "False", "keep 4 bit"),
                remedies.set_config(run, "load_in_4bit", "False", "or keep 8 bit"),
            ),
        )
