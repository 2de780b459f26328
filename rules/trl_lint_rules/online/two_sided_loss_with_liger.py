"""The two-sided GRPO loss together with the Liger kernel."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, liger, remedies
from trl_lint_rules.sft import place_of

SINCE, UNTIL = Release(0, 18), Release(1, 4)


class TwoSidedLossWithLiger(ConfigRule):
    """The kernel learnt it in 1.4."""

    code = "TRL506"
    name = "two-sided-loss-with-liger"
    summary = "`delta` together with the Liger kernel, which GRPO before 1.4 refuses"
    trainers = frozenset({"GRPOTrainer"})
    classes = frozenset({"GRPOConfig"})
    needs = frozenset({"delta"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be on."""
        if not SINCE <= run.trl < UNTIL or not defaults.is_set(run, "delta"):
            return
        name = liger.switch(run, defaults.made_with)
        if name is None:
            return
        yield Verdict(
            "delta",
            place_of(run, "delta"),
            f"{{trl}} refuses `delta` together with `{name}=True`",
            Severity.ERROR,
            Stage.CONFIG,
            why=("The Liger kernel of these releases does not know the two-sided GRPO loss that `delta` asks for.",),
            remedies=(
                remedies.set_config(run, name, "False", f"turn the kernel off: `{name}=False`"),
                remedies.drop_config(run, "delta", "or drop `delta`"),
            ),
        )
