"""What is kept of a verdict comes back as it was; anything else is refused, and never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trl_lint.cache.codec import Kept, decode, encode
from trl_lint.model.finding import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    Related,
    Severity,
    Spared,
    Stage,
)
from trl_lint.model.span import Place, Span

texts = st.text(max_size=8)
numbers = st.integers(0, 10**6)
spans = st.builds(Span, texts, numbers, numbers)
places = st.builds(Place, texts, numbers, numbers, numbers, numbers, st.none() | numbers)
edits = st.builds(Edit, spans, texts)
findings = st.builds(
    Finding,
    texts,
    texts,
    texts,
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
    st.sampled_from(Stage),
    st.none() | spans,
    places,
    texts,
    texts,
    st.tuples(texts),
    st.tuples(texts, texts),
    st.tuples(st.builds(Related, places, texts)),
    st.tuples(st.builds(Fix, texts, st.sampled_from(Applicability), st.tuples(edits))),
    texts,
    st.none() | st.builds(Spared, st.none() | places, texts, texts, texts),
    st.tuples(texts),
)
several = st.lists(findings, max_size=2).map(tuple)
others = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)
kept = st.builds(Kept, texts, several, several, numbers, st.booleans(), others)


@settings(deadline=None)
@given(kept)
def test_a_verdict_comes_back_as_it_was(verdict: Kept) -> None:
    assert decode(encode(verdict)) == verdict


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_are_no_verdict(raw: bytes) -> None:
    assert decode(raw) is None


anything = st.recursive(
    st.none() | st.booleans() | numbers | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(kept, st.data())
def test_a_verdict_with_something_else_in_it_is_refused(verdict: Kept, data: st.DataObject) -> None:
    """Any part of it is replaced by anything: it is another verdict then, or none."""
    root = json.loads(encode(verdict))
    part: Any = root
    while True:
        index = data.draw(st.integers(0, len(part) - 1))
        if not (isinstance(part[index], list) and part[index] and data.draw(st.booleans())):
            break
        part = part[index]
    part[index] = data.draw(anything)
    found = decode(json.dumps(root).encode())
    assert found is None or json.loads(encode(found)) == root


@pytest.mark.parametrize("text", ["[" * 100_000, '["w",[],[],true,true,[]]', '["w",[],[],-1,true,[]]', "1e999", "[]"])
def test_what_is_nearly_one(text: str) -> None:
    assert decode(text.encode()) is None
