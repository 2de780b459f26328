"""Whatever the code says, there is an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trl_lint.datasets import understand
from trl_lint.datasets.operations import OPERATIONS
from trl_lint.datasets.readers.raw import Sample, UnreadableError
from trl_lint.datasets.readers.read import READABLE, Format, read
from trl_lint.model.span import Span
from trl_lint.model.value import (
    Argument,
    Call,
    Entry,
    Instance,
    Items,
    Known,
    Mutation,
    OneOf,
    Option,
    Symbol,
    Table,
    Unknown,
    Value,
)

SPAN = Span("train.py", 0, 3)
WORDS = ["json", "train", "text", "data.jsonl", "train[:2]", "*", "./", "org/name", "\0", ""]
FUNCTIONS = [
    *("load_dataset", "load_from_disk", "concatenate_datasets", "interleave_datasets", "DatasetDict", "Features"),
    *("Dataset.from_list", "Dataset.from_dict", "Dataset.from_json", "Dataset.from_generator", "Image", "Sequence"),
]
KEYWORDS = [
    "data_files",
    "split",
    "streaming",
    "features",
    "remove_columns",
    "field",
    "axis",
    "column_names",
    "function",
]
CALLEES = [f"datasets.{name}" for name in FUNCTIONS] + ["range", "list", "copy.copy", "x"]
METHODS = [f".{name}" for name in OPERATIONS] + [
    ".column_names",
    ".features",
    ".keys",
    "['train']",
    "[0]",
    "[x y]",
    ".",
]


def _calls(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Call]:
    argument = st.builds(
        Argument, st.none() | st.sampled_from(KEYWORDS), values, st.just(SPAN), st.just(SPAN), optional=st.booleans()
    )
    arguments = st.lists(argument, max_size=3).map(tuple)
    reason = st.none() | st.just("`**options`")
    return st.builds(Call, st.just("x"), st.just(SPAN), st.just(SPAN), arguments, reason)


def _compound(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    calls = st.none() | _calls(values)
    kinds = st.sampled_from(["set", "call", "escape"])
    names = st.sampled_from(["['train']", "set_format", "set_transform", "pop", "x"])
    mutations = st.lists(st.builds(Mutation, kinds, names, values, st.just(SPAN), calls), max_size=1).map(tuple)
    made = st.builds(Instance, st.integers(0, 5), st.sampled_from(CALLEES), st.just(SPAN), calls, st.none(), mutations)
    method = st.builds(Instance, st.integers(0, 5), st.sampled_from(METHODS), st.just(SPAN), calls, values, mutations)
    reason = st.none() | st.just("more")
    items = st.builds(Items, st.just("list"), st.lists(values, max_size=3).map(tuple), reason)
    keys = st.sampled_from(WORDS) | st.integers()
    entry = st.builds(Entry, keys, values, st.just(SPAN), st.booleans())
    table = st.builds(Table, st.lists(entry, max_size=3).map(tuple), reason)
    known = st.builds(Known, made | method | items | table)
    option = st.builds(Option, known | st.builds(Unknown, st.just("else")))
    return known | st.builds(OneOf, st.lists(option, max_size=3).map(tuple))


_scalars = st.sampled_from(WORDS) | st.none() | st.booleans() | st.integers() | st.binary(max_size=2)
_values: st.SearchStrategy[Value] = st.recursive(
    st.builds(Known, _scalars | st.just(Symbol("datasets.Split.TRAIN")))
    | st.builds(Unknown, st.sampled_from(["a parameter"])),
    _compound,
    max_leaves=10,
)


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None
)
@given(_values)
def test_any_value_has_an_answer(project: Path, value: Value) -> None:
    found = understand(value, project, text_of=lambda _: "f()", cwd=project, env={})
    assert found.known or found.reason
    assert found.rows == () or found.known
    assert found.rows_total is None or found.rows_total >= 0
    assert understand(value, project, text_of=lambda _: "f()", cwd=project, env={}) == found


def _outcome(path: Path, builder: str) -> tuple[Sample | None, str]:
    try:
        return read(path, Format(builder)), ""
    except UnreadableError as error:
        return None, str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=200) | st.text('{}[]",:ab1 \n\\', max_size=60).map(str.encode), st.sampled_from(sorted(READABLE))
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, builder: str) -> None:
    path = tmp_path / f"{len(content)}-{abs(hash(content))}"
    path.write_bytes(content)
    sample, reason = _outcome(path, builder)
    assert (sample is None) == bool(reason)
    if sample is not None:
        assert set().union(*sample.rows) <= set(sample.columns)
        assert sample.head <= len(sample.rows)
        assert sample.total is None or sample.total >= sample.head


@pytest.mark.parametrize("builder", ["json", "csv", "text"])
def test_a_file_that_is_cut_anywhere_is_read_or_refused(tmp_path: Path, builder: str) -> None:
    whole = '{"a": "é", "b": [1, null]}\r\n\n{"a": "x"}\n'.encode()
    for end in range(len(whole) + 1):
        path = tmp_path / f"{builder}{end}"
        path.write_bytes(whole[:end])
        sample, reason = _outcome(path, builder)
        assert reason or (sample is not None and sample.rows)
