"""What all rules on config classes share: those that judge what a class refuses when an object of it is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from trl_lint.api import Call, Rule, RunView, Verdict
from trl_lint_rules.knowledge import defaults


class ConfigRule(Rule):
    """A rule on the values of a config. `classes`: the classes it is about (none named: every class that takes the
    fields of `TrainingArguments`). Runs that another package patches are judged by that package's own rules."""

    classes: ClassVar[frozenset[str]] = frozenset()

    def check(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts of `judge`, unless the config is of another kind, or not known to this release."""
        config = run.run.config
        if config is None or run.run.patched_by is not None:
            return ()
        if self.classes and config not in self.classes:
            return ()
        if defaults.fields(run) is None or (not self.classes and not defaults.is_training_arguments(run)):
            return ()
        call = run.run.config_call
        if call is not None and call.bases:
            run.weaken(f"`{call.callee}` is a subclass of {config} and may do this differently")
        return self.judge(run)

    def judge(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts on a config of TRL's or transformers' own class."""
        raise NotImplementedError


def is_variant(call: Call, trainer: str) -> bool:
    """Whether a trainer comes from one of TRL's experimental folders that is not its own: there, classes of the
    same name do something else (`trl.experimental.gspo_token.GRPOTrainer`)."""
    module = call.callee.rpartition(".")[0]
    own = trainer.removesuffix("Trainer").lower()
    return ".experimental." in f"{module}." and own not in module.replace("_", "").split(".")


class TrainerRule(Rule):
    """A rule on a trainer and its config together. Says nothing of a config alone, nor of patched trainers."""

    def check(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts of `judge`, unless there is no trainer of TRL's own."""
        trainer = run.run.trainer
        if trainer is None or run.run.patched_by is not None:
            return ()
        call = run.run.trainer_call
        if call is not None and (call.bases or is_variant(call, trainer)):
            run.weaken(f"`{call.callee}` is a subclass of {trainer} and may do this differently")
        return self.judge(run)

    def judge(self, run: RunView) -> Iterable[Verdict]:
        """The verdicts on a run of TRL's own trainer."""
        raise NotImplementedError
