"""An image column that this release does not read, or cannot."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.boundaries import ASSISTANT_ONLY_WITH_IMAGES, IMAGE_COLUMN, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of

# transformers takes an empty list among lists of pictures from here on (`make_flat_list_of_images`).
EMPTY_LISTS_TAKEN = Release(4, 57)


class ImageColumnNotRead(SftRule):
    """`image` is read from 0.29 on; an `images` column of None stops the first batch up to 1.14."""

    code = "TRL307"
    name = "image-column-not-read"
    summary = "an image column that stops the first batch in this release"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and the run is a vision-language one."""
        columns = run.data().columns
        if data.vision(run) is not True or columns is None or run.trl < VLM_SUPPORT:
            return
        if processing(run).kind is not Kind.PROCESSOR:
            return
        at = place_of(run, "train_dataset")
        if "images" not in columns and run.trl < IMAGE_COLUMN:
            yield Verdict(
                "image",
                at,
                "{trl} reads pictures from a column `images` only; the rows have `image`, and the first batch stops",
                Severity.ERROR,
                Stage.FIRST_BATCH,
                why=("The collator reads `images`, a list for each row; a single `image` is read from 0.29 on.",),
                evidence=(data.describe(run),),
                remedies=(Remedy('make it a list: `dataset.map(lambda row: {"images": [row["image"]]})`'),),
            )
        elif run.trl < ASSISTANT_ONLY_WITH_IMAGES and any(
            columns[name].kind == "null" for name in ("images", "image") if name in columns
        ):
            yield Verdict(
                "null",
                at,
                "the image column holds nothing but None, which stops the first batch in {trl}",
                Severity.ERROR,
                Stage.FIRST_BATCH,
                why=("The name of the column makes the rows image data, and the collator counts what it holds.",),
                evidence=(data.describe(run),),
                remedies=(Remedy("remove the column, or hold an empty list in rows without pictures"),),
            )
        elif run.transformers < EMPTY_LISTS_TAKEN and _some_without(run):
            yield Verdict(
                "some-empty",
                at,
                "some rows have pictures and some have none: a batch with both stops {trl} with {transformers}",
                Severity.ERROR,
                Stage.FIRST_BATCH,
                why=("transformers before 4.57 cannot flatten a list of pictures of which one is empty.",),
                evidence=(data.describe(run),),
                remedies=(
                    Remedy("upgrade to transformers 4.57 or newer"),
                    Remedy("or keep rows without pictures in a run of their own"),
                ),
            )


def _some_without(run: RunView) -> bool:
    """Whether rows with pictures and rows with an empty list meet in one batch."""
    found = [row.get("images") for row in run.data().rows]
    if run.setting("per_device_train_batch_size") in (1, UNKNOWN):
        return False
    return any(value == [] for value in found) and any(isinstance(value, list) and value for value in found)
