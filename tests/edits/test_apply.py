"""Edits applied to bytes: what is not edited is not changed, byte by byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trl_lint.edits.apply import apply
from trl_lint.edits.python import add_keyword
from trl_lint.model.finding import Edit
from trl_lint.model.source import Kind
from trl_lint.model.span import Span
from trl_lint.sources.document import Document
from trl_lint.sources.read import from_bytes

from .build import call_of


def document(raw: bytes, kind: Kind = Kind.PYTHON) -> Document:
    made = from_bytes(raw, "f", kind)
    assert isinstance(made, Document)
    return made


def edit(made: Document, old: str, new: str) -> Edit:
    start = made.source.text.index(old)
    return Edit(Span("f", start, start + len(old)), new)


def replaced(raw: bytes, *pairs: tuple[str, str], kind: Kind = Kind.PYTHON) -> bytes:
    made = document(raw, kind)
    return apply(made, [edit(made, old, new) for old, new in pairs])


def test_line_ends_marks_and_encodings_stay() -> None:
    assert replaced(b"\xef\xbb\xbfa = 1\r\nb = 2\rc", ("1", "x\ny")) == b"\xef\xbb\xbfa = x\r\ny\r\nb = 2\rc"
    assert replaced(b"# coding: latin-1\ns = '\xe9'; a", ("a", "'\u00fc'")).endswith(b"\xe9'; '\xfc'") is False
    assert replaced(b"# coding: latin-1\ns = '\xe9'; z", ("z", "'\u00fc'")) == b"# coding: latin-1\ns = '\xe9'; '\xfc'"


def test_what_the_encoding_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="encode"):
        replaced(b"# coding: latin-1\nx", ("x", "\u20ac\u4e2d"))


def test_no_edit_no_change() -> None:
    assert apply(document(b"x"), []) == b"x"


@pytest.mark.parametrize("spans", [[(0, 3), (2, 4)], [(1, 4), (2, 2)], [(0, 99)], [(3, 2)]])
def test_overlapping_and_outside_edits_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"overlap|outside"):
        apply(document(b"abcdef"), [Edit(Span("f", *span), "") for span in spans])
    with pytest.raises(ValueError, match="outside"):
        apply(document(b"abcdef"), [Edit(Span("other", 0, 1), "")])


def test_insertions_at_one_place_keep_their_order() -> None:
    made = document(b"ab")
    assert apply(made, [Edit(Span("f", 1, 1), "1"), Edit(Span("f", 1, 1), "2"), Edit(Span("f", 1, 2), "B")]) == b"a12B"


NOTEBOOK = b"""{
  "cells" : [
    {"cell_type": "markdown", "source": "import trl"},
    {"cell_type": "code", "outputs": [], "source": [
      "!pip install trl\\n",
      "x = f(\\n",
      "\\ta=1,  \\u0023 \xc3\xa9\\n",
      "\\tb='\\ud83d\\ude00',\\n",
      ")"
    ]},
    { "source":"g(1)\\nh()", "cell_type":"code" }
  ], "nbformat": 4}
