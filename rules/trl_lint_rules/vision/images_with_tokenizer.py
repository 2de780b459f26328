"""Image data, and a tokenizer or text model that cannot take the images."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.boundaries import VISION_DATA_CHECK
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of, trainer_place


class ImagesWithTokenizer(SftRule):
    """Refused from 0.24; before, the images were dropped without a word."""

    code = "TRL301"
    name = "images-with-tokenizer"
    summary = "image data together with a tokenizer or a text model"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows have an image column and the processing class is a tokenizer."""
        used = processing(run)
        if data.vision(run) is not True or used.kind is not Kind.TOKENIZER or "input_ids" in (data.columns(run) or ()):
            return
        at = place_of(run, "processing_class", "train_dataset") if used.given else trainer_place(run)
        evidence = (data.describe(run), *used.evidence)
        column = "images" if "images" in (data.columns(run) or ()) else "image"
        drop = Remedy(f'or, if the images are not meant to be trained on, `dataset.remove_columns("{column}")`')
        keep = Remedy("pass the processor of a vision-language model: `AutoProcessor.from_pretrained(...)`")
        if run.trl >= VISION_DATA_CHECK:
            yield Verdict(
                "refused",
                at,
                f"{{trl}} refuses image data (column `{column}`) with a tokenizer: it takes this for a text model",
                Severity.ERROR,
                Stage.TRAINER_INIT,
                why=(
                    "The name of the column alone decides, even where every value is None. The trainer stops with "
                    '"The dataset appears to be vision-related".',
                ),
                evidence=evidence,
                remedies=(keep, drop),
            )
        elif not data.holds_nothing(run, column):
            yield Verdict(
                "dropped",
                at,
                f"the images (column `{column}`) are dropped: with a tokenizer {{trl}} trains on the text alone",
                Severity.WARNING,
                Stage.SILENT,
                why=("This release does not look at the columns; unused ones are removed before training.",),
                evidence=evidence,
                remedies=(keep, drop),
            )
