"""`load_dataset` and `load_from_disk`: which table, or dictionary of tables, they return."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.dataclass import replace
from trl_lint.datasets.cache import find_cached, read_info
from trl_lint.datasets.context import Context
from trl_lint.datasets.features import declared
from trl_lint.datasets.files import builder_of, extension, folder, listing
from trl_lint.datasets.frame import Frame, Other, Result, Splits, container, either, prefix, stack, subset, unknown
from trl_lint.datasets.kinds import GAP, has_gap
from trl_lint.datasets.literals import Arguments, strings
from trl_lint.datasets.readers.raw import UnreadableError, read_head
from trl_lint.datasets.readers.read import READABLE, Format
from trl_lint.datasets.tables import agreed, from_folder, from_patterns, images_of
from trl_lint.lazy import regex
from trl_lint.model.value import Known, Symbol, Unknown, Value

_PACKAGED = frozenset(
    {"json", "csv", "parquet", "text", "imagefolder", "arrow", "pandas", "sql", "audiofolder", "videofolder"}
    | {"webdataset", "xml", "conll", "hdf5"}
)
_SPLIT = regex(r"\s*([\w.-]+)\s*(?:\[\s*(?:(-?\d+)(%?))?\s*:\s*(?:(-?\d+)(%?))?\s*\]\s*(?:\(\w+\))?)?\s*")
_CSV_RESHAPING = ("header", "index_col", "usecols", "prefix", "skiprows", "engine", "dialect", "converters", "encoding")
_MAX_SPLITS = 32
_MAX_SPLIT = 1_000  # characters of an expression


def load_dataset(arguments: Arguments, context: Context) -> Result:
    """What `datasets.load_dataset(...)` returns. Positions: path, name, data_dir, data_files, split."""
    path = arguments.plain("path", 0)
    streaming = arguments.plain("streaming", default=False)
    streaming = streaming if isinstance(streaming, bool) else None
    if not isinstance(path, str):
        reason = _reason(arguments.get("path", 0), "the name of the data set is not known")
        return select_split(Splits(rest=Frame(None, reason, container(streaming)), streaming=streaming), arguments)
    tables = _tables(path, arguments, context, container(streaming))
    features = arguments.get("features")
    if features is not None:
        tables = _declared_tables(tables, features)
    return select_split(replace(tables, streaming=streaming), arguments)


def _reason(value: Value | None, otherwise: str) -> str:
    return value.reason if isinstance(value, Unknown) else otherwise


def _nothing(reason: str, kind: str) -> Splits:
    """Whichever split is asked for, its columns are not known."""
    return Splits(rest=Frame(None, reason, kind))


def _declared_tables(tables: Splits, features: Value) -> Splits:
    """The tables with the columns that `features=` says; `None` says nothing."""
    if isinstance(features, Known) and features.value is None:
        return tables
    columns = declared(features)
    reason = _reason(features, "the features are not understood")

    def change(frame: Frame) -> Frame:
        if columns is None:
            return unknown(frame, frame.reason or reason)
        return replace(frame, columns=columns, reason="")

    rest = change(tables.rest) if tables.rest else None
    return replace(tables, frames={name: change(frame) for name, frame in tables.frames.items()}, rest=rest)


def _tables(path: str, arguments: Arguments, context: Context, kind: str) -> Splits:
    data_files = arguments.plain("data_files", 3)
    data_dir = arguments.plain("data_dir", 2)
    if data_files is not None and has_gap(data_files):
        return _nothing(_reason(arguments.get("data_files", 3), "the data files are not known"), kind)
    if data_dir is GAP:
        return _nothing(_reason(arguments.get("data_dir", 2), "the data folder is not known"), kind)
    try:
        if path in _PACKAGED:
            return _packaged(path, data_files, data_dir, arguments, context, kind)
        base = folder(path, context.roots)
        if base is not None:
            return _local(base, path, data_files, data_dir, arguments, kind)
    except UnreadableError as error:
        return _nothing(f"{data_dir or path} {error}", kind)
    if extension(path):
        return _nothing(f"`{path}` is the name of a file, not of a data set", kind)
    if _is_hub_name(path):
        return (
            _hub(path, arguments, context, kind)
            if data_files is None and data_dir is None
            else _nothing(f"the data set `{path}` is on the Hub", kind)
        )
    return _nothing(f"{path} does not exist here", kind)


def _is_hub_name(path: str) -> bool:
    return bool(re.fullmatch(r"[\w][\w.-]*(/[\w.-]+)?", path)) and not path.endswith(".py")


def _hub(path: str, arguments: Arguments, context: Context, kind: str) -> Splits:
    name = arguments.plain("name", 1)
    if name is None or isinstance(name, str):
        cached = find_cached(path, name, context.env)
        if cached is not None:
            where = f"{path} in the cache of datasets ({cached.configuration})"
            return Splits(rest=Frame(cached.columns, "", kind, where=where))
    return _nothing(f"the data set `{path}` is on the Hub", kind)


def _format(builder: str, arguments: Arguments) -> Format:
    """The builder with its options. Raises UnreadableError where an option is not known."""
    if builder == "json":
        field = arguments.plain("field")
        if field is not None and not isinstance(field, str):
            raise UnreadableError("is read with a `field` that is not known")
        return Format(builder, field=field)
    if builder != "csv":
        return Format(builder)
    for option in _CSV_RESHAPING:
        if arguments.argument(option) is not None:
            raise UnreadableError(f"is read with `{option}`, which is not understood")
    separator = arguments.plain("delimiter") or arguments.plain("sep", default=",")
    names = arguments.plain("column_names") or arguments.plain("names")
    listed = strings(names) if names is not None else None
    if not isinstance(separator, str) or (names is not None and listed is None):
        raise UnreadableError("is read with options that are not known")
    return Format(builder, separator=separator, names=None if listed is None else tuple(listed))


def _packaged(
    builder: str, data_files: Any, data_dir: str | None, arguments: Arguments, context: Context, kind: str
) -> Splits:
    if arguments.call is not None and arguments.call.open is not None:
        raise UnreadableError(f"is read with further options ({arguments.call.open})")
    if data_files is None and data_dir is None:
        raise UnreadableError("is a format: no data files are named")
    roots = context.roots
    if data_dir is not None:
        base = folder(data_dir, roots)
        if base is None:
            raise UnreadableError("does not exist here")
        if data_files is None and builder == "imagefolder":
            return Splits(images_of(base, data_dir, kind))
        if data_files is None:
            return Splits(from_folder(base, data_dir, _format(builder, arguments), kind))
        roots = (base,)
    if builder not in READABLE:
        raise UnreadableError("is a format that is not read")
    return _by_patterns(data_files, roots, _format(builder, arguments), kind)


def _by_patterns(data_files: Any, roots: Sequence[Path], how: Format, kind: str) -> Splits:
    named = data_files if isinstance(data_files, dict) else {"train": data_files}
    frames: dict[str, Frame] = {}
    for split, patterns in list(named.items())[:_MAX_SPLITS]:
        listed = strings(patterns)
        if listed is None:
            raise UnreadableError("is read from data files that are not understood")
        frames[str(split)] = from_patterns(listed, roots, how, kind)
    return Splits(agreed(frames))


def _local(base: Path, path: str, data_files: Any, data_dir: str | None, arguments: Arguments, kind: str) -> Splits:
    if disk.exists(base / "state.json") or disk.exists(base / "dataset_dict.json"):
        raise UnreadableError("was written by `save_to_disk`: `load_from_disk` reads it")
    if data_dir is not None:
        base, path = base / data_dir, f"{path}/{data_dir}"
    if data_files is not None:
        named = [name for names in _named(data_files) for name in names]
        return _by_patterns(data_files, (base,), _told_format(named, arguments), kind)
    names = listing(base)
    if builder_of(names) == "imagefolder":
        return Splits(images_of(base, path, kind))
    return Splits(from_folder(base, path, _told_format(names, arguments), kind))


def _named(data_files: Any) -> list[list[str]]:
    values = data_files.values() if isinstance(data_files, dict) else [data_files]
    return [strings(value) or [] for value in values]


def _told_format(names: Sequence[str], arguments: Arguments) -> Format:
    builder = builder_of(names)
    if builder not in READABLE:
        raise UnreadableError("holds files of a kind that is not read")
    how = _format(builder, arguments)
    told = builder == "csv" and all(".tsv" in name.lower() for name in names)
    return replace(how, separator="\t") if told and arguments.argument("sep") is None else how


def select_split(tables: Splits, arguments: Arguments, position: int = 4) -> Result:
    """The table that `split=` asks for; without it, the dictionary of all."""
    value = arguments.get("split", position)
    split = None if value is None else arguments.plain("split", position)
    if isinstance(value, Known) and isinstance(value.value, Symbol):
        symbol = value.value  # datasets.Split.TRAIN
        split = symbol.last.lower() if symbol.root == "datasets" and ".Split." in symbol.name else GAP
    if split is None:
        return tables
    if isinstance(split, str) and len(split) <= _MAX_SPLIT:
        return _by_expression(tables, split)
    if isinstance(split, list):
        return Other("it is a list of data sets", "list")
    return replace(either([subset(frame) for frame in tables.each()]), container="unknown")


def _by_expression(tables: Splits, split: str) -> Frame:
    frames = []
    for term in split.split("+"):
        match = _SPLIT.fullmatch(term)
        if match is None:
            return _one(tables, "", f"the split `{split}` is not understood")
        name = match[1]
        if name == "all" and name not in tables.frames and tables.rest is None:
            frame = stack(tables.each())
        else:
            frame = _one(tables, name, f"there is no split `{name}` among {', '.join(tables.frames)}")
        frames.append(_slice(frame, match) if "[" in term else frame)
    return stack(frames) if len(frames) > 1 else frames[0]


def _one(tables: Splits, name: str, otherwise: str) -> Frame:
    found = tables.frames.get(name, tables.rest)
    return Frame(None, otherwise, container(tables.streaming)) if found is None else found


def _slice(frame: Frame, match: re.Match[str]) -> Frame:
    start, _, stop, percent = match.groups()[1:]
    if start is None and stop is None:
        return frame
    if start not in (None, "0") or stop is None:
        return subset(frame)
    if not percent:
        return prefix(frame, int(stop))
    if frame.total is None:
        return subset(frame)
    return prefix(frame, round(frame.total * min(int(stop), 100) / 100))


def load_from_disk(arguments: Arguments, context: Context) -> Result:
    """What `datasets.load_from_disk(folder)` returns, from the JSON files beside the tables."""
    for position, name in enumerate(("dataset_path", "dataset_dict_path")):
        path = arguments.plain(name, 0)
        if path is not None or position:
            break
    if not isinstance(path, str):
        return Other("the folder of the saved data set is not known")
    base = folder(path, context.roots)
    if base is None:
        return Frame(None, f"{path} does not exist here", "unknown")
    splits = _saved_splits(base)
    if splits is not None:
        return Splits({name: _saved(base / name, f"{path}/{name}") for name in splits})
    return _saved(base, path)


def _saved_splits(base: Path) -> list[str] | None:
    found = _small_json(base / "dataset_dict.json")
    names = strings(found.get("splits")) if found is not None else None
    return None if names is None else [name for name in names if re.fullmatch(r"[\w.-]+", name)][:_MAX_SPLITS]


def _small_json(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(read_head(path).text())
    except (UnreadableError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _saved(base: Path, shown: str) -> Frame:
    columns = read_info(base / "dataset_info.json")
    if columns is None:
        return Frame(None, f"{shown} holds no readable dataset_info.json", where=shown)
    state = _small_json(base / "state.json") or {}
    if state.get("_format_columns") is not None:
        return Frame(None, f"{shown} was saved with a format that hides columns", where=shown)
    return Frame(columns, "", where=shown)


def from_files(builder: str, arguments: Arguments, context: Context) -> Result:
    """What `Dataset.from_json(paths)` and its like return: always a `Dataset`, of the `train` split."""
    listed = strings(arguments.plain("path_or_paths", 0))
    streaming = arguments.plain("streaming", default=False)
    kind = container(streaming if isinstance(streaming, bool) else None)
    if listed is None:
        return Frame(None, "the data files are not known", kind)
    if arguments.call is not None and arguments.call.open is not None:
        return Frame(None, f"further options may be passed ({arguments.call.open})", kind)
    try:
        frame = from_patterns(listed, context.roots, _format(builder, arguments), kind)
    except UnreadableError as error:
        return Frame(None, f"{listed[0] if listed else builder} {error}", kind)
    features = arguments.get("features", 2)
    if features is None:
        return frame
    return _declared_tables(Splits({"train": frame}), features).frames["train"]
