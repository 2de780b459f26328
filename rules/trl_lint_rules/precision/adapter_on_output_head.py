"""An adapter on the output head, which fused losses pass by."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Call, Release, Remedy, RunView, Severity, Span, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import adapters, defaults, liger
from trl_lint_rules.knowledge.boundaries import CHUNKED_LOSS_DEFAULT
from trl_lint_rules.sft import trainer_place

REFUSED = Release(1, 15)  # by every trainer, whatever its loss
CHUNKED_REFUSED = Release(1, 4)  # by SFT with `chunked_nll`
# By trainer, with the Liger kernel: since when the adapter is not trained, and since when that is refused.
_WITH_LIGER = {
    "GRPOTrainer": (Release(0, 17), Release(1, 7)),
    "DPOTrainer": (Release(0, 17), Release(1, 8)),
    "KTOTrainer": (Release(0, 17), Release(1, 8)),
}


class AdapterOnOutputHead(TrainerRule):
    """The loss multiplies by the weight of the head itself, without the adapter."""

    code = "TRL607"
    name = "adapter-on-output-head"
    summary = "LoRA on `lm_head` where the loss passes the adapter by: refused, or never trained"
    trainers = frozenset({"SFTTrainer", "DPOTrainer", "GRPOTrainer", "RLOOTrainer", "KTOTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where `lm_head` is known to be among the modules."""
        call = adapters.lora(run)
        names = adapters.targets(run, call) if call is not None else None
        if call is None or not isinstance(names, list) or "lm_head" not in names:
            return
        at = _place(run, call)
        if run.trl >= REFUSED:
            yield _refused(at, "its loss is computed from the weight of `lm_head` itself")
        elif run.run.trainer == "SFTTrainer":
            if run.trl >= CHUNKED_REFUSED and _chunked(run):
                said = "" if run.given("loss_type") else ", the default here,"
                nll = Remedy('or set `loss_type="nll"`')
                yield _refused(at, f'`loss_type="chunked_nll"`{said} takes the weight of `lm_head` itself', nll)
        elif run.run.trainer in _WITH_LIGER and liger.switch(run) is not None:
            since, refused = _WITH_LIGER[run.run.trainer]
            if run.trl >= refused:
                yield _refused(at, "the Liger kernel's loss takes the weight of `lm_head` itself")
            elif run.trl >= since:
                yield Verdict(
                    "untrained",
                    at,
                    "the adapter on `lm_head` is never trained in {trl}: the Liger kernel's loss passes it by",
                    Severity.WARNING,
                    Stage.SILENT,
                    why=("The fused loss multiplies by the weight of `lm_head`, which is frozen. Nothing says so.",),
                    remedies=(_leave(), Remedy("or turn the kernel off")),
                )


def _chunked(run: RunView) -> bool:
    loss = defaults.value(run, "loss_type")
    by_default = loss is None and run.trl >= CHUNKED_LOSS_DEFAULT and run.setting("use_liger_kernel") in (ABSENT, False)
    return loss == "chunked_nll" or by_default


def _place(run: RunView, call: Call) -> Span:
    given = call.keyword("target_modules")
    return given.span if given is not None else trainer_place(run)


def _leave() -> Remedy:
    return Remedy('take `"lm_head"` out of `target_modules`')


def _refused(at: Span, reason: str, *more: Remedy) -> Verdict:
    return Verdict(
        "refused",
        at,
        f"{{trl}} refuses an adapter on `lm_head`: {reason}",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=("An adapter there would be ignored and never trained; the trainer stops instead when it is made.",),
        remedies=(_leave(), *more),
    )
