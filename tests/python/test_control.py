"""Branches, loops, exceptions and ways out."""

from __future__ import annotations

import pytest

from trl_lint.model.value import Arm, OneOf

from .reading import HEAD, Anything, Maybe, arguments, calls, only, plain, read, value


def test_a_known_test_selects_its_arm() -> None:
    assert value("D = False\nif D:\n    a = 1\nelse:\n    a = 2\nSFTConfig(x=a)") == 2
    assert calls(read("if 0:\n    SFTConfig(x=1)")) == []


def test_main_always_runs() -> None:
    assert value("if __name__ == '__main__':\n    SFTConfig(x=1)") == 1


def test_options_say_under_which_arms_they_hold() -> None:
    text = "if flag():\n    a = 1\nelse:\n    a = 2\nSFTConfig(x=a)"
    found = only(text).keyword("x")
    assert found is not None
    assert isinstance(found.value, OneOf)
    test = (HEAD + text).index("flag()", len(HEAD))
    assert [option.when for option in found.value.options] == [(Arm(test, 0),), (Arm(test, 1),)]


def test_calls_say_under_which_arms_they_stand() -> None:
    first, second = calls(read("if flag():\n    SFTConfig(x=1)\nelse:\n    SFTConfig(x=2)"))
    assert first.when[0].branch == second.when[0].branch
    assert (first.when[0].index, second.when[0].index) == (0, 1)


def test_a_branch_that_ends_does_not_join() -> None:
    assert value("a = 1\nif flag():\n    a = 2\n    raise ValueError\nSFTConfig(x=a)") == 1
    assert value("import sys\na = 1\nif flag():\n    a = 2\n    sys.exit()\nSFTConfig(x=a)") == 1
    assert calls(read("import sys\nsys.exit(1)\nSFTConfig(x=1)")) == []


def test_a_test_narrows_the_tested_name() -> None:
    assert value("a = None if flag() else 3\nif a is None:\n    a = 7\nSFTConfig(x=a)") == Maybe((7, 3))
    assert value("a = None if flag() else 3\nif a:\n    SFTConfig(x=a)") == 3


def test_match_takes_one_case() -> None:
    assert value("match 'b':\n    case 'a': x = 1\n    case 'b': x = 2\n    case _: x = 3\nSFTConfig(x=x)") == 2
    assert value("match flag():\n    case 'a': x = 1\n    case _: x = 3\nSFTConfig(x=x)") == Maybe((1, 3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nfor i in flag():\n    a = 2\nSFTConfig(x=a)", Maybe((1, 2))),
        ("a = 1\nfor i in flag():\n    SFTConfig(x=a)\n    a = 2", Maybe((1, 2))),
        ("a = 0\nfor i in flag():\n    a += 1\nSFTConfig(x=a)", Anything("it is assigned in a loop")),
        ("a = 0\nfor i in range(3):\n    a += i\nSFTConfig(x=a)", 3),
        ("a = 0\nwhile flag():\n    a = 5\n    break\nSFTConfig(x=a)", Maybe((0, 5))),
        ("a = 0\nwhile True:\n    a = 5\n    if flag(): break\nSFTConfig(x=a)", 5),
        ("for a in (1, 2):\n    if flag(): break\nelse:\n    a = 3\nSFTConfig(x=a)", None),
    ],
)
def test_loops(text: str, expected: object) -> None:
    found = value(text)
    if expected is None:
        assert isinstance(found, Maybe)
        assert set(found) >= {1, 2, 3}
    else:
        assert found == expected


def test_a_short_loop_records_each_turn() -> None:
    found = calls(read("for lr in (1e-5, 2e-5):\n    SFTConfig(x=lr)"))
    assert [arguments(call) for call in found] == [{"x": 1e-5}, {"x": 2e-5}]


def test_an_exception_may_leave_at_any_point() -> None:
    text = "a = 1\ntry:\n    a = 2\n    flag()\n    a = 3\nexcept Exception:\n    SFTConfig(x=a)"
    assert value(text) == Maybe((1, 2, 3))
    assert value("a = 1\ntry:\n    a = 2\n    flag()\nfinally:\n    SFTConfig(x=1)\n") == 1
    assert value("a = 1\ntry:\n    a = 2\nexcept ValueError:\n    raise\nSFTConfig(x=a)") == 2


def test_finally_changes_what_a_return_leaves() -> None:
    text = (
        "d = {'a': 1}\ndef f():\n    try:\n        return 1\n    finally:\n        d['a'] = 2\nf()\nSFTConfig(x=d['a'])"
    )
    found = value(text)
    assert found == 2 or (isinstance(found, Maybe) and 2 in found)


