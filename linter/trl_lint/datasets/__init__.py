"""What the trainer's data set is, decided from the code and from local files; `shape` asks its rows.

Nothing here imports the `datasets` package, and the parts that read files are imported on demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trl_lint.datasets.context import TextOf
    from trl_lint.model.data import DataSet
    from trl_lint.model.value import Value


def understand(
    value: Value,
    folder: Path,
    *,
    text_of: TextOf | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> DataSet:
    """The data set that `value` stands for; it never raises, and what is not known has a `reason`.

    `folder` is the folder of the source: relative file names start there, then in `cwd`. `text_of` gives the
    analysed text of a source by its path, so that functions passed to `map` can be looked at. `env` tells where
    caches are (default: the process's environment).
    """
    from trl_lint.datasets.evaluate import understand as evaluate

    return evaluate(value, folder, text_of=text_of, cwd=cwd, env=env)
