"""The columns that a function passed to `map` makes, read from its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trl_lint.model.data import DataSet

Evaluate = Callable[[str], DataSet]
Kinds = Callable[[str], dict[str, str]]

DATA = '\nds = Dataset.from_list([{"q": "x", "a": "y"}])\n'
MESSAGE = '{"role": "user", "content": row["q"]}'


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("def f(row):\n    return {'text': f\"{row['q']}!\"}", {"text": "string"}),
        ("def f(row):\n    return {'text': row['q'] + '\\n' + row['a']}", {"text": "string"}),
        ("def f(row):\n    return dict(text='%s' % row['q'], n=1)", {"text": "string", "n": "number"}),
        (f"def f(row):\n    return {{'messages': [{MESSAGE}]}}", {"messages": "messages"}),
        (f"def f(row):\n    chat = [{MESSAGE}]\n    return {{'messages': chat}}", {"messages": "messages"}),
        (
            f"def f(row):\n    m = []\n    for _ in '1':\n        m.append({MESSAGE})\n    return {{'messages': m}}",
            {"messages": "messages"},
        ),
        (f"def f(row):\n    return {{'messages': [{MESSAGE}] + row['rest']}}", {"messages": "messages"}),
        (f"def f(row):\n    out = {{}}\n    out['prompt'] = [{MESSAGE}]\n    return out", {"prompt": "messages"}),
        ("def f(row):\n    if row['q']:\n        return {'text': 'a'}\n    return {'text': ''}", {"text": "string"}),
        (
            "def f(row):\n    if row['q']:\n        return {'x': 'a'}\n    else:\n        return {'x': 1}",
            {"x": "unknown"},
        ),
        ("def f(row, tok=None):\n    return {'x': tok(row['q'])}", {"x": "unknown"}),
        ("def f(row):\n    return {'text': tok.apply_chat_template(row['q'], tokenize=False)}", {"text": "string"}),
        ("def f(row):\n    return {'ids': tok.apply_chat_template(row['q'])}", {"ids": "unknown"}),
        (
            "def f(row):\n    return {'s': [c.upper() for c in row['q']], 't': ['a', f'{row}']}",
            {"s": "unknown", "t": "strings"},
        ),
        ("def f(row):\n    def inner():\n        return 1\n    return {'x': None}", {"x": "null"}),
        ("f = lambda row: {'x': 'a' if row['q'] else 'b'}", {"x": "string"}),
    ],
)
def test_new_columns(kinds: Kinds, function: str, expected: dict[str, str]) -> None:
    script = function + DATA
    assert kinds(script + "ds.map(f)") == {"q": "string", "a": "string", **expected}
    assert kinds(script + "ds.map(f, remove_columns=ds.column_names)") == expected
    assert kinds(script + "ds.map(f, remove_columns=['q'])") == {"a": "string", **expected}


@pytest.mark.parametrize(
    "function",
    [
        "def f(row):\n    return tok(row['q'])",
        "def f(row):\n    return {**other, 'x': 1}",
        "def f(row):\n    return {key: 1 for key in row}",
        "def f(row):\n    return {row['q']: 1}",
        "def f(row):\n    if row['q']:\n        return {'x': 1}\n    return {'y': 1}",
        "def f(row):\n    if row['q']:\n        return {'x': 1}",
        "def f(row):\n    out = {'x': 1}\n    if row['q']:\n        out['y'] = 2\n    return out",
        "def f(row):\n    out = {'x': 1}\n    out.update(row)\n    return out",
        "def f(row):\n    row.pop('q')\n    return row",
        "def f(row):\n    del row['q']\n    return row",
        "def f(row):\n    row = other\n    return row",
        "def f(row):\n    change(row)\n    return row",
        "def f(row):\n    for key in 'ab':\n        row[key] = 1\n    return row",
        "def f(row):\n    yield {'x': 1}",
        "async def f(row):\n    return {'x': 1}",
        "@decorated\ndef f(row):\n    return {'x': 1}",
        "def f(row):\n    return {'x': 1}\ndef f(row):\n    return {'y': 1}",
        "def f(row):\n    return {'x': 1}\nf = other(f)",
        "def f():\n    return {'x': 1}",
        "import x as f",
        "f = make()",
    ],
)
def test_nothing_is_claimed(evaluate: Evaluate, function: str) -> None:
    found = evaluate(function + DATA + "ds.map(f, remove_columns=ds.column_names)")
    assert (found.known, found.reason) == (False, "`map(...)` may add columns")


def test_the_example_itself(kinds: Kinds, evaluate: Evaluate) -> None:
    script = "def f(row):\n    row['text'] = row['q'] + '!'\n    return row" + DATA
    assert kinds(script + "ds.map(f)") == {"q": "string", "a": "string", "text": "string"}
    assert kinds(script + "ds.map(f, remove_columns=['q', 'a'])") == {"text": "string"}
    spread = "def f(row):\n    return {**row, 'text': ''}" + DATA
    assert kinds(spread + "ds.map(f, remove_columns=['q'])") == {"q": "string", "a": "string", "text": "string"}
    unchanged = "def f(row):\n    print(row)" + DATA
    assert kinds(unchanged + "ds.map(f)") == {"q": "string", "a": "string"}
    assert not evaluate(unchanged + "ds.map(f, remove_columns=['q'])").known
    assert not evaluate(script + "ds.map(f, input_columns=['q'])").known


def test_a_column_that_is_removed_and_made(kinds: Kinds, evaluate: Evaluate) -> None:
    script = "def f(row):\n    return {'q': 1}" + DATA
    assert kinds(script + "ds.map(f, remove_columns=['q'])") == {"a": "string", "q": "number"}
    assert not evaluate(script + "ds.to_iterable_dataset().map(f, remove_columns=['q'])").known
    assert "names `z`" in evaluate(script + "ds.map(f, remove_columns=['z'])").reason


def test_batches(kinds: Kinds) -> None:
    one = "def f(rows):\n    return {'text': [f'{q}' for q in rows['q']], 'n': [1, 2]}" + DATA
    assert kinds(one + "ds.map(f, batched=True, remove_columns=ds.column_names)") == {"text": "string", "n": "number"}
    two = (
        "def f(rows):\n    out = []\n    for q in rows['q']:\n        out.append(f'{q}')\n    return {'text': out}"
        + DATA
    )
    assert kinds(two + "ds.map(f, batched=True, remove_columns=ds.column_names)") == {"text": "string"}
    assert kinds(two + "ds.map(f, remove_columns=ds.column_names)") == {"text": "strings"}
    lists = "def f(rows):\n    return {'messages': [[{'role': 'user', 'content': q}] for q in rows['q']]}" + DATA
    assert kinds(lists + "ds.map(f, batched=True, remove_columns=ds.column_names)") == {"messages": "messages"}


def test_wrapped_functions(kinds: Kinds, evaluate: Evaluate) -> None:
    script = "def f(row, tok):\n    return {'text': ''}" + DATA
    assert kinds(script + "ds.map(partial(f, tok=1), remove_columns=ds.column_names)") == {"text": "string"}
    assert kinds(script + "ds.map(lambda row: {'text': ''}, remove_columns=ds.column_names)") == {"text": "string"}
    assert not evaluate(script + "ds.map(self.f)").known
    assert not evaluate(script + "ds.map(tokenize)").known


def test_a_name_that_the_front_end_has_resolved(kinds: Kinds) -> None:
    """A parameter of the same name somewhere else is no rival."""
    script = "def other(f):\n    return f\ndef f(row):\n    return {'x': 1}" + DATA
    assert kinds(script + "ds.map(f, remove_columns=ds.column_names)") == {"x": "number"}


def test_deeply_nested_functions_end(evaluate: Evaluate) -> None:
    for value in ("+".join(["row['q']"] * 800), "1 if row else " * 300 + "1", "[" * 80 + "]" * 80):
        script = f"def f(row):\n    return {{'x': {value}}}{DATA}ds.map(f, remove_columns=ds.column_names)"
        assert set(evaluate(script).columns or ()) <= {"x"}


def test_generators(kinds: Kinds, evaluate: Evaluate) -> None:
    script = "def rows():\n    for n in 'ab':\n        yield {'text': f'{n}', 'n': 1}\n"
    assert kinds(script + "Dataset.from_generator(rows)") == {"text": "string", "n": "number"}
    assert kinds(script + "IterableDataset.from_generator(rows)") == {"text": "string", "n": "number"}
    assert not evaluate("def rows():\n    yield from other\nDataset.from_generator(rows)").known
    assert evaluate("Dataset.from_generator(make)").reason == "its rows come from a generator"
