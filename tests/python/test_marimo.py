"""marimo notebooks: what a cell assigns is there in the cells below."""

from __future__ import annotations

from .reading import Anything, arguments, only

HEAD = "import marimo\napp = marimo.App()\n"
CELLS = """
@app.cell
def _():
    lr = 1
    _own = 2
    return (lr,)
@app.function
def double(x):
    return 2 * x
@app.cell(hide_code=True)
async def train(lr, double, later):
    SFTConfig(x=lr, y=double(lr), z=later)
    return
@app.cell
def _():
    later = 3
    return (later,)
"""


def test_cells_share_their_names() -> None:
    found = arguments(only(HEAD + CELLS))
    assert found == {"x": 1, "y": 2, "z": Anything("the name `later`, which nothing in this file defines")}


def test_other_decorators_of_this_name_are_no_cells() -> None:
    text = "app = opaque()\n@app.cell\ndef f(lr):\n    SFTConfig(x=lr)\n"
    assert arguments(only(text)) == {"x": Anything("the parameter `lr`")}
