"""JSON with positions agrees with Python's `json` on what is JSON, and on what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.sources.json_marks import MAX_DEPTH, Fault, Node, parse, repeated

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def value_of(node: Node) -> Any:
    if node.shape == "array":
        return [value_of(item) for item in node.items]
    if node.shape == "object":
        return {key.value: value_of(value) for key, value in node.members}
    return node.value


def nodes(node: Node) -> list[Node]:
    inner = [*node.items, *(part for pair in node.members for part in pair)]
    return [node, *(found for item in inner for found in nodes(item))]


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_valid_json_is_read_as_json_reads_it(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    node = parse(text)
    assert isinstance(node, Node)
    assert value_of(node) == value
    for part in nodes(node):
        assert value_of(part) == json.loads(text[part.start : part.end])


@given(st.text(alphabet='{}[]",:0123-.eE truefalsnu\\n\n', max_size=30))
def test_the_same_texts_are_refused(text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        assert isinstance(parse(text), Fault)
        assert isinstance(parse(text, keep=()), Fault)
    else:
        node = parse(text)
        assert isinstance(node, Node)
        assert value_of(node) == value
        assert isinstance(parse(text, keep=()), Node)


def test_what_is_not_kept_is_skipped() -> None:
    node = parse('{"a": {"b": [1, 2]}, "c": 3}', keep={"c"})
    assert isinstance(node, Node)
    (_, skipped), (_, kept) = node.members
    assert (skipped.shape, skipped.items, skipped.end) == ("skipped", (), 19)
    assert kept.value == 3


@pytest.mark.parametrize(
    ("text", "offset"), [('{"a": }', 6), ('{"a" 1}', 5), ("[1,]", 3), ("[1", 2), ("", 0), ("1 2", 2), ('{"a": 1,}', 8)]
)
def test_a_fault_says_where(text: str, offset: int) -> None:
    fault = parse(text)
    assert isinstance(fault, Fault)
    assert fault.offset == offset


def test_repeated_keys() -> None:
    node = parse('{"a": 1, "b": 2, "a": 3, "a": 4}')
    assert isinstance(node, Node)
    assert [(first.start, last.start) for first, last in repeated(node)] == [(1, 25)]
    assert node.get("a") is node.members[3][1]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        '"' + "\\" * 99_999,
        "[" + "9" * 5_000 + "]",
    ],
)
@pytest.mark.parametrize("keep", [None, ()])
def test_hostile_texts_end(text: str, keep: tuple[str, ...] | None) -> None:
    for whole in (text, '{"x": ' + text + "}", '{"x": [' + text + "]}"):
        assert isinstance(parse(whole, keep), Fault) or "9" in text


def test_depth_is_bounded_where_it_is_looked_at() -> None:
    deep = "[" * (MAX_DEPTH + 1) + "1" + "]" * (MAX_DEPTH + 1)
    assert isinstance(parse(deep), Fault)
    assert isinstance(parse(deep[1:-1]), Node)
    assert isinstance(parse('{"x": ' + deep + "}", keep=()), Node)
