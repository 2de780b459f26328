"""Where the linted project stands: all that the outside contributes to understanding a data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from trl_lint.dataclass import dataclass

TextOf: TypeAlias = "Callable[[str], str | None]"


@dataclass(frozen=True)
class Context:
    """`roots` are the folders that relative names start from, the likeliest first.

    `text_of` gives the analysed text of a source by its path (None: not at hand); `env` is the environment,
    for the places where caches may stand.
    """

    roots: tuple[Path, ...]
    text_of: TextOf
    env: Mapping[str, str]
