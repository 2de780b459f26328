"""Keywords for the loading of a model that is loaded already."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, remedies
from trl_lint_rules.sft import place_of

# The first release that says it in a log line only; the ones before refuse.
LOGGED_SINCE = {
    "SFTTrainer": Release(0, 15),
    "DPOTrainer": Release(0, 19),
    "GRPOTrainer": Release(0, 22),
    "KTOTrainer": Release(0, 27),
    "RLOOTrainer": Release(0, 22),
    "RewardTrainer": Release(0, 24),
}
FROM_THE_START = frozenset({"RLOOTrainer", "RewardTrainer"})  # their config has the argument only since then


class ModelKeywordsUnused(TrainerRule):
    """A data type or an attention implementation given there has no effect."""

    code = "TRL605"
    name = "model-keywords-unused"
    summary = "`model_init_kwargs` for a model that is loaded already"
    trainers = frozenset(LOGGED_SINCE)
    needs = frozenset({"model_init_kwargs"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the trainer gets a model object: refused by older releases, ignored by newer ones."""
        trainer = run.run.trainer or ""
        keywords = defaults.value(run, "model_init_kwargs")
        if not isinstance(keywords, dict) or not arguments.loaded(run):
            return
        ignored = run.trl >= LOGGED_SINCE[trainer]
        if (ignored and not keywords) or (not ignored and trainer in FROM_THE_START):
            return
        yield Verdict(
            "ignored" if ignored else "refused",
            place_of(run, "model_init_kwargs"),
            f"{{trl}} {'ignores' if ignored else 'refuses'} `model_init_kwargs`: the model is loaded already",
            Severity.WARNING if ignored else Severity.ERROR,
            Stage.SILENT if ignored else Stage.TRAINER_INIT,
            why=("They are for a trainer that loads the model itself, by its name.",),
            remedies=(
                Remedy("pass them where the model is loaded: `from_pretrained(...)`"),
                remedies.drop_config(run, "model_init_kwargs", "and drop `model_init_kwargs`"),
            ),
        )
