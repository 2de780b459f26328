"""Kinds of columns, and the questions that rules ask of rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.datasets import shape
from trl_lint.datasets.kinds import kind_of, kinds_of

USER = {"role": "user", "content": "one?"}
ANSWER = {"role": "assistant", "content": "alpha."}
PARTS = {"role": "user", "content": [{"type": "image", "text": None}, {"type": "text", "text": "what?"}]}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a", None], "string"),
        ([None, None], "null"),
        ([], "null"),
        ([1, 2.5], "number"),
        ([True], "bool"),
        ([True, 1], "mixed"),
        (["a", 1], "mixed"),
        (["a", ["a"]], "mixed"),
        ([[USER, ANSWER]], "messages"),
        ([[PARTS]], "messages"),
        ([[{"role": "assistant", "tool_calls": []}], [USER]], "messages"),  # Arrow unifies the keys
        ([[{"role": "user"}]], "dicts"),
        ([[{"from": "human", "value": "a"}]], "sharegpt"),
        ([["a"], []], "strings"),
        ([[1, 2]], "numbers"),
        ([[]], "unknown"),
        ([[None]], "unknown"),
        ([[[1]]], "unknown"),
        ([["a", 1]], "unknown"),
        ([{"bytes": None, "path": "a.png"}], "image"),
        ([[{"bytes": None, "path": "a.png"}], []], "images"),
        ([{"a": 1}], "struct"),
        ([b"x"], "unknown"),
    ],
)
def test_kinds(values: list[Any], kind: str) -> None:
    assert kind_of(values) == kind


def test_a_key_that_only_some_rows_have_is_a_column() -> None:
    assert kinds_of([{"a": 1}, {"b": "x"}, {"a": 2, "c": None}]) == {"a": "number", "b": "string", "c": "null"}


def test_roles() -> None:
    rows: list[dict[str, Any]] = [
        {"messages": [USER, ANSWER]},
        {"messages": [USER]},
        {"messages": None},
        {"messages": []},
    ]
    assert shape.roles(rows, "messages") == {"user", "assistant"}
    assert shape.rows_without_role(rows, "messages", "assistant") == 2
    assert shape.rows_without_role(rows, "prompt", "assistant") == 0


def test_parts() -> None:
    assert not shape.content_as_parts([{"messages": [USER]}], "messages")
    assert not shape.has_image_parts([{"messages": [USER]}], "messages")
    assert shape.content_as_parts([{"messages": [USER]}, {"messages": [PARTS]}], "messages")
    assert shape.has_image_parts([{"messages": [PARTS]}], "messages")
    assert not shape.has_image_parts([{"messages": [{"content": [{"type": "text", "text": "image"}]}]}], "messages")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["role", "user", "image"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "type", "bytes", "path", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["messages", "prompt"]), _json), max_size=5))
def test_any_rows_have_an_answer(rows: list[dict[str, Any]]) -> None:
    found = kinds_of(rows)
    assert set(found) == {name for row in rows for name in row}
    without = shape.rows_without_role(rows, "messages", "assistant")
    assert 0 <= without <= len(rows)
    assert without == 0 or "messages" in found
    assert shape.content_as_parts(rows, "messages") >= shape.has_image_parts(rows, "messages")
    assert all(isinstance(role, str) for role in shape.roles(rows, "messages"))
