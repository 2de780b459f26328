"""Step counts that TrainingArguments refuses: none at all, or fractions above one."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import UNKNOWN, Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

EMPTY_CACHE_STRICT = Release(4, 50)  # before, any integer passed, and any positive number
KINDS = ("logging", "eval", "save")


class StepsNotWhole(ConfigRule):
    """A number from one on is a count of steps, one below it a share of all steps."""

    code = "TRL811"
    name = "steps-not-whole"
    summary = "`logging_steps`, `eval_steps` or `save_steps` that transformers refuses: zero, or 1.5"
    needs = frozenset({"logging_steps", "eval_steps", "save_steps", "torch_empty_cache_steps"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each of them that is refused."""
        for kind in KINDS:
            name = f"{kind}_steps"
            steps = defaults.number(run, name)
            if run.given(name) is None or steps is None or defaults.strategy(run, f"{kind}_strategy") != "steps":
                continue
            if kind == "logging" and steps == 0:
                yield _verdict(run, name, '`logging_steps=0`: with `logging_strategy="steps"` there must be some', "1")
            elif steps > 1 and steps != int(steps):
                yield _verdict(run, name, f"`{name}={steps}`: from 1 on it must be a whole number", str(int(steps)))
        yield from _cache(run)


def _cache(run: RunView) -> Iterator[Verdict]:
    name = "torch_empty_cache_steps"
    steps = defaults.made_with(run, name)
    if run.given(name) is None or steps is None or steps is UNKNOWN or not isinstance(steps, int | float):
        return
    fine = (isinstance(steps, int), steps > 0)
    if not (all(fine) if run.transformers >= EMPTY_CACHE_STRICT else any(fine)):
        yield _verdict(run, name, f"`{name}={steps}`: it must be a whole number above 0", "None")


def _verdict(run: RunView, name: str, shown: str, value: str) -> Verdict:
    return Verdict(
        name,
        place_of(run, name),
        f"{{transformers}} refuses {shown}",
        Severity.ERROR,
        Stage.CONFIG,
        remedies=(remedies.set_config(run, name, value, f"set `{name}={value}`, for instance"),),
    )
