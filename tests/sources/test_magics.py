"""Notebook lines that are no Python: blanked at the same length, kept aside."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.sources.magics import blank


def texts(cell: str) -> list[str]:
    blanked, magics = blank(cell)
    assert len(blanked) == len(cell)
    assert re.findall(r"\r\n|\r|\n", blanked) == re.findall(r"\r\n|\r|\n", cell)
    ast.parse(blanked)
    return [magic.text for magic in magics]


@pytest.mark.parametrize(
    ("cell", "magics"),
    [
        ("!pip install trl==0.20\nimport trl\n", ["!pip install trl==0.20"]),
        ("%pip install -q trl", ["%pip install -q trl"]),
        ("pip install trl", ["pip install trl"]),
        ("if x:\n    !ls\nelse:\n    %cd y\n", ["!ls", "%cd y"]),
        ("files = !ls -l\nprint(files)", ["!ls -l"]),
        ("a, b = %magic x", ["%magic x"]),
        ("?print\nprint??\ntrainer.train?\n", ["?print", "print??", "trainer.train?"]),
        ("!pip install \\\n    trl==0.20 \\\n    peft\nx = 1\n", ["!pip install     trl==0.20     peft"]),
        ("!pip install \\\r\n  trl\r\nx = 1\r\n", ["!pip install   trl"]),
        ("!", ["!"]),
        ("x = 1", []),
    ],
)
def test_line_magics(cell: str, magics: list[str]) -> None:
    assert texts(cell) == magics


@pytest.mark.parametrize(
    "cell",
    [
        "x = '''\n!pip install trl\n%cd\n'''\n",
        "x = (a\n  % b)\n",
        "y = [\n  1,\n  # !ls\n]\n",
        "s = 'it is (' \\\n  '!x'\n",
        "print('a = !b')\nz = a != b\nx %= 2\n",
        "f('''a''', \"b\\\n!c\")",
        "pip = 1\npip if pip else 2",
    ],
)
def test_python_that_looks_like_magics_is_left_alone(cell: str) -> None:
    assert blank(cell) == (cell, ())


def test_a_shell_result_is_bound_to_something_unknown() -> None:
    assert blank("x = !cmd --all")[0] == "x = __        "


def test_the_code_behind_a_time_magic_is_kept() -> None:
    blanked, _ = blank("%time trainer = SFTTrainer(model)\n")
    assert "trainer = SFTTrainer(model)" in blanked
    ast.parse(blanked)


@pytest.mark.parametrize("head", ["%%bash", "%%sh", "%%script bash --no-raise-error", "# a title\n\n%%bash", "%%!"])
def test_a_shell_cell_yields_its_lines(head: str) -> None:
    found = texts(f"{head}\npip install \\\n  trl==0.20\n\necho 'x'\n")
    assert found[1:] == ["pip install   trl==0.20", "echo 'x'"]
    assert found[0].startswith("%%")


@pytest.mark.parametrize("head", ["%%writefile a.txt", "%%html", "%%script perl", "%%unheard_of"])
def test_a_cell_in_another_language_is_one_magic(head: str) -> None:
    cell = f"{head}\ntrl==0.1\npip install x y\n<b>\n"
    assert texts(cell) == [cell]


@pytest.mark.parametrize("head", ["%%time", "%%capture out", "%%timeit -n 1", "%%unheard_of x", "%%capture\n%%time"])
def test_a_cell_magic_over_python_keeps_the_code(head: str) -> None:
    cell = f"{head}\n!ls\nx = 1\n"
    assert blank(cell)[0].endswith("x = 1\n")
    assert texts(cell)[-1] == "!ls"


@given(st.text(alphabet="%!?=x 'b\"#(\\\n\r\t", max_size=40))
def test_lengths_and_line_ends_are_kept(cell: str) -> None:
    blanked, magics = blank(cell)
    assert len(blanked) == len(cell)
    assert re.findall(r"\r\n|\r|\n", blanked) == re.findall(r"\r\n|\r|\n", cell)
    assert all(0 <= magic.start <= magic.end <= len(cell) for magic in magics)


@pytest.mark.parametrize(
    "cell",
    [
        "%%time\n" * 20_000,
        "\r\n" * 20_000 + "!x",
        "%time " + " " * 50_000,
        "x = " * 20_000 + "!",
        "?" * 50_000,
        "!a\\\n" * 20_000,
    ],
)
def test_hostile_cells_end(cell: str) -> None:
    assert len(blank(cell)[0]) == len(cell)
