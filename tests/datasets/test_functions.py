"""What a function of the project takes and returns, read from its text."""

from __future__ import annotations

import pytest

from trl_lint.datasets.functions import LocalFunction, local_function
from trl_lint.model.span import Span
from trl_lint.model.value import Argument, Known, Symbol, Unknown


def read(definition: str, expression: str = "f") -> LocalFunction | None:
    text = f"{definition}\nuse({expression})\n"
    start = text.index(f"use({expression})") + 4
    span = Span("train.py", start, start + len(expression))
    value = Known(Symbol("f", local=True)) if expression == "f" else Unknown("an expression")
    return local_function(Argument(None, value, span, span), lambda path: text)


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ('return f"Q: {row}"', "string"),
        ('return "a" + row["b"]', "string"),
        ("return tokenizer.apply_chat_template(row, tokenize=False)", "string"),
        ("return tokenizer.apply_chat_template(row)", "unknown"),
        ('return [f"{x}" for x in row["a"]]', "strings"),
        ("texts = []\n    for x in row:\n        texts.append(g(x))\n    return texts", "list"),
        ('return {"text": "a"}', "struct"),
        ('row["text"] = "a"', "none"),
        ("return", "none"),
        ('if row:\n        return "a"\n    return ["a"]', "unknown"),
        ("yield 1", "unknown"),
    ],
)
def test_what_is_returned(body: str, returns: str) -> None:
    found = read(f"def f(row):\n    {body}")
    assert found is not None
    assert found.returns == returns


def test_parameters() -> None:
    found = read("def f(completions, /, prompts, *, weight, scale=1, **kwargs):\n    return []")
    assert found == LocalFunction("f", ("prompts", "weight", "scale"), ("prompts", "weight"), True, "list")


def test_a_lambda() -> None:
    found = read("", 'lambda row: row["a"] + "b"')
    assert found is not None
    assert (found.names, found.returns) == (("row",), "string")


def test_no_function_of_the_source() -> None:
    assert read("from elsewhere import f") is None
    assert read("@decorated\ndef f(row):\n    return 1") is None


def test_rendering_conversations_as_text() -> None:
    rendered = read('def f(row):\n    return {"text": tokenizer.apply_chat_template(row["messages"], tokenize=False)}')
    tokenised = read("def f(row):\n    return tokenizer.apply_chat_template(row)")
    assert rendered is not None
    assert rendered.renders_chat
    assert tokenised is not None
    assert not tokenised.renders_chat
