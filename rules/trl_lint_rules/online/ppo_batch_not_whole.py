"""A PPO batch that cannot be split into mini-batches."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of

UNTIL = Release(0, 12)  # PPOTrainer was rewritten


class PpoBatchNotWhole(ConfigRule):
    """Checked when the config is made."""

    code = "TRL521"
    name = "ppo-batch-not-whole"
    summary = "PPO before 0.12 with a `batch_size` that is no multiple of its mini-batches"
    trainers = frozenset({"PPOTrainer"})
    classes = frozenset({"PPOConfig"})
    needs = frozenset({"batch_size", "mini_batch_size", "gradient_accumulation_steps", "forward_batch_size"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where all three numbers are known and do not fit."""
        name = "mini_batch_size" if defaults.is_set(run, "forward_batch_size") is False else "forward_batch_size"
        sizes = [defaults.whole(run, each) for each in ("batch_size", name, "gradient_accumulation_steps")]
        if run.trl >= UNTIL or any(size is None or size < 1 for size in sizes):
            return
        whole, small, steps = (size or 1 for size in sizes)
        if whole % (small * steps) == 0:
            return
        yield Verdict(
            "batch",
            place_of(run, "batch_size", name, "gradient_accumulation_steps"),
            f"{{trl}} refuses `batch_size={whole}`: it is no multiple of {small} x {steps} "
            f"(`{name}` x `gradient_accumulation_steps`)",
            Severity.ERROR,
            Stage.CONFIG,
            remedies=(Remedy(f"set `batch_size={-(-whole // (small * steps)) * small * steps}`, for instance"),),
        )
