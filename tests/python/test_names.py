"""Imports, and what a name means where it is used."""

from __future__ import annotations

import pytest

from .reading import Anything, Maybe, arguments, calls, plain, read, value


@pytest.mark.parametrize(
    "text",
    [
        "from trl import SFTConfig\nSFTConfig(x=1)",
        "from trl import SFTConfig as C\nC(x=1)",
        "import trl\ntrl.SFTConfig(x=1)",
        "import trl as t\nt.SFTConfig(x=1)",
        "from trl import *\nSFTConfig(x=1)",
        "def f():\n    from trl import SFTConfig\n    SFTConfig(x=1)",
        "try:\n    from trl import SFTConfig\nexcept ImportError:\n    SFTConfig = None\nSFTConfig(x=1)",
        "import trl\nC = trl.SFTConfig\nC(x=1)",
        "import trl\ngetattr(trl, 'SFTConfig')(x=1)",
        "from functools import partial\nfrom trl import SFTConfig\npartial(SFTConfig, x=1)()",
    ],
)
def test_ways_to_name_a_class(text: str) -> None:
    (call,) = read(text, head="").calls
    assert call.callee == "trl.SFTConfig"
    assert arguments(call) == {"x": 1}


def test_dotted_modules_keep_their_path() -> None:
    module = read(
        "import trl.trainer as t\nfrom trl.trainer.sft_config import SFTConfig as C\nt.SFTTrainer()\nC()", head=""
    )
    assert [call.callee for call in module.calls] == ["trl.trainer.SFTTrainer", "trl.trainer.sft_config.SFTConfig"]
    assert [(i.name, i.bound) for i in module.imports] == [
        ("trl.trainer", "t"),
        ("trl.trainer.sft_config.SFTConfig", "C"),
    ]


def test_a_class_of_the_file_is_not_trls() -> None:
    assert calls(read("class SFTConfig:\n    pass\nSFTConfig(x=1)")) == []


def test_a_local_name_shadows_an_import() -> None:
    assert calls(read("def f(SFTConfig):\n    SFTConfig(x=1)\nf(print)")) == []
    assert calls(read("SFTConfig = dict\nSFTConfig(x=1)")) == []


def test_a_deleted_name_is_gone() -> None:
    assert calls(read("del SFTConfig\nSFTConfig(x=1)")) == []


def test_a_class_that_a_library_gets_replaced_is_not_trls() -> None:
    assert calls(read("import trl\ntrl.SFTConfig = dict\ntrl.SFTConfig(x=1)")) == []


def test_names_of_the_project_are_unknown() -> None:
    text = "from .settings import RATE\nfrom trl import SFTConfig\nSFTConfig(x=RATE)"
    (call,) = read(text, head="").calls
    assert plain(call.arguments[0].value) == Anything("`RATE` of the project's module `.settings`")


def test_a_star_import_of_the_project_may_rebind() -> None:
    assert isinstance(value("A = 1\nfrom settings import *\nSFTConfig(x=A)"), Anything)
    assert value("A = 1\nfrom torch import *\nSFTConfig(x=A)") == 1


def test_scopes_are_pythons() -> None:
    assert value("A = 1\ndef f():\n    A = 2\nf()\nSFTConfig(x=A)") == 1
    assert value("A = 1\ndef f():\n    global A\n    A = 2\nf()\nSFTConfig(x=A)") == 2
    assert (
        value(
            "def f():\n    a = 1\n    def g():\n        nonlocal a\n"
            "        a = 2\n    g()\n    return a\nSFTConfig(x=f())"
        )
        == 2
    )
    assert value("A = 1\nclass B:\n    A = 2\n    def f(self):\n        return A\nSFTConfig(x=B().f())") == 1
    assert value("A = 1\nb = [A for A in (5, 6)]\nSFTConfig(x=A)") == 1
    assert value("b = [(y := A) for A in (5, 6)]\nSFTConfig(x=y)") == 6


def test_exec_may_rebind_everything() -> None:
    assert calls(read("A = 1\nexec(open('f').read())\nSFTConfig(x=A)")) == []


def test_a_name_that_one_branch_binds() -> None:
    assert value("if flag():\n    a = 1\nSFTConfig(x=a)") == 1
    assert value("a = 0\nif flag():\n    a = 1\nSFTConfig(x=a)") == Maybe((1, 0))


@pytest.mark.parametrize("names", ["{'__builtins__': None}, {}", "{}", "globals={}"])
def test_code_in_a_string_that_has_its_own_names_leaves_the_others(names: str) -> None:
    assert value(f"n = 1\neval(opaque(), {names})\nSFTConfig(x=n)") == 1


@pytest.mark.parametrize("names", ["", ", globals()", ", opaque()"])
def test_code_in_a_string_may_rebind_every_name(names: str) -> None:
    assert calls(read(f"n = 1\neval(opaque(){names})\nSFTConfig(x=n)")) == []
