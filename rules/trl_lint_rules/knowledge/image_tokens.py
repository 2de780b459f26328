"""How many tokens the pictures of a row become, and which token stands for one.

Source: `image_processing_qwen2_vl.py` and the processors of Qwen2-VL, Qwen2.5-VL, Qwen3-VL and Qwen3.5 in
transformers 4.46 to 5.23: the sides are rounded to whole cells, the area is brought between two bounds, and each
cell becomes one token. Processors of other families are not counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trl_lint.api import Artifact, RunView, dataclass

_TYPES = ("Qwen2VLImageProcessor", "Qwen2VLImageProcessorFast", "Qwen3VLImageProcessor", "Qwen3VLImageProcessorFast")
_EXTREME = 200  # a picture longer than this many times its width is refused


@dataclass(frozen=True)
class Grid:
    """The cells of a picture: pixels on a side, and the bounds of the area in pixels. `token` stands for a cell."""

    cell: int
    least: int
    most: int
    token: int

    def tokens(self, width: int, height: int) -> int | None:
        """The tokens of a picture of this size; None where the processor refuses it."""
        if max(width, height) / min(width, height) > _EXTREME:
            return None
        cell = self.cell
        high, wide = round(height / cell) * cell, round(width / cell) * cell
        if high * wide > self.most:
            shrink = math.sqrt(height * width / self.most)
            high = max(cell, math.floor(height / shrink / cell) * cell)
            wide = max(cell, math.floor(width / shrink / cell) * cell)
        elif high * wide < self.least:
            grow = math.sqrt(self.least / (height * width))
            high = math.ceil(height * grow / cell) * cell
            wide = math.ceil(width * grow / cell) * cell
        return (high // cell) * (wide // cell)

    @property
    def largest(self) -> int:
        """The tokens of a picture that fills the upper bound."""
        return self.most // self.cell**2


def grid(artifact: Artifact | None) -> Grid | None:
    """The cells into which this artifact's processor divides a picture; None for other families."""
    if artifact is None:
        return None
    content = artifact.json_files.get("preprocessor_config.json")
    if not isinstance(content, Mapping) or content.get("image_processor_type") not in _TYPES:
        return None
    size = content.get("size")
    bounds = size if isinstance(size, Mapping) else {}
    least = _agreed(content.get("min_pixels"), bounds.get("shortest_edge"))
    most = _agreed(content.get("max_pixels"), bounds.get("longest_edge"))
    patch, merge = content.get("patch_size"), content.get("merge_size")
    token = (artifact.config or {}).get("image_token_id")
    numbers: list[Any] = [number for number in (patch, merge, least, most, token) if _is_count(number)]
    if len(numbers) < 5:
        return None
    return Grid(numbers[0] * numbers[1], *numbers[2:])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _agreed(*given: Any) -> Any:
    """The one value that the files give: releases disagree on which of two counts."""
    found = [value for value in given if value is not None]
    return found[0] if found and all(value == found[0] for value in found) else None


def of_row(run: RunView, cells: Grid, row: Mapping[str, Any]) -> tuple[int, ...] | None:
    """The tokens of each picture of a row, in order; None where one of them is not at hand."""
    pictures = row.get("images") if "images" in row else [row.get("image")]
    if not isinstance(pictures, Sequence) or isinstance(pictures, str):
        return None
    found = []
    for picture in pictures:
        path = picture.get("path") if isinstance(picture, Mapping) else picture
        size = run.picture_size(path) if isinstance(path, str) else None
        tokens = cells.tokens(*size) if size is not None else None
        if tokens is None:
            return None
        found.append(tokens)
    return tuple(found)


def with_placeholders(messages: Sequence[Mapping[str, Any]], pictures: int) -> list[dict[str, Any]] | None:
    """The messages as TRL hands them to the processor: content as parts, and the pictures first in the first user
    turn, unless the row has parts of its own (`prepare_multimodal_messages`). None where the count does not fit."""
    placed = False
    made: list[dict[str, Any]] = []
    for message in messages:
        content = message.get("content")
        if isinstance(content, str):
            parts: list[Any] = [{"type": "text", "text": content}]
            if message.get("role") == "user" and not placed:
                parts = [{"type": "image"}] * pictures + parts
                placed = True
            made.append({**message, "content": parts})
        else:
            made.append(dict(message))
    count = sum(_pictures(message.get("content")) for message in made)
    return made if count == pictures else None


def _pictures(content: object) -> int:
    if not isinstance(content, list):
        return 0
    return sum(isinstance(part, Mapping) and part.get("type") == "image" for part in content)
