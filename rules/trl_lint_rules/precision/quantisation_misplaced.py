"""`quantization_config` given to the trainer where it cannot be used, or twice."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults
from trl_lint_rules.sft import place_of

SINCE = Release(1, 8)  # the trainers' own `quantization_config`
REFUSING = frozenset({"DPOTrainer", "KTOTrainer"})


class QuantisationMisplaced(TrainerRule):
    """A model that is loaded can no longer be quantised."""

    code = "TRL604"
    name = "quantisation-misplaced"
    summary = "`quantization_config` passed twice, or for a model that is loaded already"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer", "RewardTrainer"})
    needs = frozenset({"quantization_config"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where it is known to be passed to the trainer."""
        if run.trl < SINCE or arguments.value(run, "quantization_config") in (ABSENT, UNKNOWN, None):
            return
        keywords = defaults.value(run, "model_init_kwargs")
        if run.run.model.how is How.NAME and isinstance(keywords, dict) and "quantization_config" in keywords:
            yield Verdict(
                "twice",
                place_of(run, "model_init_kwargs"),
                "{trl} refuses `quantization_config` in two places: the trainer and `model_init_kwargs`",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                remedies=(Remedy("keep the trainer's `quantization_config`"),),
            )
        elif arguments.loaded(run):
            refused = run.run.trainer in REFUSING
            what = "refuses" if refused else "ignores"
            yield Verdict(
                "late",
                arguments.place(run, "quantization_config"),
                f"{{trl}} {what} the trainer's `quantization_config`: the model is loaded already",
                Severity.ERROR if refused else Severity.WARNING,
                Stage.TRAINER_INIT if refused else Stage.SILENT,
                why=("A model is quantised while it is loaded; the code loads it itself, without.",),
                remedies=(
                    Remedy("pass it where the model is loaded: `from_pretrained(..., quantization_config=...)`"),
                    Remedy("or pass the model's name, and let the trainer load it"),
                ),
            )
