"""What all rules on supervised fine-tuning share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from trl_lint.api import Rule, RunView, Span, Verdict


class SftRule(Rule):
    """A rule on runs of SFTTrainer. `with_unsloth` says that it holds where Unsloth writes the trainer anew: that part
    of TRL's source is left as it is. Other rules say nothing there."""

    trainers: ClassVar[frozenset[str]] = frozenset({"SFTTrainer"})
    with_unsloth: ClassVar[bool] = False

    def check(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts of `judge`, unless there is no trainer here, or it is not TRL's own."""
        if run.run.trainer is None or (run.run.patched_by is not None and not self.with_unsloth):
            return ()
        if run.run.recipe and run.run.command is None:
            run.weaken("the recipe is taken to be run by `trl sft`")
        call = run.run.trainer_call
        if call is not None and call.bases:
            run.weaken(f"`{call.callee}` is a subclass of SFTTrainer and may do this differently")
        return self.judge(run)

    def judge(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts on a run of TRL's own trainer."""
        raise NotImplementedError


def place_of(run: RunView, *names: str) -> Span:
    """Where the code gives the first of these arguments (of the config or the trainer), else the run itself."""
    for name in names:
        setting = run.given(name) or run.passed(name)
        if setting is not None:
            return setting.span
    return run.run.anchor


def trainer_place(run: RunView) -> Span:
    """The trainer call, or the recipe's own anchor."""
    call = run.run.trainer_call
    return call.func_span if call is not None else run.run.anchor
