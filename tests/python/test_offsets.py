"""Where things stand: code points of the whole text, whatever the line ends and characters are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trl_lint.model.source import Kind, Source
from trl_lint.python.front import understand

from .reading import calls, notebook, only


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spans_hold_for_every_line_end(end: str) -> None:
    text = end.join(["from trl import SFTConfig", "", "x = 'é😀'", "SFTConfig(a=1,", "  b='ü', c=x)", ""])
    source = Source("t.py", Kind.PYTHON, text)
    (call,) = understand(source).calls
    assert source.slice(call.span) == f"SFTConfig(a=1,{end}  b='ü', c=x)"
    assert source.slice(call.func_span) == "SFTConfig"
    assert [source.slice(a.span) for a in call.arguments] == ["a=1", "b='ü'", "c=x"]
    assert [source.slice(a.value_span) for a in call.arguments] == ["1", "'ü'", "x"]


@settings(deadline=None)
@given(st.text(alphabet="aé漢😀 \t", max_size=20), st.sampled_from(["\n", "\r\n", "\f\n"]))
def test_columns_count_code_points(word: str, end: str) -> None:
    text = f"from trl import SFTConfig{end}s = '{word}'; SFTConfig(a='{word}', b=s){end}"
    source = Source("t.py", Kind.PYTHON, text)
    (call,) = understand(source).calls
    assert source.slice(call.span) == f"SFTConfig(a='{word}', b=s)"


def test_entries_of_a_dict_are_where_they_were_written() -> None:
    call = only("d = {'a': 1}\nd['b'] = 2\nd.update(c=3)\nSFTConfig(**d)")
    source = Source(
        "t.py",
        Kind.PYTHON,
        "from trl import SFTConfig, SFTTrainer\nfrom elsewhere import flag, opaque\n"
        "d = {'a': 1}\nd['b'] = 2\nd.update(c=3)\nSFTConfig(**d)",
    )
    assert [source.slice(a.span) for a in call.arguments] == ["'a': 1", "d['b'] = 2", "c=3"]
    assert [source.slice(a.value_span) for a in call.arguments] == ["1", "2", "3"]
    assert {a.via for a in call.arguments} == {"splat"}


def test_cells_of_a_notebook_count_from_the_start_of_the_text() -> None:
    module = notebook("from trl import SFTConfig\nA = 'é'", "SFTConfig(a=A)")
    (call,) = calls(module)
    assert module.source.slice(call.span) == "SFTConfig(a=A)"
    assert module.source.place(call.span).cell == 2
    assert module.source.place(call.span).row == 1
