"""Options that the losses of the Liger kernel do not know."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import arguments, defaults, liger, remedies
from trl_lint_rules.sft import place_of

# From when on, and until when, each trainer's Liger loss was refused for a model with an adapter.
WITH_ADAPTER = {
    "GRPOTrainer": (Release(0, 17), Release(0, 18)),
    "DPOTrainer": (Release(0, 29), Release(1, 8)),
    "KTOTrainer": (Release(0, 17), Release(1, 8)),
}
DPO_CHECKED_EARLY = Release(1, 4)  # before, in the first step


class LigerRefused(TrainerRule):
    """The kernel computes a loss of its own; from TRL 1.15 on TRL's own takes every option."""

    code = "TRL518"
    name = "liger-refused"
    summary = "the Liger kernel together with an option that its loss does not know"
    trainers = frozenset(limit.trainer for limit in liger.LIMITS)
    needs = frozenset({liger.OLD, liger.NEW})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each option that is refused."""
        switch = liger.switch(run)
        if switch is None or defaults.fields(run) is None:
            return
        trainer = run.run.trainer or ""
        for limit in liger.LIMITS:
            if limit.trainer != trainer or not limit.since <= run.trl < limit.until:
                continue
            found = defaults.value(run, limit.setting)
            if limit.refused(found):
                yield _verdict(run, switch, limit.setting, f"`{limit.setting}={defaults.shown(found)}`")
        since, until = WITH_ADAPTER.get(trainer, (Release(9, 0), Release(9, 0)))
        if since <= run.trl < until and (arguments.adapter_config(run) or arguments.adapted(run)):
            late = trainer == "DPOTrainer" and run.trl < DPO_CHECKED_EARLY
            yield _verdict(run, switch, switch, "an adapter", Stage.FIRST_STEP if late else Stage.TRAINER_INIT)


def _verdict(run: RunView, switch: str, setting: str, what: str, stage: Stage = Stage.TRAINER_INIT) -> Verdict:
    return Verdict(
        f"{setting}-{switch}",
        place_of(run, setting, switch),
        f"{{trl}} refuses {what} together with `{switch}=True`",
        Severity.ERROR,
        stage,
        why=("The kernel computes the loss itself, and does not know this option in these releases.",),
        remedies=(remedies.set_config(run, switch, "False", f"turn the kernel off: `{switch}=False`"),),
    )