"""


def test_only_the_touched_strings_of_a_notebook_change() -> None:
    assert replaced(NOTEBOOK, ("a=1", "a=2"), kind=Kind.NOTEBOOK) == NOTEBOOK.replace(b"a=1", b"a=2")
    assert replaced(NOTEBOOK, ("g(1)", 'g("\n")'), kind=Kind.NOTEBOOK) == NOTEBOOK.replace(b"g(1)", b'g(\\"\\n\\")')


def test_new_lines_of_a_cell_become_strings_of_their_own() -> None:
    found = replaced(NOTEBOOK, (",\n)", ",\n\tk='\xfc',\n)"), kind=Kind.NOTEBOOK)
    expected = NOTEBOOK.replace(b',\\n",\n      ")"', b',\\n",\n      "\\tk=\'\xc3\xbc\',\\n",\n      ")"')
    assert found == expected


def test_deleted_lines_of_a_cell_leave_no_empty_strings() -> None:
    found = replaced(NOTEBOOK, ("\ta=1,  # \xe9\n", ""), kind=Kind.NOTEBOOK)
    assert found == NOTEBOOK.replace(b'      "\\ta=1,  \\u0023 \xc3\xa9\\n",\n', b"")
    found = replaced(NOTEBOOK, ("\n\tb='\U0001f600',\n)", ""), kind=Kind.NOTEBOOK)
    assert json.loads(found)["cells"][1]["source"][-1] == "\ta=1,  # \xe9"


def test_a_notebook_that_escapes_keeps_escaping() -> None:
    raw = b'{"cells": [{"cell_type": "code", "source": ["x = \'\\u00e9\'"]}]}'
    assert replaced(raw, ("x", "\xfc"), kind=Kind.NOTEBOOK) == raw.replace(b"x =", b"\\u00fc =")


def test_an_edit_across_cells_is_refused() -> None:
    made = document(NOTEBOOK, Kind.NOTEBOOK)
    with pytest.raises(ValueError, match="cell"):
        apply(made, [edit(made, ")\ng(1)", "")])


CELL = st.lists(st.text(alphabet='ab(é😀"\\\t', max_size=4), min_size=1, max_size=4).map("\n".join)


@given(
    cells=st.lists(CELL, min_size=1, max_size=3),
    listed=st.sampled_from(["no", "lines", "odd"]),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 1]),
    data=st.data(),
)
def test_a_notebook_says_after_the_edits_what_its_text_would(
    cells: list[str], listed: str, ascii_only: bool, indent: int | None, data: st.DataObject
) -> None:
    def stored(cell: str) -> Any:
        if listed == "no":
            return cell
        return cell.splitlines(keepends=True) if listed == "lines" else [cell[:2], cell[2:]]

    value = {"cells": [{"cell_type": "code", "source": stored(cell), "outputs": ["é"]} for cell in cells]}
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    made = document(raw, Kind.NOTEBOOK)
    assume(made.source.text == "\n".join(cells))
    edits = []
    for unit in made.source.units:
        if unit.cell is None or not (unit.end - unit.start or listed == "no"):
            continue
        start = data.draw(st.integers(unit.start, unit.end))
        end = data.draw(st.integers(start, unit.end))
        edits.append(Edit(Span("f", start, end), data.draw(st.sampled_from(["", "x", "é\n", "\n", "y\nz", '"\\']))))
    changed = apply(made, edits)
    text = made.source.text
    for one in reversed(edits):
        text = text[: one.span.start] + one.text + text[one.span.end :]
    parts = ["".join(cell["source"]) for cell in json.loads(changed)["cells"]]
    assert "\n".join(parts) == text
    if listed == "lines":
        for before, cell in zip(cells, json.loads(changed)["cells"], strict=True):
            assert cell["source"] == "".join(cell["source"]).splitlines(keepends=True) or cell["source"] == [""]
            assert isinstance(before, str)


@given(st.text(max_size=30), st.data())
def test_plain_text_is_spliced(text: str, data: st.DataObject) -> None:
    assume("coding" not in text and not text.startswith("\ufeff"))
    raw = text.encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert apply(document(raw), [Edit(Span("f", start, end), "é")]) == (text[:start] + "é" + text[end:]).encode()


def test_a_keyword_added_in_a_notebook_changes_its_cell_only() -> None:
    raw = NOTEBOOK.replace(b'"x = f(', b'"x = f(m, ')
    made = document(raw, Kind.NOTEBOOK)
    found = apply(made, [add_keyword(made.source, call_of(made.source), "k", "tok")])
    end = rb"""',\n",""" + b"\n      "
    assert found == raw.replace(end, end + rb'"\tk=tok,\n",' + b"\n      ")