def test_a_suppressed_block_may_stop_anywhere() -> None:
    text = (
        "import contextlib\na = 1\nwith contextlib.suppress(ValueError):\n"
        "    a = 2\n    flag()\n    a = 3\nSFTConfig(x=a)"
    )
    found = value(text)
    assert isinstance(found, Maybe)
    assert set(found) == {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            (
                "import trl\nfrom packaging.version import Version\n"
                "if Version(trl.__version__) >= Version('1'):\n    SFTConfig(x=1)"
            ),
            "version",
        ),
        ("import trl\nNEW = trl.__version__ > '1'\nif NEW:\n    SFTConfig(x=1)", "version"),
        ("from transformers.utils import is_peft_available\nif is_peft_available():\n    SFTConfig(x=1)", "version"),
        (
            "import inspect\nok = inspect.signature(SFTConfig).parameters\nif 'x' in ok:\n    SFTConfig(x=1)",
            "signature",
        ),
        ("import trl\nif trl.__version__ < '1':\n    raise SystemExit\nSFTConfig(x=1)", "version"),
        ("if hasattr(SFTConfig, 'x'):\n    SFTConfig(x=1)", "signature"),
        ("try:\n    SFTConfig(x=1)\nexcept TypeError:\n    pass", "try"),
        ("import contextlib\nwith contextlib.suppress(TypeError):\n    SFTConfig(x=1)", "try"),
        ("try:\n    flag()\nexcept TypeError:\n    SFTConfig(x=1)", "try"),
        ("import pytest\n@pytest.mark.xfail(reason='no')\ndef test():\n    SFTConfig(x=1)", "expected"),
        ("import pytest\nwith pytest.raises(TypeError, match='x'):\n    SFTConfig(x=1)", "expected"),
        (
            "class T:\n    def test(self):\n        with self.assertRaises(TypeError):\n            SFTConfig(x=1)",
            "expected",
        ),
        (
            "from transformers.utils.versions import require_version\n"
            "class A:\n    def __init__(self):\n        if flag:\n            require_version('trl<=0.9.6')\n"
            "    def f(self):\n        SFTConfig(x=1)",
            "version",
        ),
        (
            "from transformers.utils.versions import require_version\n"
            "def f():\n    require_version('trl<=0.9.6', 'too new')\n    SFTConfig(x=1)\nf()",
            "version",
        ),
        (
            "import trl\ndef f():\n    if trl.__version__ < '1':\n        raise ValueError\n    SFTConfig(x=1)\nf()",
            "version",
        ),
        (
            (
                "import inspect\nd = {'x': 1}\nok = inspect.signature(SFTConfig).parameters\n"
                "SFTConfig(**{k: v for k, v in d.items() if k in ok})"
            ),
            "signature",
        ),
        (
            (
                "import inspect\nd = {}\nok = inspect.signature(SFTConfig).parameters\n"
                "if 'x' in ok:\n    d['x'] = 1\nSFTConfig(**d)"
            ),
            "signature",
        ),
    ],
)
def test_guards(text: str, kind: str) -> None:
    assert kind in [guard.kind for guard in only(text).guards]


@pytest.mark.parametrize(
    "text",
    [
        "if flag():\n    SFTConfig(x=1)",
        "try:\n    SFTConfig(x=1)\nexcept TypeError:\n    raise",
        "try:\n    flag()\nexcept ImportError:\n    pass\nSFTConfig(x=1)",
        "try:\n    flag()\nexcept OSError:\n    SFTConfig(x=1)",
        "from transformers.utils.versions import require_version\nrequire_version('datasets>=1.8')\nSFTConfig(x=1)",
    ],
)
def test_no_guard(text: str) -> None:
    assert only(text).guards == ()


def test_a_guarded_import_is_marked() -> None:
    module = read("try:\n    from trl import KTOConfig\nexcept ImportError:\n    KTOConfig = None")
    assert [guard.kind for item in module.imports if item.bound == "KTOConfig" for guard in item.guards] == ["try"]


def test_an_import_for_other_releases_is_marked() -> None:
    module = read("try:\n    from trl.a import f\nexcept ImportError:\n    from trl.b import f")
    assert [[guard.kind for guard in item.guards] for item in module.imports if item.bound == "f"] == [["try"], ["try"]]


def test_a_key_under_an_unknown_filter_is_optional() -> None:
    call = only("d = {'a': 1, 'b': 2}\nSFTConfig(**{k: v for k, v in d.items() if flag(k)})")
    assert [(a.name, plain(a.value), a.optional) for a in call.arguments] == [("a", 1, True), ("b", 2, True)]
