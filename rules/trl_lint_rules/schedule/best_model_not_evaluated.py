"""The best checkpoint is asked for, and checkpoints are not saved when they are evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

BEST_NEEDS_NO_MATCH = Release(4, 48)  # `save_strategy="best"` itself came with 4.47
SHARES_ARE_MULTIPLES = Release(4, 53)  # before, shares of all steps were refused although they fitted
SCALE = 1_000_000  # how transformers compares shares


class BestModelNotEvaluated(ConfigRule):
    """The best of the saved checkpoints needs a score for each."""

    code = "TRL812"
    name = "best-model-not-evaluated"
    summary = "`load_best_model_at_end` while saving and evaluating do not coincide"
    needs = frozenset({"load_best_model_at_end"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the two are known not to coincide."""
        if defaults.made_with(run, "load_best_model_at_end") is not True:
            return
        evaluated, saved = (defaults.strategy(run, f"{kind}_strategy") for kind in ("eval", "save"))
        if evaluated is None or saved is None:
            return
        if saved == "best" and run.transformers >= BEST_NEEDS_NO_MATCH:
            return
        if evaluated != saved:
            yield _verdict(
                run,
                "strategy",
                f'evaluates by "{evaluated}" and saves by "{saved}"',
                (
                    remedies.set_config(run, "eval_strategy", f'"{saved}"', f'evaluate by "{saved}" too')
                    if run.given("evaluation_strategy") is None
                    else Remedy(f'evaluate by "{saved}" too'),
                ),
            )
            return
        steps = _steps(run) if evaluated == "steps" else None
        if steps is not None and _refused(run, *steps):
            each, kept = steps
            yield _verdict(
                run,
                "steps",
                f"saves every {kept} steps, which is no multiple of {each}, the steps between evaluations",
                (Remedy("make `save_steps` a multiple of `eval_steps`"),),
            )


def _steps(run: RunView) -> tuple[int | float, int | float] | None:
    """Steps between evaluations and between checkpoints, None where they are not known or refused for themselves."""
    each = defaults.made_with(run, "eval_steps")
    found = defaults.number(run, "logging_steps" if each is None or each == 0 else "eval_steps")
    kept = defaults.number(run, "save_steps")
    if found is None or kept is None or found <= 0 or kept <= 0:
        return None
    if any(number > 1 and number != int(number) for number in (found, kept)):
        return None
    return found, kept


def _refused(run: RunView, each: int | float, kept: int | float) -> bool:
    if kept % each == 0:
        return False
    if each < 1 and kept < 1 and run.transformers >= SHARES_ARE_MULTIPLES:
        return (kept * SCALE) % (each * SCALE) != 0
    return True


def _verdict(run: RunView, case: str, what: str, ways: tuple[Remedy, ...]) -> Verdict:
    return Verdict(
        case,
        place_of(run, "load_best_model_at_end"),
        f"{{transformers}} refuses `load_best_model_at_end=True` here: this run {what}",
        Severity.ERROR,
        Stage.CONFIG,
        why=("To know the best of the saved checkpoints, each of them must be evaluated when it is saved.",),
        remedies=(
            *ways,
            remedies.drop_config(run, "load_best_model_at_end", "or drop `load_best_model_at_end`"),
        ),
    )
