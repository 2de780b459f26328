"""Rows that are packed together and see each other."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import adapters, defaults
from trl_lint_rules.knowledge.boundaries import COMPLETION_ONLY
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import SftRule, place_of

BOUNDARIES_KEPT = Release(0, 19)  # packing hands on where each row begins, for flash attention
POSITIONS_ALWAYS = Release(0, 23, 1)  # and for every other kind of attention
STATES_RESET = Release(1, 16)  # and for layers of linear attention
# transformers makes a mask out of positions that start again, from here on (`find_packed_sequence_indices`).
MASK_FROM_POSITIONS = Release(4, 53)
_FLASH = ("flash_attention", "kernels-community/flash", "kernels-community/vllm-flash")
_RECURRENT = frozenset({"linear_attention", "mamba"})
_WHOLE = ("bfd", "ffd", "bfd_split", "bfd-requeue")


class PackedAcrossDocuments(SftRule):
    """Which attention keeps packed rows apart hangs on the release of TRL and of transformers."""

    code = "TRL408"
    name = "packed-across-documents"
    summary = "packed (or padding-free) rows that attend to each other"
    needs = frozenset({"packing", "padding_free"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where packing is on and what keeps the rows apart is known to be missing."""
        name = next((each for each in ("packing", "padding_free") if run.setting(each) is True), None)
        if name is None or run.passed("data_collator") is not None or _crashes(run, name):
            return
        if name == "padding_free" and defaults.value(run, "per_device_train_batch_size") == 1:
            return  # a row alone
        found = _why(run, name)
        if found is None:
            return
        case, reason, remedies = found
        yield Verdict(
            case,
            place_of(run, name),
            f"`{name}=True` lets rows see each other in {{trl}}: {reason}",
            Severity.WARNING,
            Stage.SILENT,
            why=(
                "Several rows become one sequence. Where nothing marks their borders, each one is trained with the "
                "rows before it as its context.",
            ),
            remedies=tuple(remedies),
        )


def _crashes(run: RunView, name: str) -> bool:
    """Whether this release does not get as far: see `padding-free-with-model-name`."""
    return name == "padding_free" and run.trl < COMPLETION_ONLY and run.run.model.how is How.NAME


def _why(run: RunView, name: str) -> tuple[str, str, list[Remedy]] | None:
    apart = Remedy(f"set `{name}=False`")
    if name == "packing" and run.trl < BOUNDARIES_KEPT:
        newer = Remedy("upgrade to TRL 0.19 or newer, with flash attention")
        return "joined", "the rows are joined and cut without a border", [newer, apart]
    if name == "packing" and defaults.value(run, "packing_strategy") not in _WHOLE:
        return None  # `wrapped` says so itself
    if _recurrent(run) and run.trl < STATES_RESET:
        newer = Remedy("upgrade to TRL 1.16 or newer, with `flash-linear-attention` and `causal-conv1d`")
        reason = "this model has layers of linear attention, whose state runs on from one row to the next"
        return "state", reason, [apart, newer]
    attention = adapters.attention(run)
    if attention is None or attention.startswith(_FLASH):
        return None
    given = f"`{attention}`" if attention else "the default attention"
    flash = Remedy('use flash attention: `attn_implementation="flash_attention_2"`')
    if run.trl < POSITIONS_ALWAYS and (name == "packing" or run.trl >= BOUNDARIES_KEPT):
        newer = Remedy(
            "or upgrade to TRL 0.24 and transformers 4.53 or newer, which keep rows apart with every attention"
        )
        return "attention", f"{given} is not told where they begin, flash attention would be", [flash, newer, apart]
    if run.transformers < MASK_FROM_POSITIONS:
        newer = Remedy("or upgrade to transformers 4.53 or newer")
        return "mask", f"with {{transformers}} {given} makes no mask of their borders", [flash, newer, apart]
    return None


def _recurrent(run: RunView) -> bool:
    """Whether the model is known to have layers that carry a state along."""
    artifact = processing(run).artifact or run.artifact(run.run.model.name, run.run.model.revision)
    config = artifact.config if artifact is not None else None
    for part in (config, (config or {}).get("text_config")):
        kinds = part.get("layer_types") if isinstance(part, dict) else None
        if isinstance(kinds, list) and any(isinstance(kind, str) and kind in _RECURRENT for kind in kinds):
            return True
    return False
