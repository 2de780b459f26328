"""Kinds from declared features: `datasets.Features({...})` in code, and their JSON in `dataset_info.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trl_lint.datasets.kinds import kind_of_keys
from trl_lint.datasets.literals import Arguments
from trl_lint.model.value import Instance, Items, Known, Symbol, Table, Value

_LISTS = frozenset({"Sequence", "List", "LargeList"})
_OF_LIST = {"string": "strings", "number": "numbers", "bool": "numbers", "image": "images"}
_MAX_DEPTH = 8


def kind_of_dtype(dtype: object) -> str:
    """The kind of `datasets.Value(dtype)`."""
    if not isinstance(dtype, str):
        return "unknown"
    if dtype in ("string", "large_string", "string_view"):
        return "string"
    if dtype in ("bool", "null"):
        return dtype
    return "number" if dtype.startswith(("int", "uint", "float", "double")) else "unknown"


def kind_of_feature(value: Value, depth: int = _MAX_DEPTH) -> str:
    """The kind of a feature that the code makes: `Image()`, `Sequence(Image())`, `[{"role": ...}]`."""
    if depth <= 0 or not isinstance(value, Known):
        return "unknown"
    found = value.value
    if isinstance(found, Items):
        return _kind_of_list(found.items[0], depth) if len(found.items) == 1 else "unknown"
    if isinstance(found, Table):
        return "struct"
    if isinstance(found, Symbol) and found.root == "datasets":
        return "image" if found.last == "Image" else "unknown"
    return _kind_of_instance(found, depth) if isinstance(found, Instance) else "unknown"


def _kind_of_instance(found: Instance, depth: int) -> str:
    if not found.callee.startswith("datasets.") or found.call is None:
        return "unknown"
    arguments = Arguments(found.call)
    name = found.callee.rpartition(".")[2]
    if name == "Image":
        return "image"
    if name == "ClassLabel":
        return "number"
    if name == "Value":
        return kind_of_dtype(arguments.plain("dtype", 0))
    if name in _LISTS:
        inner = arguments.get("feature", 0)
        if inner is None or (name == "Sequence" and _is_table(inner)):
            return "unknown" if inner is None else "struct"  # a Sequence of a dict is a dict of lists
        return _kind_of_list(inner, depth)
    return "unknown"


def _is_table(value: Value) -> bool:
    return isinstance(value, Known) and isinstance(value.value, Table)


def _kind_of_list(inner: Value, depth: int) -> str:
    if isinstance(inner, Known) and isinstance(inner.value, Table):
        if inner.value.open:
            return "unknown"
        return kind_of_keys(str(entry.key) for entry in inner.value.entries)
    return _OF_LIST.get(kind_of_feature(inner, depth - 1), "unknown")


def declared(value: Value | None) -> dict[str, str] | None:
    """The columns of `Features({...})` (or the dict alone); None where they cannot be read."""
    if not isinstance(value, Known):
        return None
    found = value.value
    if isinstance(found, Instance):
        if not found.callee.startswith("datasets.") or found.callee.rpartition(".")[2] != "Features":
            return None
        if found.mutations:
            return None
        return declared(Arguments(found.call).get("", 0))
    if not isinstance(found, Table) or found.open or any(entry.optional for entry in found.entries):
        return None
    if not all(isinstance(entry.key, str) for entry in found.entries):
        return None
    return {str(entry.key): kind_of_feature(entry.value) for entry in found.entries}


def described(features: object) -> dict[str, str] | None:
    """The columns of the features as `dataset_info.json` and Parquet metadata hold them."""
    if not isinstance(features, Mapping) or not all(isinstance(name, str) for name in features):
        return None
    return {name: _described_kind(feature) for name, feature in features.items()}


def _described_kind(feature: Any) -> str:
    if isinstance(feature, list):
        return _described_list(feature[0]) if len(feature) == 1 else "unknown"
    if not isinstance(feature, Mapping):
        return "unknown"
    name = feature.get("_type")
    if not isinstance(name, str):
        return "struct"
    if name in _LISTS:
        inner = feature.get("feature")
        if name == "Sequence" and isinstance(inner, Mapping) and "_type" not in inner:
            return "struct"
        return _described_list(inner)
    return _described_scalar(name, feature)


def _described_scalar(name: str, feature: Mapping[str, Any]) -> str:
    if name == "Value":
        return kind_of_dtype(feature.get("dtype"))
    return {"Image": "image", "ClassLabel": "number"}.get(name, "unknown")


def _described_list(inner: Any) -> str:
    if isinstance(inner, Mapping) and not isinstance(inner.get("_type"), str):
        return kind_of_keys(str(key) for key in inner)
    if not isinstance(inner, Mapping) or inner["_type"] in _LISTS:
        return "unknown"
    return _OF_LIST.get(_described_scalar(inner["_type"], inner), "unknown")
