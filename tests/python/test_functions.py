"""Functions and classes of the file."""

from __future__ import annotations

import pytest

from .reading import Anything, Maybe, arguments, calls, only, read, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): return 1\nSFTConfig(x=f())", 1),
        (
            "def f(a, b=2, *c, d=4, **e): return [a, b, c, d, e]\nSFTConfig(x=f(1, 5, 6, g=7))",
            [1, 5, (6,), 4, {"g": 7}],
        ),
        ("def f(a):\n    if a: return 1\n    return 2\nSFTConfig(x=f(0))", 2),
        ("def f():\n    if flag(): return 1\n    return 2\nSFTConfig(x=f())", Maybe((1, 2))),
        ("def f(): pass\nSFTConfig(x=f())", None),
        ("def f(l=[]):\n    l.append(1)\n    return l\nf()\nSFTConfig(x=f())", [1, 1]),
        ("def f():\n    return SFTConfig(x=A)\nA = 3\nf()", 3),
        (
            "def f(n):\n    d = {}\n    d['n'] = n\n    return d\na, b = f(1), f(2)\nSFTConfig(x=[a, b])",
            [{"n": 1}, {"n": 2}],
        ),
        ("async def f(): return 1\nasync def g():\n    SFTConfig(x=await f())\nimport asyncio\nasyncio.run(g())", 1),
        ("import functools\n@functools.wraps(flag)\ndef f(): return 1\nSFTConfig(x=f())", None),
        ("import torch\n@torch.no_grad()\ndef f(): return 1\nSFTConfig(x=f())", 1),
        ("def f():\n    yield 1\nSFTConfig(x=f())", None),
    ],
)
def test_results(text: str, expected: object) -> None:
    found = value(text)
    if expected is None and "pass" not in text:
        assert isinstance(found, Anything)
    else:
        assert found == expected


def test_each_set_of_arguments_is_recorded_once() -> None:
    found = calls(read("def f(a): SFTConfig(x=a)\nf(1)\nf(2)\nf(1)"))
    assert [arguments(call) for call in found] == [{"x": 1}, {"x": 2}]
    assert {call.scope for call in found} == {"f"}


def test_contexts_are_bounded() -> None:
    assert len(calls(read("def f(a): SFTConfig(x=a)\n" + "\n".join(f"f({i})" for i in range(100))))) == 16


def test_a_function_that_nothing_calls_is_followed_once() -> None:
    call = only("def f(a, b=1):\n    SFTConfig(x=a, y=b)")
    assert arguments(call) == {"x": Anything("the parameter `a`"), "y": Maybe((1, Anything("the parameter `b`")))}


def test_helpers_of_uncalled_functions_get_their_arguments() -> None:
    call = only("def helper(n): return SFTConfig(x=n)\ndef main():\n    helper(3)")
    assert arguments(call) == {"x": 3}


def test_recursion_ends() -> None:
    found = calls(read("def f(n):\n    SFTConfig(x=n)\n    if n: f(n - 1)\nf(3)"))
    assert {"x": 3} in [arguments(call) for call in found]
    assert {"x": Anything("the parameter `n`")} in [arguments(call) for call in found]


def test_a_decorated_function_is_read_with_unknown_parameters() -> None:
    call = only("import hydra\nA = 1\n@hydra.main()\ndef main(cfg):\n    SFTConfig(x=A, y=cfg)\nmain()")
    assert arguments(call)["x"] == 1
    assert arguments(call)["y"] == Anything("the config that Hydra puts together")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class C:\n    N = 1\nSFTConfig(x=C.N)", 1),
        ("class C:\n    N = 1\nC.N = 2\nSFTConfig(x=C().N)", 2),
        (
            (
                "class C:\n    def __init__(self, n): self.n = n\n"
                "    def get(self): return self.n\nSFTConfig(x=C(3).get())"
            ),
            3,
        ),
        ("class B:\n    n = 1\nclass C(B):\n    def __init__(self): super().__init__()\nSFTConfig(x=C().n)", 1),
        ("class C:\n    @property\n    def n(self): return 4\nSFTConfig(x=C().n)", 4),
        ("class C:\n    @staticmethod\n    def n(a): return a\nSFTConfig(x=C.n(4))", 4),
        ("class C:\n    @classmethod\n    def make(cls): return cls()\n    n = 2\nSFTConfig(x=C.make().n)", 2),
        (
            (
                "from dataclasses import dataclass\n@dataclass\nclass C:\n"
                "    a: int\n    b: str = 'b'\nSFTConfig(x=[C(1).a, C(1, b='c').b])"
            ),
            [1, "c"],
        ),
        (
            (
                "from dataclasses import dataclass, field\n@dataclass\nclass C:\n"
                "    a: list = field(default_factory=list)\n    b: int = field(default=2)\n"
                "c = C()\nc.a.append(1)\nSFTConfig(x=[c.a, C().a, c.b])"
            ),
            [[1], [], 2],
        ),
        (
            (
                "from dataclasses import dataclass, replace\n@dataclass\n"
                "class C:\n    a: int = 1\nSFTConfig(x=replace(C(), a=2).a)"
            ),
            2,
        ),
    ],
)
def test_simple_classes(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "from enum import Enum\nclass C(Enum):\n    N = 1\nSFTConfig(x=C.N)",
        "class C:\n    def __getattr__(self, n): return 5\nSFTConfig(x=C().n)",
        "class C:\n    n = 1\n    def __setattr__(self, k, v): pass\nc = C()\nc.n = 2\nSFTConfig(x=c.n)",
        "import m\n@m.d\nclass C:\n    n = 1\nSFTConfig(x=C().n)",
        "from .m import B\nclass C(B):\n    n = 1\nSFTConfig(x=C().n)",
    ],
)
def test_classes_that_are_not_simple(text: str) -> None:
    assert isinstance(value(text), Anything)


def test_a_class_with_methods_is_followed() -> None:
    text = """
        class Run:
            def __init__(self, lr=1e-5):
                self.lr = lr
            def train(self):
                return SFTConfig(x=self.lr)
        """
    assert arguments(only(text)) == {"x": Maybe((1e-5, Anything("the fields of `Run`")))}
    assert value(text + "\n        Run(2.0).train()") == 2.0


def test_a_subclass_of_trl_is_recorded_with_its_ancestors() -> None:
    module = read("class Mine(SFTConfig):\n    extra: int = 1\nclass More(Mine): pass\nMore(x=1)")
    (call,) = module.calls
    assert (call.callee, call.bases) == ("More", ("trl.SFTConfig",))
    assert arguments(call) == {"x": 1}


def test_the_object_of_a_method_is_no_keyword_argument() -> None:
    text = """
        class Maker:
            def make(self, **kwargs):
                settings = {"a": 1}
                settings.update(kwargs)
                return SFTConfig(**settings)
        opaque(Maker().make)
    """
    found = calls(read(text))
    assert found
    assert all("self" not in arguments(call) for call in found)
