"""A maximum length that cuts through the tokens of a picture."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, image_tokens, remedies, supervision, truncation
from trl_lint_rules.knowledge.boundaries import VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of, trainer_place

# The processors count the placeholders of the cut text from here on; before, the model's forward does.
COUNTED_BY_PROCESSOR = Release(4, 52)


class ImageTokensCut(SftRule):
    """The pictures stay whole, their placeholders do not, and the two no longer fit."""

    code = "TRL309"
    name = "image-tokens-cut"
    summary = "a maximum length that cuts through the placeholders of the pictures"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """An error for rows that were counted; a hint where only the default length and the processor are known."""
        if run.trl < VLM_SUPPORT or data.vision(run) is not True or processing(run).kind is not Kind.PROCESSOR:
            return
        length = truncation.kept(run)
        if length is None:
            return
        counted = supervision.counted(run)
        if counted is not None:
            cut = [row for row in counted if row.pictures_end > length]
            if cut:
                yield _stops(run, length, len(cut), len(counted), max(row.pictures_end for row in counted))
            return
        cells = image_tokens.grid(processing(run).artifact)
        if run.given("max_length") is None and cells is not None and cells.largest > length:
            yield _may_stop(run, length, cells.largest)


def _stops(run: RunView, length: int, cut: int, read: int, needed: int) -> Verdict:
    in_processor = not data.prompt_completion(run) and run.transformers >= COUNTED_BY_PROCESSOR
    return Verdict(
        "cut",
        place_of(run, "max_length") if run.given("max_length") else trainer_place(run),
        f"{truncation.shown(run, length)} cuts through the image tokens of {cut} of the {read} rows read: the first "
        "batch with such a row stops",
        Severity.ERROR,
        Stage.FIRST_BATCH if in_processor else Stage.FIRST_STEP,
        why=(
            "Each picture becomes many tokens. Truncation takes some of them away and leaves the picture whole, and "
            '"image features and image tokens do not match".',
        ),
        evidence=(f"the pictures of the rows read end at token {needed} at most", data.describe(run)),
        remedies=_ways_out(run),
    )


def _may_stop(run: RunView, length: int, largest: int) -> Verdict:
    return Verdict(
        "default",
        trainer_place(run),
        f"image rows are cut at `max_length={length}` by default, and a large picture alone takes up to {largest} "
        "tokens",
        Severity.INFO,
        Stage.FIRST_BATCH,
        why=("A row that is cut within a picture stops the run. TRL's own examples say `max_length=None` for images.",),
        evidence=("the pictures could not be measured", data.describe(run)),
        remedies=_ways_out(run),
    )


def _ways_out(run: RunView) -> tuple[Remedy, ...]:
    return (
        remedies.set_config(run, "max_length", "None", "do not cut rows with images: `max_length=None`"),
        Remedy("or let the processor make the pictures smaller (`max_pixels`)"),
    )
