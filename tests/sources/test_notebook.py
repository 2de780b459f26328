"""Notebooks: cells and places, old formats, other languages, broken ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.sources.document import Document
from trl_lint.sources.notebook import notebook
from trl_lint.sources.read import from_text


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": [{"data": ["x"]}], **more}


def source_of(*cells: Any, **more: Any) -> Source:
    source, problems = notebook(json.dumps({"cells": cells, **more}), "n.ipynb")
    assert source is not None
    assert problems == ()
    return source


def test_code_cells_are_joined_and_numbered_among_all_cells() -> None:
    source = source_of(
        {"cell_type": "markdown", "source": "import trl"},
        code(["import trl\n", "x = 1"]),
        {"cell_type": "raw", "source": "y"},
        code("!pip install trl==0.20\nz = 'é😀'\nlast()"),
    )
    assert source.text == "import trl\nx = 1\n0                     \nz = 'é😀'\nlast()"
    assert [(unit.cell, source.text[unit.start : unit.end][:6]) for unit in source.units] == [
        (2, "import"),
        (4, "0     "),
    ]
    assert source.magics[0].text == "!pip install trl==0.20"
    start = source.text.index("last")
    place = source.place(Span("n.ipynb", start, start + 4))
    assert (place.cell, place.row, place.column, place.end_column) == (4, 3, 1, 5)
    assert str(place) == "n.ipynb:cell 4:3"


def test_the_third_format_has_worksheets() -> None:
    text = json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"], "language": "python"}]}]})
    source, _ = notebook(text, "n")
    assert source is not None
    assert source.text == "a = 1"


@pytest.mark.parametrize(
    "metadata",
    [{"language_info": {"name": "R"}}, {"kernelspec": {"language": "julia"}}, {"kernelspec": {"name": "ir"}}],
)
def test_other_languages_hold_no_python(metadata: dict[str, Any]) -> None:
    assert source_of(code("x <- 1"), metadata=metadata).text == ""


@pytest.mark.parametrize(
    "metadata", [{}, {"kernelspec": {"name": "python3"}}, {"language_info": {"name": "ipython"}}, {"kernelspec": 3}]
)
def test_python_kernels(metadata: dict[str, Any]) -> None:
    assert source_of(code("x = 1"), metadata=metadata).text == "x = 1"


def test_cells_without_source_and_with_foreign_ones() -> None:
    source = source_of({"cell_type": "code"}, code([]), code("x", metadata={"vscode": {"languageId": "sql"}}), {})
    assert source.text == "\n"


def test_one_bad_cell_leaves_the_others() -> None:
    text = '{"cells": [\n {"cell_type": "code", "source": 3},\n 7,\n {"cell_type": "code", "source": "x = 1"}\n]}'
    source, problems = notebook(text, "n")
    assert source is not None
    assert source.text == "x = 1"
    assert [(p.place.row, p.place.column) for p in problems] == [(2, 2), (3, 2)]


@pytest.mark.parametrize(
    ("text", "row", "part"),
    [
        ("[]", 1, "not an object"),
        ("{}", 1, "no list `cells`"),
        ('{"cells": 3}', 1, "no list `cells`"),
        ('{"cells": [\n{"a": }]}', 2, "cannot be read as JSON"),
        ("", 1, "cannot be read as JSON"),
        ('{"cells": [' + "[" * 300 + "]" * 300 + "]}", 1, "nested"),
    ],
)
def test_broken_notebooks_are_problems(text: str, row: int, part: str) -> None:
    source, problems = notebook(text, "n")
    assert source is None
    assert problems[0].place.row == row
    assert part in problems[0].message


def test_a_lone_surrogate_becomes_text_that_can_be_encoded() -> None:
    source, _ = notebook('{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}', "n")
    assert source is not None
    assert source.text == "x = '\ufffd'"
    source.text.encode()


JSONISH = st.recursive(
    st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["code", "python", "!ls\n", "%%bash\nx"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "input", "metadata", "worksheets", "name"]), inner
        )
    ),
    max_leaves=15,
)


@given(JSONISH)
def test_no_json_makes_it_raise(value: Any) -> None:
    made = from_text(json.dumps(value), "n.ipynb", Kind.NOTEBOOK)
    assert isinstance(made, Document)


@given(st.lists(st.text(max_size=20), max_size=4))
def test_units_cover_the_code(cells: list[str]) -> None:
    source = source_of(*(code(cell) for cell in cells))
    assert [len(cell) for cell in cells] == [u.end - u.start for u in source.units if u.cell is not None]
