"""The work grows with the size of the file, not faster. Counted in steps, not in seconds."""

from __future__ import annotations

import pytest

from trl_lint.model.source import Kind, Source
from trl_lint.python import front
from trl_lint.python.machine import Machine

HEAD = "from trl import SFTConfig\nimport foo\nd = {}\n"
SHAPES = {
    "assignments": "x{i} = x0\n",
    "items": "d['k{i}'] = {i}\n",
    "branches": "if foo.c(): x{i} = {i}\n",
    "calls": "SFTConfig(a={i}, **d)\n",
    "helpers": "def f{i}(x):\n    return SFTConfig(a=x)\nf{i}({i})\n",
    "callers": "def f{i}(x):\n    f{j}(x)\n    return f{j}(x)\n",
    "loops": "for a in foo.x():\n  for b in foo.x():\n    for c in foo.x():\n      d['a'] = q = foo.y(q)\n",
    "tries": "try:\n    x{i} = foo.c()\nfinally:\n    x0 = {i}\n",
    "classes": "class C{i}:\n    def m(self): self.a = SFTConfig(a=self.b)\n    def n(self): self.b = self.a\n",
    "closures": "def g{i}(x): d['a'] = x\nfoo.register(g{i})\n",
}


def steps(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many steps the analysis of `text` takes."""
    made: list[Machine] = []

    class Counted(Machine):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)  # type: ignore[arg-type]
            made.append(self)

    monkeypatch.setattr(front, "Machine", Counted)
    front.understand(Source("t.py", Kind.PYTHON, text))
    return made[0].steps


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_grow_linearly(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def program(count: int) -> str:
        return HEAD + "".join(SHAPES[shape].format(i=i, j=max(i - 1, 0)) for i in range(count))

    small, large = steps(program(60), monkeypatch), steps(program(240), monkeypatch)
    assert large <= 6 * small + 2_000


@pytest.mark.parametrize("way", ["return {i}", "y = {i}"])
def test_many_ways_out_are_bounded(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "".join(f"    y{i} = x\n    if foo.c(): {way.format(i=i)}\n" for i in range(1_000))
    text = f"{HEAD}def f(x):\n{body}\nf(1)\nSFTConfig(a=1)\n"
    assert steps(text, monkeypatch) < 30 * len(text)
