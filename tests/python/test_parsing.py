"""Units that do not parse, and input that is hostile."""

from __future__ import annotations

import pytest

from trl_lint.model.source import Kind, Source
from trl_lint.python.front import understand

from .reading import Anything, calls, notebook, plain, read


def test_a_broken_cell_does_not_lose_the_others() -> None:
    module = notebook("from trl import SFTConfig\nA = 1\nB = 2", "A = (", "SFTConfig(a=A, b=B)")
    assert len(module.problems) == 1
    assert module.source.place(module.problems[0].span).cell == 2
    (call,) = calls(module)
    assert plain(call.arguments[0].value) == Anything("`A` is assigned in cell 2, which does not parse")
    assert plain(call.arguments[1].value) == 2


def test_a_broken_cell_may_have_changed_a_dict() -> None:
    module = notebook("from trl import SFTConfig\nd = {'a': 1}", "d['a'] = = 2", "SFTConfig(**d)")
    (call,) = calls(module)
    assert call.open is not None


def test_a_syntax_error_has_its_place() -> None:
    module = read("x = 1\ny = = 2\n", head="")
    (problem,) = module.problems
    assert module.source.place(problem.span).row == 2
    assert not problem.newer


@pytest.mark.parametrize(
    "line", ["type X = int", "def f[T](x: T): pass", "class A[T]: pass", "x = t'{a}'", "try: pass\nexcept* E: pass\n)"]
)
def test_syntax_of_a_later_python_is_told_apart_or_read(line: str) -> None:
    problems = read(line, head="").problems
    assert all(problem.newer or ")" in line for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\0",
        "(" * 5_000 + ")" * 5_000,
        "x = " + "-" * 20_000 + "1",
        "x = " + " + ".join(["1"] * 20_000),
        "x = " + "[" * 150 + "]" * 150,
        "f" + "()" * 3_000,
        "x = a" + ".b" * 3_000,
        "\n".join(" " * i + "if x:" for i in range(90)) + "\n" + " " * 91 + "pass",
        "if x: pass\n" + "\n".join(f"elif y == {i}: z = {i}" for i in range(2_000)),
        "\ud800 = 1",
        "x = " + "{'a': " * 90 + "1" + "}" * 90 + "\nfrom trl import SFTConfig\nSFTConfig(x=x)",
        "d = {}\nd['d'] = d\nl = [d]\nl.append(l)\nfrom trl import SFTConfig\nSFTConfig(d=d, l=l, **d)",
        "x = 9 ** 9 ** 9 ** 9\ny = 'a' * 10 ** 12\nz = 1 << 10 ** 10\nw = f'{1:>999999999}'\nv = '%999999999d' % 1",
        "s = 'x'\n" + "s = s + s\n" * 60,
        "l = [1]\n" + "l = l + l\n" * 60,
        "def f(x):\n    return f(f(x))\nf(1)",
        "f = lambda x: x(x)\nf(f)",
        "while True:\n    pass",
        (
            "x = [x for x in range(10 ** 9)]\ny = list(range(10 ** 12))\n"
            "z = 'a'.ljust(10 ** 12)\nw = 'a'.replace('', 'b' * 10 ** 6)"
        ),
    ],
    ids=range(19),
)
def test_hostile_input_is_survived(text: str) -> None:
    module = understand(Source("t.py", Kind.PYTHON, text))
    assert all(problem.message for problem in module.problems)


def test_empty_sources_are_fine() -> None:
    assert understand(Source("t.py", Kind.PYTHON, "")).calls == ()
    assert notebook("", "").problems == ()
