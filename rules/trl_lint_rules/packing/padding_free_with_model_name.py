"""Padding-free batches and a model given by name, in 0.16."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.sft import SftRule, place_of

SINCE, UNTIL = Release(0, 16), Release(0, 17)


class PaddingFreeWithModelName(SftRule):
    """0.16 reads the configuration of a model that it has not loaded yet."""

    code = "TRL405"
    name = "padding-free-with-model-name"
    summary = "padding-free batches and a model given by name, which TRL 0.16 cannot handle"
    needs = frozenset({"padding_free"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict in 0.16."""
        if not SINCE <= run.trl < UNTIL or run.setting("padding_free") is not True:
            return
        if run.run.model.how is not How.NAME or run.passed("data_collator") is not None:
            return
        yield Verdict(
            "name",
            place_of(run, "padding_free"),
            "{trl} crashes on `padding_free=True` with a model given by name (AttributeError: 'str' object ...)",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("This release reads `model.config` before it has loaded the model. 0.17 loads it first.",),
            remedies=(
                Remedy("load the model in the code and pass it"),
                Remedy("or upgrade to TRL 0.17 or newer", right_in=lambda environment: environment.trl >= UNTIL),
            ),
        )
