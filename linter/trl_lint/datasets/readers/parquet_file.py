"""Parquet through pyarrow, where that is installed: the schema, and some rows of the columns that are no bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.datasets.features import described, kind_of_dtype
from trl_lint.datasets.kinds import kind_of_keys
from trl_lint.datasets.readers.raw import Sample, UnreadableError, regular_size

_MAX_ROWS = 50
_MAX_GROUP_BYTES = 64_000_000  # a row group is decompressed as a whole
_MAX_METADATA = 4_000_000
_OF_LIST = {"string": "strings", "number": "numbers", "bool": "numbers", "image": "images"}


def read_parquet(path: Path) -> Sample:
    """The columns and first rows; images are left out of the rows. Raises UnreadableError."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UnreadableError("is Parquet, for which pyarrow must be installed") from error
    try:
        regular_size(path)
        disk.touch(path)
        with parquet.ParquetFile(path, memory_map=False, thrift_string_size_limit=_MAX_METADATA) as file:
            columns = _declared(file.schema_arrow) or {
                field.name: _kind(field.type, pyarrow.types) for field in file.schema_arrow
            }
            rows = _rows(file, [name for name in columns if columns[name] not in ("image", "images", "unknown")])
            return Sample(columns, rows, len(rows), file.metadata.num_rows)
    except FileNotFoundError as error:
        raise UnreadableError("does not exist here") from error
    except (OSError, pyarrow.ArrowException, ValueError, RecursionError) as error:
        raise UnreadableError("is not readable as Parquet") from error


def _rows(file: Any, names: list[str]) -> tuple[Mapping[str, Any], ...]:
    if not names or not file.num_row_groups or _group_bytes(file, set(names)) > _MAX_GROUP_BYTES:
        return ()
    batch = next(file.iter_batches(batch_size=_MAX_ROWS, row_groups=[0], columns=names, use_threads=False), None)
    return () if batch is None else tuple(batch.to_pylist())


def _group_bytes(file: Any, names: set[str]) -> int:
    group = file.metadata.row_group(0)
    columns = (group.column(i) for i in range(group.num_columns))
    return sum(c.total_uncompressed_size for c in columns if c.path_in_schema.partition(".")[0] in names)


def _declared(schema: Any) -> dict[str, str] | None:
    """The features that `datasets` wrote into the metadata, if they name the columns of the file."""
    text = (schema.metadata or {}).get(b"huggingface")
    if text is None:
        return None
    try:
        found = json.loads(text)["info"]["features"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    columns = described(found)
    return columns if columns is not None and set(columns) == set(schema.names) else None


def _kind(kind: Any, types: Any) -> str:
    if types.is_struct(kind):
        keys = {kind.field(i).name for i in range(kind.num_fields)}
        return "image" if keys == {"bytes", "path"} else "struct"
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        inner = kind.value_type
        if types.is_struct(inner):
            return kind_of_keys(inner.field(i).name for i in range(inner.num_fields))
        return _OF_LIST.get(_kind(inner, types), "unknown")
    return kind_of_dtype(str(kind))
