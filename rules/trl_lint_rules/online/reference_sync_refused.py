"""A reference model that is to follow the trained one, and cannot."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, remedies
from trl_lint_rules.sft import place_of

# From when on each trainer refuses the combination.
WITHOUT_PENALTY = {"GRPOTrainer": Release(0, 28), "RLOOTrainer": Release(0, 28)}
PRECOMPUTED = {"DPOTrainer": Release(0, 9), "KTOTrainer": Release(1, 7)}
WITH_ADAPTER = {
    "DPOTrainer": Release(0, 9),
    "GRPOTrainer": Release(0, 28),
    "RLOOTrainer": Release(0, 28),
    "KTOTrainer": Release(1, 7),
}
DPO_KEEPS_GIVEN_REFERENCE = Release(0, 29)  # before, only without a reference of its own


class ReferenceSyncRefused(TrainerRule):
    """There must be a reference, and it must be free to change."""

    code = "TRL515"
    name = "reference-sync-refused"
    summary = "`sync_ref_model` where there is no reference model that could follow"
    trainers = frozenset(WITH_ADAPTER)
    needs = frozenset({"sync_ref_model"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for the first reason why it cannot be."""
        if defaults.value(run, "sync_ref_model") is not True:
            return
        found = _reason(run)
        if found is None:
            return
        case, what, why = found
        yield Verdict(
            case,
            place_of(run, "sync_ref_model"),
            f"{{trl}} refuses `sync_ref_model=True` {what}",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=(why,),
            remedies=(remedies.drop_config(run, "sync_ref_model", "drop `sync_ref_model`"),),
        )


def _reason(run: RunView) -> tuple[str, str, str] | None:
    trainer = run.run.trainer or ""

    def from_on(table: dict[str, Release]) -> bool:
        return trainer in table and run.trl >= table[trainer]

    if from_on(WITHOUT_PENALTY) and defaults.value(run, "beta") == 0:
        return "beta", "with `beta=0.0`", "Without a penalty on the distance there is no reference model at all."
    if from_on(PRECOMPUTED) and defaults.value(run, "precompute_ref_log_probs") is True:
        why = "What was computed beforehand belongs to the reference as it was."
        return "precomputed", "with `precompute_ref_log_probs=True`", why
    if from_on(WITH_ADAPTER) and (arguments.adapter_config(run) or arguments.adapted(run)):
        own = trainer == "DPOTrainer" and run.trl < DPO_KEEPS_GIVEN_REFERENCE
        if own and arguments.value(run, "ref_model") not in (ABSENT, None):
            return None
        return "adapter", "with an adapter", "The reference is the model without its adapter, which is not trained."
    return None
