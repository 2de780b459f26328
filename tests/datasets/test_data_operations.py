"""Literals, methods of data sets, and what can be said after them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trl_lint.datasets import understand
from trl_lint.datasets.kinds import GAP
from trl_lint.datasets.literals import subscript_key
from trl_lint.model.data import DataSet
from trl_lint.model.span import Span
from trl_lint.model.value import Call, Instance, Known, OneOf, Option, Unknown, Value

Evaluate = Callable[[str], DataSet]
Kinds = Callable[[str], dict[str, str]]

ROWS = 'ds = Dataset.from_list([{"a": "x", "b": 1}, {"a": "y", "b": 2}, {"a": "z", "b": 3}])\n'
CHAT = '[{"role": "user", "content": "one?"}, {"role": "assistant", "content": "alpha."}]'


def test_from_list(evaluate: Evaluate, kinds: Kinds) -> None:
    found = evaluate(ROWS + "ds")
    assert kinds(ROWS + "ds") == {"a": "string", "b": "number"}
    assert (found.container, found.rows_total, found.rows[1]) == ("Dataset", 3, {"a": "y", "b": 2})
    assert kinds('Dataset.from_list([{"a": 1}, {"b": 2}])') == {"a": "number"}  # the first row decides
    assert evaluate("Dataset.from_list(rows)").reason == "the name `rows`"
    assert evaluate("Dataset.from_list([])").reason == "it has no rows"
    assert evaluate("Dataset.from_list([row])").reason == "the first row is not known"


def test_partly_known_rows(evaluate: Evaluate, kinds: Kinds) -> None:
    script = 'Dataset.from_list([{"messages": [{"role": "user", "content": text}], "images": None, "x": y}, row])'
    assert kinds(script) == {"messages": "messages", "images": "unknown", "x": "unknown"}
    assert evaluate(script).rows == ()
    assert evaluate(script).rows_total == 2


def test_from_dict(evaluate: Evaluate, kinds: Kinds) -> None:
    assert kinds(f'Dataset.from_dict({{"messages": [{CHAT}], "label": [True]}})') == {
        "messages": "messages",
        "label": "bool",
    }
    assert kinds('Dataset.from_dict({"text": texts})') == {"text": "unknown"}
    assert evaluate('Dataset.from_dict({"text": ["a", "b"]})').rows == ({"text": "a"}, {"text": "b"})
    assert evaluate("Dataset.from_dict(columns)").reason == "the name `columns`"
    with_features = 'Dataset.from_dict({"images": [["a.png"]]}, features=Features({"images": List(Image())}))'
    assert kinds(with_features) == {"images": "images"}


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ('rename_column("a", "text")', {"text": "string", "b": "number"}),
        ('rename_columns({"a": "b2", "b": "c"})', {"b2": "string", "c": "number"}),
        ('remove_columns("a")', {"b": "number"}),
        ('remove_columns(["a", "b"])', {}),
        ("remove_columns(ds.column_names)", {}),
        ("remove_columns(list(ds.features))", {}),
        ('select_columns(["b"])', {"b": "number"}),
        ('cast_column("a", Image())', {"a": "image", "b": "number"}),
        ('cast_column("a", Sequence(Image()))', {"a": "images", "b": "number"}),
        ('cast_column("a", List(Image()))', {"a": "images", "b": "number"}),
        ('cast_column("a", [Image()])', {"a": "images", "b": "number"}),
        ('cast_column("a", Sequence(Text("int64")))', {"a": "numbers", "b": "number"}),
        ('cast_column("a", Sequence({"role": Text("string")}))', {"a": "struct", "b": "number"}),
        ('cast_column("a", feature)', {"a": "unknown", "b": "number"}),
        ('cast(Features({"a": Image(), "b": Text("string")}))', {"a": "image", "b": "string"}),
        ("cast(features)", {"a": "unknown", "b": "unknown"}),
        ('class_encode_column("a")', {"a": "number", "b": "number"}),
        ('add_column("c", ["p", "q", "r"])', {"a": "string", "b": "number", "c": "string"}),
        ('add_column("c", values)', {"a": "string", "b": "number", "c": "unknown"}),
        ("filter(lambda row: row['b'] > 1)", {"a": "string", "b": "number"}),
        ("shuffle(seed=1).select(range(2))", {"a": "string", "b": "number"}),
        ('with_format("torch")', {"a": "string", "b": "number"}),
        ("flatten()", {"a": "string", "b": "number"}),
        ("map(tokenize, features=Features({'input_ids': Sequence(Text('int32'))}))", {"input_ids": "numbers"}),
        ("map(remove_columns=['a'])", {"b": "number"}),
    ],
)
def test_columns_after(kinds: Kinds, operation: str, expected: dict[str, str]) -> None:
    assert kinds(f"{ROWS}ds.{operation}") == expected


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ('rename_column("c", "d")', "`c` is renamed, which is no column"),
        ('rename_column("a", "b")', "a column is renamed to a name that exists"),
        ("rename_column(old, 'b')", "the renamed columns are not known"),
        ('remove_columns(["c"])', "`remove_columns` names `c`, which is no column"),
        ("remove_columns(some)", "the removed columns are not known"),
        ('select_columns(["c"])', "`select_columns` names `c`, which is no column"),
        ('cast_column("c", Image())', "`cast_column` names `c`, which is no column"),
        ("map(tokenize)", "`map(...)` may add columns"),
        ("map(**options)", "further arguments may be passed to `map` (`**options` is not known)"),
        ("with_transform(tokenize)", "a transform decides the columns when rows are read"),
        ('with_format("torch", columns=["a"])', "its format may hide columns"),
        ("to_pandas()", "what `to_pandas(...)` returns is not known"),
        ("unique('a').something()", "what `unique(...)` returns is not known"),
        ("batch(4)", "what `batch(...)` returns is not known"),
    ],
)
def test_nothing_is_claimed_after(evaluate: Evaluate, operation: str, reason: str) -> None:
    found = evaluate(f"{ROWS}ds.{operation}")
    assert (found.known, found.reason, found.rows) == (False, reason, ())


@pytest.mark.parametrize(
    ("operation", "rows", "total"),
    [
        ("select(range(2))", ["x", "y"], 2),
        ("select(range(0, 1))", ["x"], 1),
        ("select(range(1, 3))", [], None),
        ("select([2, 0])", [], None),
        ("take(2)", ["x", "y"], 2),
        ("take(9)", ["x", "y", "z"], 3),
        ("skip(1)", [], None),
        ("filter(f)", [], None),
        ("shuffle()", ["x", "y", "z"], 3),
        ("shuffle().take(2)", [], 2),
        ("map(lambda row: {'c': 1})", ["x", "y", "z"], 3),
        ("map(lambda rows: {'c': [1]}, batched=True)", [], None),
        ("repeat(2)", ["x", "y", "z"], None),
    ],
)
def test_rows_after(evaluate: Evaluate, operation: str, rows: list[str], total: int | None) -> None:
    found = evaluate(f"{ROWS}ds.{operation}")
    assert ([row["a"] for row in found.rows], found.rows_total) == (rows, total)


def test_rows_follow_their_columns(evaluate: Evaluate) -> None:
    assert evaluate(ROWS + 'ds.rename_column("a", "b2").remove_columns("b")').rows[0] == {"b2": "x"}
    assert evaluate(ROWS + 'ds.select_columns("b")').rows[0] == {"b": 1}


def test_a_cast_changes_values(evaluate: Evaluate) -> None:
    assert evaluate(ROWS + 'ds.cast_column("b", Text("string"))').rows[0] == {"a": "x"}
    assert evaluate(ROWS + 'ds.cast_column("a", Image())').rows[0] == {"a": "x", "b": 1}
    assert evaluate(ROWS + "ds.cast(features)").rows == ()


def test_iterable(evaluate: Evaluate) -> None:
    assert evaluate(ROWS + "ds.to_iterable_dataset().shuffle(seed=1)").container == "IterableDataset"
    assert evaluate("IterableDataset.from_generator(rows)").container == "IterableDataset"


def test_dictionaries(evaluate: Evaluate, kinds: Kinds) -> None:
    split = ROWS + "parts = ds.train_test_split(test_size=0.1)\n"
    assert evaluate(split + "parts").container == "DatasetDict"
    assert kinds(split + 'parts["test"].rename_column("a", "c")') == {"c": "string", "b": "number"}
    assert kinds(split + 'parts.rename_column("a", "c")["train"]') == {"c": "string", "b": "number"}
    assert evaluate(split + 'parts["train"]').rows == ()
    assert "no split `dev`" in evaluate(split + 'parts["dev"]').reason
    assert kinds(ROWS + 'DatasetDict({"train": ds})["train"]') == {"a": "string", "b": "number"}
    assert kinds(ROWS + 'DatasetDict(train=ds)["train"]') == {"a": "string", "b": "number"}
    assert evaluate("DatasetDict(splits)['train']").reason == "its splits are not known"
    assert not evaluate(ROWS + 'ds["train"]').known
    assert not evaluate(ROWS + "ds[0]").known


def test_columns_of_a_dictionary(kinds: Kinds, evaluate: Evaluate) -> None:
    split = ROWS + "parts = ds.train_test_split()\nfn = lambda row: {'text': ''}\n"
    for names in ("parts['train'].column_names", "parts.column_names['train']", "list(parts['train'].features)"):
        script = f"{split}parts.map(lambda row: {{'text': ''}}, remove_columns={names})['train']"
        assert kinds(script) == {"text": "string"}, names


def test_all_columns_of_an_unknown_table(kinds: Kinds, evaluate: Evaluate) -> None:
    hub = 'ds = load_dataset("org/name", split="train")\n'
    assert kinds(hub + "ds.map(lambda row: {'text': ''}, remove_columns=ds.column_names)") == {"text": "string"}
    assert kinds(hub + 'ds.select_columns(["messages"])') == {"messages": "unknown"}
    assert evaluate(hub + "ds.map(lambda row: {'text': ''})").reason == "the data set `org/name` is on the Hub"
    both = 'ds = load_dataset("org/name")\n'
    script = both + "ds.map(lambda row: {'text': ''}, remove_columns=ds['train'].column_names)['train']"
    assert kinds(script) == {"text": "string"}
    other = hub + 'other = load_dataset("org/other", split="train")\n'
    assert not evaluate(other + "ds.map(lambda row: {'text': ''}, remove_columns=other.column_names)").known


def test_joined(evaluate: Evaluate, kinds: Kinds) -> None:
    more = ROWS + 'more = Dataset.from_list([{"a": "p", "c": None}])\n'
    found = evaluate(more + "concatenate_datasets([ds, more])")
    assert kinds(more + "concatenate_datasets([ds, more])") == {"a": "string", "b": "number", "c": "null"}
    assert (found.rows_total, len(found.rows)) == (4, 4)
    assert evaluate(more + "interleave_datasets([ds, more])").rows == ()
    assert kinds(more + "concatenate_datasets([ds, more], axis=1)").keys() == {"a", "b", "c"}
    assert not evaluate(more + "concatenate_datasets([ds, unclear])").known
    assert evaluate(ROWS + 'concatenate_datasets([ds, load_dataset("org/x", split="train")])').reason.endswith(
        "on the Hub"
    )


def test_changes_in_place(evaluate: Evaluate, kinds: Kinds) -> None:
    assert "transform" in evaluate(ROWS + "ds.set_transform(tokenize)\nds").reason
    assert kinds(ROWS + 'ds.set_format("torch")\nds') == {"a": "string", "b": "number"}
    split = ROWS + "parts = ds.train_test_split()\n"
    assert kinds(split + 'parts["train"] = ds.remove_columns("a")\nparts["train"]') == {"b": "number"}
    assert kinds(split + 'parts["train"] = ds.remove_columns("a")\nparts["test"]') == {"a": "string", "b": "number"}


def test_branches(evaluate: Evaluate, kinds: Kinds) -> None:
    assert kinds(ROWS + "few = ds.take(1) if debug else ds\nfew.rename_column('a', 'c')") == {
        "c": "string",
        "b": "number",
    }
    assert evaluate(ROWS + "(ds.remove_columns('a') if debug else ds)").reason == "one of several data sets"
    assert not evaluate(ROWS + "(ds if debug else unclear)").known


def test_an_item_of_a_list_of_data_sets_is_no_list(evaluate: Evaluate) -> None:
    listed = "load_dataset('a/b', split=['train[:5%]', 'test'])"
    assert evaluate(listed).container == "list"
    assert evaluate(f"{listed}[0]").container == "unknown"
    assert evaluate(f"{listed}[0].map(f)").container == "unknown"


def test_what_is_no_data_set(evaluate: Evaluate) -> None:
    assert evaluate("[{'a': 1}]").container == "list"
    assert evaluate("{'train': 1}").container == "dict"
    assert evaluate("tokenize(1)").reason == "it is made by `other.tokenize`"
    assert evaluate(ROWS + "ds.column_names").container == "list"


def test_spans_lead_from_the_beginning_to_the_end(evaluate: Evaluate) -> None:
    script = ROWS + "ds.remove_columns('a').take(1)"
    texts = [script[span.start : span.end] for span in evaluate(script).spans]
    assert texts[0].startswith("Dataset.from_list")
    assert texts[1:] == ["ds.remove_columns('a')", "ds.remove_columns('a').take(1)"]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("['train']", "train"),
        ("[0]", 0),
        ("[-1]", -1),
        ("[...]", GAP),
        ("[a b]", GAP),
        ("[key]", GAP),
        ("[", GAP),
        (".map", GAP),
    ],
)
def test_subscript_keys(label: str, key: object) -> None:
    assert subscript_key(Instance(1, label, SPAN)) == key


def test_an_unknown_split(evaluate: Evaluate, kinds: Kinds) -> None:
    split = ROWS + "parts = ds.train_test_split()\n"
    assert kinds(split + "parts[...]") == {"a": "string", "b": "number"}
    assert not evaluate(split + "parts['train'] = ds.remove_columns('a')\nparts[...]").known


SPAN = Span("train.py", 0, 1)


def _method(receiver: Value, number: int) -> Value:
    return Known(Instance(number, ".shuffle", SPAN, Call(".shuffle", SPAN, SPAN), receiver))


def test_a_long_chain_ends(tmp_path: Path) -> None:
    value: Value = Known(
        Instance(0, "datasets.Dataset.from_list", SPAN, Call("datasets.Dataset.from_list", SPAN, SPAN))
    )
    for number in range(1_500):
        value = _method(value, number)
    assert understand(value, tmp_path, env={}).container == "Dataset"
    for number in range(50_000):
        value = _method(value, number)
    assert understand(value, tmp_path, env={}).reason == "the chain of calls is too long"


def test_a_chain_of_branches_is_walked_once(tmp_path: Path) -> None:
    value: Value = Known(Instance(0, "datasets.load_dataset", SPAN, Call("datasets.load_dataset", SPAN, SPAN)))
    for number in range(200):
        made = _method(value, number)
        assert isinstance(made, Known)
        assert isinstance(value, (Known, OneOf))
        value = OneOf((Option(made), Option(Unknown("else")))) if number % 3 == 0 else made
    assert not understand(value, tmp_path, env={}).known
