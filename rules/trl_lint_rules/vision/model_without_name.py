"""A model that belongs to no repository, and nothing to load its processing class from."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.sft import SftRule, trainer_place


class ModelWithoutName(SftRule):
    """TRL loads the processing class by the model's name; an empty name loads nothing."""

    code = "TRL308"
    name = "model-without-name"
    summary = "a model made from a configuration without a name, and no processing class passed"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the code makes the model from a nameless configuration."""
        model = run.run.model
        if model.how is not How.MADE or not model.nameless or run.run.processing.how is not How.ABSENT:
            return
        yield Verdict(
            "nameless",
            trainer_place(run),
            "{trl} has no name to load a processing class by: the model was made from a configuration without one",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("The name stands in `config._name_or_path`; it is empty for a configuration made in the code.",),
            remedies=(Remedy("pass the tokenizer: `processing_class=tokenizer`"),),
        )
