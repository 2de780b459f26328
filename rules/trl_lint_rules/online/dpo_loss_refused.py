"""DPO losses together with options that they do not take."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 29)
DIVERGENCES_CHECKED = Release(1, 10)
SORTING = frozenset({"aot", "aot_unpaired"})
OF_DIFFERENCES = frozenset({"sigmoid", "sigmoid_norm", "hinge", "ipo", "exo_pair", "robust", "discopop", "sft"})


class DpoLossRefused(TrainerRule):
    """`exo_pair` without smoothing, weights for sorted pairs, divergences for losses without a difference."""

    code = "TRL516"
    name = "dpo-loss-refused"
    summary = "a DPO loss with label smoothing, weights or a divergence that it does not take"
    trainers = frozenset({"DPOTrainer"})
    needs = frozenset({"loss_type"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each combination that is refused."""
        found = defaults.value(run, "loss_type")
        losses = {found} if isinstance(found, str) else set(found) if _strings(found) else set()
        if run.trl < SINCE or not losses:
            return
        if "exo_pair" in losses and defaults.value(run, "label_smoothing") == 0:
            yield _verdict(
                run,
                "smoothing",
                '`loss_type="exo_pair"` without label smoothing',
                remedies.set_config(run, "label_smoothing", "1e-3", "set `label_smoothing=1e-3`, as its authors do"),
            )
        if losses & SORTING and defaults.value(run, "use_weighting") is True:
            what = f'`use_weighting=True` with `loss_type="{min(losses & SORTING)}"`'
            yield _verdict(run, "weights", what, remedies.drop_config(run, "use_weighting", "drop `use_weighting`"))
        kind = defaults.value(run, "f_divergence_type")
        if run.trl >= DIVERGENCES_CHECKED and isinstance(kind, str) and kind != "reverse_kl":
            for loss in sorted(losses - OF_DIFFERENCES):
                yield _verdict(
                    run,
                    f"divergence-{loss}",
                    f'`f_divergence_type="{kind}"` with `loss_type="{loss}"`',
                    remedies.drop_config(run, "f_divergence_type", "drop `f_divergence_type`"),
                )


def _strings(found: object) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(each, str) for each in found)


def _verdict(run: RunView, case: str, what: str, way: Remedy) -> Verdict:
    return Verdict(
        case,
        place_of(run, "loss_type"),
        f"{{trl}} refuses {what}",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        remedies=(way, Remedy("or take another loss")),
    )
