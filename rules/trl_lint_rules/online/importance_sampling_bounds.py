"""Bounds of vLLM importance sampling that leave nothing between them, or that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(1, 6)
LOW, HIGH = "vllm_importance_sampling_clip_min", "vllm_importance_sampling_clip_max"
OLD = "vllm_importance_sampling_cap"  # given, it takes the place of the upper bound
MODE = "vllm_importance_sampling_mode"


class ImportanceSamplingBounds(ConfigRule):
    """Checked by the config, whether vLLM is used or not."""

    code = "TRL509"
    name = "importance-sampling-bounds"
    summary = "bounds of the vLLM importance sampling that GRPO refuses"
    trainers = frozenset({"GRPOTrainer"})
    classes = frozenset({"GRPOConfig"})
    needs = frozenset({LOW, HIGH, OLD, MODE})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the bounds cross, or where a truncating mode has none."""
        if run.trl < SINCE:
            return
        high = OLD if defaults.is_set(run, OLD) else HIGH
        if defaults.is_set(run, OLD) is None:
            return
        lowest, highest = defaults.number(run, LOW), defaults.number(run, high)
        if lowest is not None and highest is not None and lowest >= highest:
            yield Verdict(
                "crossed",
                place_of(run, LOW, high),
                f"{{trl}} refuses `{LOW}={lowest}` with `{high}={highest}`: the lower one must be below",
                Severity.ERROR,
                Stage.CONFIG,
                remedies=(Remedy(f"lower `{LOW}`, or raise `{high}`"),),
            )
        mode = defaults.made_with(run, MODE)
        unbounded = defaults.is_set(run, LOW) is False and defaults.is_set(run, high) is False
        corrected = defaults.made_with(run, "vllm_importance_sampling_correction") is True
        if unbounded and corrected and mode in ("token_truncate", "sequence_truncate"):
            yield Verdict(
                "none",
                place_of(run, MODE, HIGH, LOW),
                f'{{trl}} refuses `{MODE}="{mode}"` without a bound to truncate to',
                Severity.ERROR,
                Stage.CONFIG,
                remedies=(remedies.set_config(run, HIGH, "3.0", f"set `{HIGH}`, to 3.0 for instance"),),
            )
