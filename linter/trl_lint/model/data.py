"""What is known of a data set: its columns, and the first rows where they could be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trl_lint.dataclass import dataclass, field
from trl_lint.model.span import Span


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and what its values are.

    `kind`: `string`, `messages` (list of dicts with `role` and `content`), `sharegpt` (`from`/`value`),
    `dicts`, `strings`, `numbers` (a list of them), `image`, `images`, `number`, `bool`, `null`, `struct`,
    `mixed`, `unknown`.
    """

    name: str
    kind: str = "unknown"


@dataclass(frozen=True)
class DataSet:
    """A data set as the trainer would get it.

    `columns` is None where they are not known (`reason` says why). `container`: `Dataset`,
    `IterableDataset`, `DatasetDict`, `IterableDatasetDict`, `None` (the literal), `list`, `unknown`.
    `rows` is a bounded sample of `rows_total` (None: not counted) rows, before any transformation that
    was not understood. `spans` are the places in the code that decide.
    """

    columns: Mapping[str, Column] | None = None
    reason: str = ""
    container: str = "unknown"
    rows: tuple[Mapping[str, Any], ...] = ()
    rows_total: int | None = None
    where: str = ""
    spans: tuple[Span, ...] = field(default=())

    @property
    def known(self) -> bool:
        """Whether the columns are known."""
        return self.columns is not None
