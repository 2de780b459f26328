"""Edits on Python calls: the smallest change, in the layout that is there."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.edits.python import add_keyword, remove_argument, rename_keyword, replace_value
from trl_lint.model.value import Argument

from .build import after, call_of, source_of


def added(text: str, value: str = "tok") -> str:
    source = source_of(text)
    return after(source, add_keyword(source, call_of(source), "k", value))


def argument(text: str, name: str) -> Argument:
    found = call_of(source_of(text)).keyword(name)
    assert found is not None
    return found


def removed(text: str, name: str) -> str:
    source = source_of(text)
    return after(source, remove_argument(source, call_of(source), argument(text, name)))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("f()", "f(k=tok)"),
        ("f( )", "f(k=tok )"),
        ("f(  # nothing\n)", "f(k=tok  # nothing\n)"),
        ("f(a)", "f(a, k=tok)"),
        ("f(a, )", "f(a, k=tok, )"),
        ("f(a=(1))", "f(a=(1), k=tok)"),
        ("f((a), ((b)))", "f((a), ((b)), k=tok)"),
        ("f(a=')', b='#')  # f(", "f(a=')', b='#', k=tok)  # f("),
        ("f(x for x in y)", "f((x for x in y), k=tok)"),
        ("f (x for x in y)", "f ((x for x in y), k=tok)"),
        ("f((x for x in y))", "f((x for x in y), k=tok)"),
        ("f(lambda: 1)", "f(lambda: 1, k=tok)"),
        ("f(x := 1)", "f(x := 1, k=tok)"),
        ("f(**kw)", "f(k=tok, **kw)"),
        ("f(a, **kw)", "f(a, k=tok, **kw)"),
        ("f(*a, **b, **c)", "f(*a, k=tok, **b, **c)"),
        ("f(**b, a=1)", "f(**b, a=1, k=tok)"),
        ("f(é=1, ü='😀')", "f(é=1, ü='😀', k=tok)"),
        ("f(\n    a=1,\n    b=2,\n)", "f(\n    a=1,\n    b=2,\n    k=tok,\n)"),
        ("f(\n    a=1,\n    b=2\n)", "f(\n    a=1,\n    b=2,\n    k=tok\n)"),
        ("f(\n    a=1,\n    b=2)", "f(\n    a=1,\n    b=2,\n    k=tok)"),
        ("f(a=1,\n  b=2)", "f(a=1,\n  b=2,\n  k=tok)"),
        ("f(\n    a=1,  # one\n)", "f(\n    a=1,  # one\n    k=tok,\n)"),
        ("f(\n    a=1  # one\n)", "f(\n    a=1,  # one\n    k=tok\n)"),
        ("f(\n    a=1,\n    # b=2,\n)", "f(\n    a=1,\n    k=tok,\n    # b=2,\n)"),
        ("f(\n    a=1\n    , )", "f(\n    a=1\n    , k=tok, )"),
        ("f(\n\ta=(\n\t\t1\n\t),\n)", "f(\n\ta=(\n\t\t1\n\t),\n\tk=tok,\n)"),
        ("f(a, g(\n    1,\n))", "f(a, g(\n    1,\n), k=tok)"),
        ("f(\n    a=1,\n    **kw,\n)", "f(\n    a=1,\n    k=tok,\n    **kw,\n)"),
        ("f(\n    a, b,\n    c, d  # all\n)", "f(\n    a, b,\n    c, d, k=tok  # all\n)"),
        ("f(\r\n    a=1,\r\n)\r\n", "f(\r\n    a=1,\r\n    k=tok,\r\n)\r\n"),
        ("f(a, \\\n  b)", "f(a, \\\n  b,\n  k=tok)"),
        ("x = [f(a)\n  , 2]", "x = [f(a, k=tok)\n  , 2]"),
    ],
)
def test_a_keyword_is_added(before: str, expected: str) -> None:
    assert added(before) == expected
    ast.parse(expected)


def test_a_value_that_would_fall_apart_is_put_in_parentheses() -> None:
    assert added("f()", "1, 2") == "f(k=(1, 2))"
    assert added("f()", "(yield)") == "f(k=(yield))"


@pytest.mark.parametrize("value", ["", "1)", "1), g(2", "x # y", "*a"])
def test_a_value_that_is_no_expression_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="no Python expression"):
        added("f()", value)


def test_a_keyword_that_is_there_is_refused() -> None:
    with pytest.raises(ValueError, match="already"):
        added("f(k=1)")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("f(a=1)", "f()"),
        ("f(a=1, b=2)", "f(b=2)"),
        ("f(b=2, a=1)", "f(b=2)"),
        ("f(b=2, a=1, )", "f(b=2, )"),
        ("f(b=2, a=1, c=3)", "f(b=2, c=3)"),
        ("f(b=(2), a=(1))", "f(b=(2))"),
        ("f(x, a=1, **kw)", "f(x, **kw)"),
        ("f(\n    a=1,\n    b=2,\n)", "f(\n    b=2,\n)"),
        ("f(\n    b=2,\n    a=1,\n)", "f(\n    b=2,\n)"),
        ("f(\n    b=2,\n    a=1\n)", "f(\n    b=2,\n)"),
        ("f(\n    b=2,\n    a=1)", "f(\n    b=2)"),
        ("f(\n    b=2,  # two\n    a=1)", "f(\n    b=2,  # two\n    )"),
        ("f(\n    b=2,\n    a=g(\n        1,\n    ),  # one\n    c=3,\n)", "f(\n    b=2,\n    c=3,\n)"),
        ("f(\n    # about a\n    a=1,  # one\n    b=2,\n)", "f(\n    # about a\n    b=2,\n)"),
        ("f(a=1,\n  b=2)", "f(\n  b=2)"),
        ("f(a=1,  # one\n  b=2)", "f(  # one\n  b=2)"),
        ("f(b=2, a=1,  # one\n  c=3)", "f(b=2,  # one\n  c=3)"),
        ("f(\n  a=1, b=2,\n)", "f(\n  b=2,\n)"),
        ("f(\n  b=2, a=1,\n)", "f(\n  b=2,\n)"),
        ("f(\r\n  a=1,\r\n  b=2,\r\n)", "f(\r\n  b=2,\r\n)"),
        ("kw = {'a': 1, 'b': 2}\nf(**kw)", "kw = {'b': 2}\nf(**kw)"),
        ("kw = {\n    'b': 2,\n    'a': 1,  # one\n}\nf(**kw)", "kw = {\n    'b': 2,\n}\nf(**kw)"),
        ("f(**{**x, 'a': 1})", "f(**{**x})"),
        ("f(**{'a': 1})", "f(**{})"),
        ("kw = dict(b=2, a=1)\nf(**kw)", "kw = dict(b=2)\nf(**kw)"),
    ],
)
def test_an_argument_is_removed(before: str, expected: str) -> None:
    assert removed(before, "a") == expected
    ast.parse(expected)


def test_positional_arguments() -> None:
    source = source_of("f(x, y)")
    first, last = call_of(source).arguments
    assert after(source, remove_argument(source, call_of(source), last)) == "f(x)"
    with pytest.raises(ValueError, match="follow"):
        remove_argument(source, call_of(source), first)
    source = source_of("f(x for x in y)")
    assert after(source, remove_argument(source, call_of(source), call_of(source).arguments[0])) == "f()"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("f(a = 1)", "f(new = 1)"),
        ("f(**{'a': 1})", "f(**{'new': 1})"),
        ('kw = {"a": 1}\nf(**kw)', 'kw = {"new": 1}\nf(**kw)'),
        ("kw = {r'''a''': 1}\nf(**kw)", "kw = {r'''new''': 1}\nf(**kw)"),
        ("f(**dict(a=1))", "f(**dict(new=1))"),
    ],
)
def test_a_keyword_is_renamed(before: str, expected: str) -> None:
    assert after(source_of(before), rename_keyword(source_of(before), argument(before, "a"), "new")) == expected


def test_a_key_that_is_no_plain_string_is_refused() -> None:
    before = "kw = {'\\x61': 1}\nf(**kw)"
    with pytest.raises(ValueError, match="no plain name"):
        rename_keyword(source_of(before), argument(before, "a"), "new")


def test_a_value_is_replaced() -> None:
    for before, expected in (("f(a=(1), b=2)", "f(a=(x), b=2)"), ("f(**{'a': 1 + 1})", "f(**{'a': x})")):
        source = source_of(before)
        assert after(source, replace_value(source, argument(before, "a"), "x")) == expected
    source = source_of("f(a=1)")
    assert after(source, replace_value(source, argument("f(a=1)", "a"), "1, 2")) == "f(a=(1, 2))"


VALUES = st.sampled_from(
    ["1", "(1)", "x", "'é,)'", "g(1, 2)", "[\n1,\n2]", "{'a': 1}", "lambda: 0", '"""\n#"""', "f'{x}'", "(\n 1)"]
)
LAYOUTS = st.sampled_from(["", " ", "\n    ", "  # note, )\n    ", "\r\n\t", " \\\n "])


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call of `f` with keywords a0, a1 ... and any layout between them."""
    count = draw(st.integers(0, 4))
    parts = ["x = f(", draw(LAYOUTS)]
    for index in range(count):
        if draw(st.integers(0, 5)) == 0:
            parts.append("**kw")
        else:
            parts += [f"a{index}", draw(st.sampled_from(["=", " = "])), draw(VALUES)]
        last = index == count - 1
        parts.append(draw(LAYOUTS))
        if not last or draw(st.booleans()):
            parts += [",", draw(LAYOUTS)]
    return "".join((*parts, ")  # end\n"))


def keywords(text: str) -> list[tuple[str | None, str]]:
    node = next(n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "f")
    return [(keyword.arg, ast.dump(keyword.value)) for keyword in node.keywords]


@given(calls())
def test_adding_and_removing_change_that_argument_only(text: str) -> None:
    grown = added(text)
    new = ("k", ast.dump(ast.parse("tok", mode="eval").body))
    before = keywords(text)
    assert sorted(keywords(grown), key=str) == sorted([*before, new], key=str)
    with pytest.raises(ValueError, match="already"):
        added(grown)
    assert keywords(removed(grown, "k")) == before
    for name, _ in before:
        if name is not None:
            assert keywords(removed(text, name)) == [pair for pair in before if pair[0] != name]


@given(calls())
def test_comments_of_others_are_kept(text: str) -> None:
    assert added(text).count("# note") == text.count("# note")
    assert added(text).endswith(")  # end\n")
