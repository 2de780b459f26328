"""The functions and class methods of `datasets` that make a table without having one to begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from trl_lint.dataclass import replace
from trl_lint.datasets.context import Context
from trl_lint.datasets.features import declared
from trl_lint.datasets.frame import Frame, Names, Other, Result, Splits, container, stack, subset
from trl_lint.datasets.literal_tables import from_dict, from_list
from trl_lint.datasets.literals import Arguments
from trl_lint.datasets.loading import from_files, load_dataset, load_from_disk
from trl_lint.datasets.returned import yielded_columns
from trl_lint.model.value import Instance, Items, Known, Table, Unknown, Value

ResultOf: TypeAlias = "Callable[[Value], Result]"

_FILES = {"from_json": "json", "from_csv": "csv", "from_parquet": "parquet", "from_text": "text"}
_DICTS = {"DatasetDict": False, "IterableDatasetDict": True}
_COPIES = frozenset({"copy.copy", "copy.deepcopy"})
_LISTERS = frozenset({"list", "sorted", "set", "tuple"})


def construct(instance: Instance, result_of: ResultOf, context: Context) -> Result:
    """What an object without a receiver is."""
    arguments = Arguments(instance.call)
    root, _, rest = instance.callee.partition(".")
    if root != "datasets":
        return _elsewhere(instance, arguments, result_of)
    owner, _, name = rest.rpartition(".")
    owner = owner.rpartition(".")[2]
    if name == "load_dataset":
        return load_dataset(arguments, context)
    if name == "load_from_disk":
        return load_from_disk(arguments, context)
    if name in ("concatenate_datasets", "interleave_datasets"):
        return _joined(arguments, result_of, name)
    if name in _DICTS:
        return _dictionary(arguments, result_of, _DICTS[name])
    if owner in ("Dataset", "IterableDataset"):
        return _from_class(owner, name, arguments, context)
    if owner in _DICTS and name in _FILES:
        return Other(f"a data set dictionary made by `{name}` is not understood")
    return Other(f"it is made by `{instance.callee}`")


def _elsewhere(instance: Instance, arguments: Arguments, result_of: ResultOf) -> Result:
    """Functions of other packages: only those that hand their argument on are understood."""
    first = arguments.get("", 0)
    name = instance.callee.removeprefix("builtins.")
    if first is not None and (instance.callee in _COPIES or name in _LISTERS):
        found = result_of(first)
        if isinstance(found, Names) or instance.callee in _COPIES:
            return found
    return Other(f"it is made by `{instance.callee}`")


def _from_class(owner: str, name: str, arguments: Arguments, context: Context) -> Result:
    if name in _FILES:
        return from_files(_FILES[name], arguments, context)
    if name == "from_list" and owner == "Dataset":
        return from_list(arguments)
    if name == "from_dict" and owner == "Dataset":
        return from_dict(arguments)
    if name == "from_generator":
        return _from_generator(owner, arguments, context)
    columns = declared(arguments.get("features"))
    reason = {"from_pandas": "it comes from a pandas data frame"}.get(name, f"it is made by `{owner}.{name}`")
    if name in ("from_pandas", "from_polars", "from_spark", "from_sql") and columns is not None:
        return Frame(columns, "", owner)
    return Frame(None, reason, owner if name.startswith("from_") else "unknown")


def _from_generator(owner: str, arguments: Arguments, context: Context) -> Frame:
    streaming = owner == "IterableDataset" or arguments.plain("streaming", default=False) is True
    columns = declared(arguments.get("features"))
    if columns is not None:
        return Frame(columns, "", container(streaming))
    made = yielded_columns(arguments.argument("generator", 0), context.text_of)
    if made is None or not made.kinds:
        return Frame(None, "its rows come from a generator", container(streaming))
    return Frame(made.kinds, "", container(streaming))


def _joined(arguments: Arguments, result_of: ResultOf, name: str) -> Result:
    position = "dsets" if name == "concatenate_datasets" else "datasets"
    value = arguments.get(position, 0)
    items = value.value if isinstance(value, Known) else None
    if not isinstance(items, Items) or items.open is not None or not items.items:
        return Frame(None, value.reason if isinstance(value, Unknown) else "the joined data sets are not known")
    frames = [found for found in (result_of(item) for item in items.items) if isinstance(found, Frame)]
    if len(frames) != len(items.items):
        return Frame(None, "not all of the joined data sets are known")
    if name == "interleave_datasets":
        joined = subset(stack(frames, keep_rows=False))
        return replace(joined, head=0, total=None)
    if arguments.plain("axis", 3, 0) != 0:
        return replace(stack(frames, keep_rows=False), total=frames[0].total)
    return stack(frames)


def _dictionary(arguments: Arguments, result_of: ResultOf, streaming: bool) -> Result:
    value = arguments.get("", 0)
    entries: list[tuple[object, Value]] = []
    if isinstance(value, Known) and isinstance(value.value, Table) and value.value.open is None:
        entries = [(entry.key, entry.value) for entry in value.value.entries]
    elif value is not None:
        return Splits(rest=Frame(None, "its splits are not known", container(streaming)), streaming=streaming)
    if arguments.call is not None:
        entries += [(a.name, a.value) for a in arguments.call.arguments if a.name is not None]
    frames: dict[str, Frame] = {}
    for key, table in entries:
        found = result_of(table)
        frames[str(key)] = found if isinstance(found, Frame) else Frame(None, _reason(found), container(streaming))
    return Splits(frames, streaming=streaming)


def _reason(found: Result) -> str:
    return found.reason if isinstance(found, Other) else "it is not a data set"
