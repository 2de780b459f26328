"""Expressions: what is known, what is one of several, and why the rest is not known."""

from __future__ import annotations

import pytest

from trl_lint.model.value import Known

from .reading import Anything, Maybe, only, value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("2e-5 * 10", 2e-5 * 10),
        ("7 // 2", 3),
        ("2 ** 10", 1024),
        ("-3", -3),
        ("not 0", True),
        ("1 < 2 < 3", True),
        ("1 < 2 > 5", False),
        ("'a' in 'cat'", True),
        ("2 in [1, 2]", True),
        ("'k' in {'k': 1}", True),
        ("None is None", True),
        ("1 is not None", True),
        ("'a' + 'b'", "ab"),
        ("f'{1}-{\"x\"!r}-{3.14159:.2f}'", "1-'x'-3.14"),
        ("'%s-%d' % ('a', 3)", "a-3"),
        ("'{}-{n}'.format(1, n=2)", "1-2"),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("'-'.join(str(i) for i in (1, 2))", "1-2"),
        ("'A/B'.split('/')[-1].lower()", "b"),
        ("0 or 'd'", "d"),
        ("'' and 1", ""),
        ("1 if True else 2", 1),
        ("int('3') + float('0.5')", 3.5),
        ("bool([])", False),
        ("len({'a': 1})", 1),
        ("max(1, 2)", 2),
        ("[1, *[2, 3]]", [1, 2, 3]),
        ("(1, 2)[1]", 2),
        ("[1, 2, 3][:2]", [1, 2]),
        ("[i * 2 for i in range(3) if i]", [2, 4]),
        ("{k: v for k, v in {'a': 1}.items()}", {"a": 1}),
        ("dict(zip(('a', 'b'), (1, 2)))", {"a": 1, "b": 2}),
        ("sorted([3, 1])", [1, 3]),
        ("(lambda a, b=2: a + b)(1)", 3),
        ("os.path.join('a', 'b')", "a/b"),
        ("str(Path('a') / 'b' / 'c.txt')", "a/b/c.txt"),
        ("Path('./a').name", "a"),
        ('f\'{Path("a") / "b"}\'', "a/b"),
        ("torch.bfloat16", "torch.bfloat16"),
        ("1 == 1.0", True),
        ("1.0", 1.0),
        ("b'x'", b"x"),
    ],
)
def test_known(expression: str, expected: object) -> None:
    found = value(f"import os, torch\nfrom pathlib import Path\nSFTConfig(x={expression})")
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 if flag() else 2", Maybe((1, 2))),
        ("os.environ.get('N', 'd')", Maybe(("d", Anything("the environment variable `N`")))),
        ("os.getenv('N')", Maybe((None, Anything("the environment variable `N`")))),
        ("10 * (1 if flag() else 2)", Maybe((10, 20))),
    ],
)
def test_one_of_several(expression: str, expected: object) -> None:
    assert value(f"import os\nSFTConfig(x={expression})") == expected


def test_equal_alternatives_are_one() -> None:
    assert value("SFTConfig(x=1 if flag() else 1)") == 1
    assert isinstance(value("SFTConfig(x=1 if flag() else True)"), Maybe)


def test_alternatives_of_one_branch_go_together() -> None:
    text = "if flag():\n    a, b = 1, 2\nelse:\n    a, b = 10, 20\nSFTConfig(x=a + b)"
    assert value(text) == Maybe((3, 30))


@pytest.mark.parametrize(
    ("setup", "expression", "reason"),
    [
        ("import os", "os.environ['N']", "the environment variable `N`"),
        ("def f(p): SFTConfig(x=p)", None, "the parameter `p`"),
        (
            "import argparse\nargs = argparse.ArgumentParser().parse_args()",
            "args.lr",
            "the command-line argument `--lr`",
        ),
        (
            "from trl import TrlParser\na, b = TrlParser((1, 2)).parse_args_and_config()",
            "b",
            "parsed by TrlParser",
        ),
        (
            "from trl import TrlParser\na, b = TrlParser((1, 2)).parse_args_and_config()",
            "a.n",
            "`n`, parsed by TrlParser",
        ),
        ("from .m import f", "f(1)", "the result of `f()`: `f` of the project's module `.m`"),
        ("while flag():\n    i = i + 1\ni = input()", "i", "the result of `input()`"),
    ],
)
def test_reasons(setup: str, expression: str | None, reason: str) -> None:
    text = setup + (f"\nSFTConfig(x={expression})" if expression else "")
    assert value(text) == Anything(reason)


def test_the_trail_names_the_places_a_value_came_through() -> None:
    call = only("MODEL = 'm'\ndef make(name):\n    return SFTConfig(x=name)\nmake(MODEL)")
    found = call.keyword("x")
    assert found is not None
    assert isinstance(found.value, Known)
    assert [step.what for step in found.value.trail] == ["MODEL = 'm'", "passed to make() as name"]


def test_trails_stay_short() -> None:
    text = "a0 = 1\n" + "\n".join(f"a{i} = a{i - 1}" for i in range(1, 40)) + "\nSFTConfig(x=a39)"
    found = only(text).keyword("x")
    assert found is not None
    assert found.value.trail[0].what == "a0 = 1"
    assert len(found.value.trail) <= 8


def test_many_alternatives_become_unknown() -> None:
    text = "a = 0\n" + "\n".join(f"if flag(): a = {i}" for i in range(1, 30)) + "\nSFTConfig(x=a)"
    found = value(text)
    assert isinstance(found, Anything) or (isinstance(found, Maybe) and any(isinstance(o, Anything) for o in found))
