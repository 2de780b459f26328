"""The methods of a table: what each makes of the columns and of the sampled rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from trl_lint.dataclass import dataclass, replace
from trl_lint.datasets.context import TextOf
from trl_lint.datasets.features import declared, kind_of_feature
from trl_lint.datasets.frame import Frame, Other, Splits, prefix, project, shuffled, subset, unknown
from trl_lint.datasets.kinds import GAP, has_gap, kind_of
from trl_lint.datasets.literals import Arguments, plain, strings
from trl_lint.datasets.returned import Returned, returned_columns
from trl_lint.model.value import Instance, Items, Known, Unknown, Value


@dataclass(frozen=True)
class Listed:
    """Column names as an argument gives them: `listed`, or `every` column of the table, or neither (not known)."""

    listed: tuple[str, ...] | None = None
    every: bool = False


@dataclass(frozen=True)
class Surroundings:
    """What an operation needs besides its table: `names` reads an argument as column names."""

    names: Callable[[Value | None], Listed]
    text_of: TextOf


Operation: TypeAlias = "Callable[[Frame, Arguments, Surroundings], Frame | Splits | Other]"


def _map(frame: Frame, arguments: Arguments, around: Surroundings) -> Frame:
    features = arguments.get("features")
    columns = declared(features)
    if columns is not None:
        return replace(frame, columns=columns, reason="", rows=(), head=0, total=None)
    removed = around.names(arguments.get("remove_columns"))
    function = arguments.argument("function", 0)
    if function is None and arguments.call is not None and arguments.call.open is None:
        return frame if removed.listed == () else _drop(frame, removed)
    batched = arguments.plain("batched", default=False) is not False
    positional = 0 if arguments.call is None else len(list(arguments.call.positional()))
    made = returned_columns(function, around.text_of, batched)
    if made is None or positional > 1 or (removed.listed is None and not removed.every):
        return unknown(frame, _why_map(frame))
    if (made.same or made.spread) and arguments.get("input_columns") is not None:
        return unknown(frame, _why_map(frame))
    return _updated(frame, made, removed, batched)


def _why_map(frame: Frame) -> str:
    return "`map(...)` may add columns" if frame.columns is not None else frame.reason


def _updated(frame: Frame, made: Returned, removed: Listed, batched: bool) -> Frame:
    """The table after `map`: what is removed goes first, then the results are added.

    A dict that repeats the example brings the removed columns back; the example itself does not
    (`datasets` 5.2.0, `Dataset.map`).
    """
    gone = set(removed.listed or ())
    if frame.columns is None and (not removed.every or made.same or made.spread):
        return unknown(frame, _why_map(frame))
    before = dict(frame.columns or {})
    if not gone <= set(before):
        return unknown(frame, f"`map(remove_columns=...)` names `{min(gone - set(before))}`, which is no column")
    if removed.every:
        gone = set(before)
    if gone and not (made.kinds or made.same or made.spread):
        return unknown(frame, _why_map(frame))
    if gone & set(made.kinds) and frame.container != "Dataset":
        return unknown(frame, "which columns `map(remove_columns=...)` keeps depends on the release of datasets")
    if made.spread:
        after = {**before, **made.kinds}
    elif made.same:
        after = {name: kind for name, kind in {**before, **made.kinds}.items() if name not in gone}
    else:
        after = {**{name: kind for name, kind in before.items() if name not in gone}, **made.kinds}
    kept = [name for name in after if name in before and name not in made.kinds]
    if batched or not kept:
        return replace(frame, columns=after, reason="", rows=(), head=0, total=None if batched else frame.total)
    rows = tuple({name: row[name] for name in kept if name in row} for row in frame.rows)
    return replace(frame, columns=after, reason="", rows=rows)


def _drop(frame: Frame, names: Listed) -> Frame:
    if names.every:
        return replace(frame, columns={}, reason="", rows=(), head=0, total=None)
    if names.listed is None:
        return unknown(frame, "the removed columns are not known")
    if frame.columns is None:
        return frame
    missing = [name for name in names.listed if name not in frame.columns]
    if missing:
        return unknown(frame, f"`remove_columns` names `{missing[0]}`, which is no column")
    return project(frame, [name for name in frame.columns if name not in names.listed])


def _remove_columns(frame: Frame, arguments: Arguments, around: Surroundings) -> Frame:
    return _drop(frame, around.names(arguments.get("column_names", 0)))


def _select_columns(frame: Frame, arguments: Arguments, around: Surroundings) -> Frame:
    names = around.names(arguments.get("column_names", 0))
    if names.every:
        return frame
    if names.listed is None:
        return unknown(frame, "the selected columns are not known")
    missing = [name for name in names.listed if frame.columns is not None and name not in frame.columns]
    if missing:
        return unknown(frame, f"`select_columns` names `{missing[0]}`, which is no column")
    return project(frame, names.listed)


def _rename_column(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    old, new = arguments.plain("original_column_name", 0), arguments.plain("new_column_name", 1)
    return _renamed(frame, {old: new} if isinstance(old, str) else None)


def _rename_columns(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    mapping = arguments.plain("column_mapping", 0)
    return _renamed(frame, mapping if isinstance(mapping, dict) else None)


def _renamed(frame: Frame, mapping: dict[object, object] | None) -> Frame:
    if mapping is None or not all(isinstance(name, str) for pair in mapping.items() for name in pair):
        return unknown(frame, "the renamed columns are not known")
    if frame.columns is None:
        return frame
    names = {str(old): str(new) for old, new in mapping.items()}
    missing = [name for name in names if name not in frame.columns]
    if missing:
        return unknown(frame, f"`{missing[0]}` is renamed, which is no column")
    columns = {names.get(name, name): kind for name, kind in frame.columns.items()}
    if len(columns) != len(frame.columns):
        return unknown(frame, "a column is renamed to a name that exists")
    rows = tuple({names.get(name, name): value for name, value in row.items()} for row in frame.rows)
    return replace(frame, columns=columns, rows=rows)


def _cast_column(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    name, feature = arguments.plain("column", 0), arguments.get("feature", 1)
    if not isinstance(name, str):
        return unknown(frame, "the cast column is not known")
    if frame.columns is None:
        return frame
    if name not in frame.columns:
        return unknown(frame, f"`cast_column` names `{name}`, which is no column")
    kind = "unknown" if feature is None else kind_of_feature(feature)
    return _recast(frame, {**frame.columns, name: kind}, {name})


def _cast(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    columns = declared(arguments.get("features", 0))
    if columns is not None:
        return _recast(frame, columns, set(columns))
    return (
        frame if frame.columns is None else _recast(frame, dict.fromkeys(frame.columns, "unknown"), set(frame.columns))
    )


def _recast(frame: Frame, columns: dict[str, str], cast: set[str]) -> Frame:
    """The table with these kinds; the rows keep no value that the cast may have changed, but the names of images."""
    before = frame.columns or {}
    kept = {
        name: kind
        for name, kind in columns.items()
        if name not in cast or kind in ("image", "images") or (kind == before.get(name) and kind != "unknown")
    }
    rows = tuple({name: value for name, value in row.items() if name in kept} for row in frame.rows) if kept else ()
    return replace(frame, columns=columns, reason="", rows=rows, head=frame.head if rows else 0)


def _class_encode(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    name = arguments.plain("column", 0)
    if frame.columns is None or name not in frame.columns:
        return frame if frame.columns is None else unknown(frame, "the encoded column is not known")
    rows = tuple({key: value for key, value in row.items() if key != name} for row in frame.rows)
    return replace(frame, columns={**frame.columns, name: "number"}, rows=rows)


def _add_column(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    name, column = arguments.plain("name", 0), arguments.get("column", 1)
    if not isinstance(name, str):
        return unknown(frame, "the added column is not known")
    if frame.columns is None:
        return frame
    items = column.value if isinstance(column, Known) else None
    values = [plain(item) for item in items.items[:200]] if isinstance(items, Items) else [GAP]
    kind = "unknown" if has_gap(values) else kind_of(values)
    return replace(frame, columns={**frame.columns, name: kind})


def _select(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    count = _range_end(arguments.get("indices", 0))
    return subset(frame) if count is None else prefix(frame, count)


def _range_end(value: Value | None) -> int | None:
    """`n` of `range(n)` or `range(0, n)`."""
    found = value.value if isinstance(value, Known) else None
    if not isinstance(found, Instance) or found.callee not in ("range", "builtins.range") or found.call is None:
        return None
    bounds = [plain(argument.value) for argument in found.call.arguments]
    if bounds and all(isinstance(bound, int) for bound in bounds):
        if len(bounds) == 1:
            return int(bounds[0])
        if len(bounds) == 2 and bounds[0] == 0:
            return int(bounds[1])
    return None


def _take(frame: Frame, arguments: Arguments, _: Surroundings) -> Frame:
    count = arguments.plain("n", 0)
    return prefix(frame, count) if isinstance(count, int) else subset(frame)


def _train_test_split(frame: Frame, _: Arguments, __: Surroundings) -> Splits:
    part = subset(frame)
    return Splits({"train": part, "test": part}, spans=frame.spans)


def _to_iterable(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    return replace(frame, container="IterableDataset")


def with_format(frame: Frame, arguments: Arguments, around: Surroundings) -> Frame:
    """After `with_format` or `set_format`: `columns=` hides the others from whoever reads rows."""
    columns = arguments.get("columns", 1)
    if columns is None or (isinstance(columns, Known) and columns.value is None):
        return frame
    if arguments.get("output_all_columns", 2) is None:
        names = around.names(columns)
        if names.every or (names.listed is not None and frame.columns and set(names.listed) == set(frame.columns)):
            return frame
    return unknown(frame, "its format may hide columns")


def with_transform(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    """After `with_transform` or `set_transform`."""
    return unknown(frame, "a transform decides the columns when rows are read")


def _flatten(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    if frame.columns is not None and any(kind in ("struct", "unknown", "mixed") for kind in frame.columns.values()):
        return unknown(frame, "`flatten()` adds the fields of structs as columns")
    return frame


def _same(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    return frame


def _reordered(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    return shuffled(frame)


def _fewer(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    return subset(frame)


def _repeat(frame: Frame, _: Arguments, __: Surroundings) -> Frame:
    return replace(frame, total=None)


OPERATIONS: dict[str, Operation] = {
    "map": _map,
    "remove_columns": _remove_columns,
    "select_columns": _select_columns,
    "rename_column": _rename_column,
    "rename_columns": _rename_columns,
    "cast_column": _cast_column,
    "cast": _cast,
    "class_encode_column": _class_encode,
    "add_column": _add_column,
    "filter": _fewer,
    "select": _select,
    "take": _take,
    "skip": _fewer,
    "shard": _fewer,
    "shuffle": _reordered,
    "sort": _reordered,
    "repeat": _repeat,
    "flatten": _flatten,
    "flatten_indices": _same,
    "reset_format": _same,
    "reshard": _same,
    "train_test_split": _train_test_split,
    "to_iterable_dataset": _to_iterable,
    "with_format": with_format,
    "set_format": with_format,
    "with_transform": with_transform,
    "set_transform": with_transform,
}


def column_names(value: Value | None) -> Listed:
    """Column names that stand in the code as a string or a list of strings; no argument means none."""
    if value is None or (isinstance(value, Known) and value.value is None):
        return Listed(())
    listed = strings(plain(value)) if not isinstance(value, Unknown) else None
    return Listed(None if listed is None else tuple(listed))


def apply(frame: Frame, method: str, arguments: Arguments, around: Surroundings) -> Frame | Splits | Other:
    """What `frame.method(...)` returns."""
    operation = OPERATIONS.get(method)
    if operation is None:
        return Other(f"what `{method}(...)` returns is not known")
    if arguments.call is not None and arguments.call.open is not None and operation in (_map, with_format):
        return unknown(frame, f"further arguments may be passed to `{method}` ({arguments.call.open})")
    return operation(frame, arguments, around)
