"""Packing, padding-free batches or end truncation on a vision-language run."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of

KEEP_END_CHECKED = Release(1, 0)


class PackingOnVlm(SftRule):
    """Refused for the model up to 1.9, for image data from 1.10."""

    code = "TRL401"
    name = "packing-on-vlm"
    summary = "packing, padding-free batches or `keep_end` on a vision-language run that this release refuses"
    needs = frozenset({"packing", "padding_free", "truncation_mode"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each of the three settings."""
        if run.trl < VLM_SUPPORT or processing(run).kind is not Kind.PROCESSOR:
            return
        by_data = run.trl >= REFUSALS_BY_DATA
        if by_data and data.vision(run) is not True:
            return
        for name in ("packing", "padding_free"):
            if run.setting(name) is True:
                yield _verdict(run, name, f"{name}=True", "False", by_data)
        cut = run.setting("max_length")
        keeps_end = run.setting("truncation_mode") == "keep_end" and run.trl >= KEEP_END_CHECKED
        if keeps_end and cut is not None and cut is not UNKNOWN:
            yield _verdict(run, "truncation_mode", 'truncation_mode="keep_end"', '"keep_start"', by_data)


def _verdict(run: RunView, name: str, shown: str, value: str, by_data: bool) -> Verdict:
    what = "image data" if by_data else "a vision-language model"
    used = processing(run)
    ways = [remedies.set_config(run, name, value, f"set `{name}={value}`")]
    if not by_data and data.vision(run) is not True:
        ways.insert(
            0,
            remedies.pass_tokenizer(run, "for a text-only run, pass the tokenizer", data.vision(run) is False),
        )
        ways.append(Remedy("or upgrade: from TRL 1.10 on only image data are refused"))
    return Verdict(
        f"{name}-{'data' if by_data else 'model'}",
        place_of(run, name),
        f"{{trl}} refuses `{shown}` for {what}",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        why=(
            "The data set has an image column."
            if by_data
            else "The processing class is a processor, so TRL treats the model as a vision-language model.",
        ),
        evidence=(*used.evidence, data.describe(run)),
        remedies=tuple(ways),
    )
