"""A reference model given by its name, and reference log-probabilities of a stream."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 29)  # DPO was rewritten


class ReferenceRefused(TrainerRule):
    """Since 0.29 the reference is an object, and what is computed beforehand needs rows that can be counted."""

    code = "TRL524"
    name = "reference-refused"
    summary = "DPO with `ref_model` as a name, or with `precompute_ref_log_probs` on a stream"
    trainers = frozenset({"DPOTrainer"})
    needs = frozenset({"ref_model", "precompute_ref_log_probs", "#0"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for the name, one for the stream."""
        if run.trl < SINCE:
            return
        if isinstance(arguments.value(run, "ref_model"), str):
            yield Verdict(
                "name",
                arguments.place(run, "ref_model"),
                "{trl} takes no name for `ref_model`, only a model object",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=("Up to 0.28 the trainer loaded the reference by its name.",),
                remedies=(
                    Remedy("load it: `AutoModelForCausalLM.from_pretrained(...)`"),
                    remedies.drop_argument(
                        run, "ref_model", "or leave it away, where it is the same model: the trainer makes the copy"
                    ),
                ),
            )
        if run.data().container == "IterableDataset" and defaults.value(run, "precompute_ref_log_probs") is True:
            yield Verdict(
                "streamed",
                place_of(run, "precompute_ref_log_probs"),
                "{trl} refuses `precompute_ref_log_probs=True` for a streamed data set",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                remedies=(
                    remedies.drop_config(run, "precompute_ref_log_probs", "drop it"),
                    Remedy("or load the data without `streaming=True`"),
                ),
            )
