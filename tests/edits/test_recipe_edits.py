"""Edits on recipes: comments, quotes and layout stay."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.edits.apply import splice, with_newlines
from trl_lint.edits.recipe import add_key, remove_key, rename_key, replace_value
from trl_lint.model.finding import Edit
from trl_lint.model.run import Setting
from trl_lint.model.source import Kind, Source
from trl_lint.recipes.recipe import read_recipe

HEAD = "model_name_or_path: m\ndataset_name: d\n"


def edited(text: str, name: str, build: Callable[[Source, Setting], Edit], kind: Kind = Kind.YAML) -> str:
    source = Source("r", kind, text)
    recipe = read_recipe(source)
    assert recipe is not None
    return splice(text, [with_newlines(text, build(source, recipe.settings[name]))])


def removed(text: str, name: str = "a", kind: Kind = Kind.YAML) -> str:
    return edited(text, name, remove_key, kind)


def added(text: str, name: str = "a", kind: Kind = Kind.YAML) -> str:
    return edited(text, name, lambda source, setting: add_key(source, setting, "new", "false"), kind)


@pytest.mark.parametrize(
    ("tail", "without", "more"),
    [
        ("a: 1\nb: 2\n", "b: 2\n", "a: 1\nnew: false\nb: 2\n"),
        ("a: 1  # one\nb: 2\n", "b: 2\n", "a: 1  # one\nnew: false\nb: 2\n"),
        ("# above\na: 1\n\n# below\n", "# above\n\n# below\n", "# above\na: 1\nnew: false\n\n# below\n"),
        ("b: 2\na: 1", "b: 2\n", "b: 2\na: 1\nnew: false"),
        ("a:\nb: 2\n", "b: 2\n", "a:\nnew: false\nb: 2\n"),
        ("a:  # nothing\n\nb: 2\n", "\nb: 2\n", "a:  # nothing\nnew: false\n\nb: 2\n"),
        (
            "a:\n  - x\n  # in\n  - y\n# out\nb: 2\n",
            "# out\nb: 2\n",
            "a:\n  - x\n  # in\n  - y\nnew: false\n# out\nb: 2\n",
        ),
        ("a: {x: 1,\n  y: 2} # c\nb: 2\n", "b: 2\n", "a: {x: 1,\n  y: 2} # c\nnew: false\nb: 2\n"),
        ("a: |\n  text\n\nb: 2\n", "\nb: 2\n", "a: |\n  text\n\nnew: false\nb: 2\n"),
        ("a: |+\n  text\n\n", "\n", "a: |+\n  text\n\nnew: false\n"),
        ("a: >-\n  text", "", "new: false\na: >-\n  text"),
        ("'a': \"x y\"\r\nb: 2\r\n", "b: 2\r\n", None),
    ],
)
def test_block_keys_are_removed_and_added(tail: str, without: str, more: str | None) -> None:
    head = HEAD.replace("\n", "\r\n") if "\r" in tail else HEAD
    assert removed(head + tail) == head + without
    expected = head + (more or "'a': \"x y\"\r\nnew: false\r\nb: 2\r\n")
    assert added(head + tail) == expected
    assert yaml.safe_load(expected) == {**yaml.safe_load(head + tail), "new": False}


def test_flow_recipes_and_json() -> None:
    flow = "{model_name_or_path: m, dataset_name: d, a: 1, b: 2}"
    assert removed(flow) == "{model_name_or_path: m, dataset_name: d, b: 2}"
    assert added(flow) == "{model_name_or_path: m, dataset_name: d, a: 1, new: false, b: 2}"
    text = json.dumps({"model_name_or_path": "m", "dataset_name": "d", "a": [1]}, indent=2)
    assert json.loads(removed(text, kind=Kind.JSON)) == {"model_name_or_path": "m", "dataset_name": "d"}
    assert removed(text, kind=Kind.JSON).endswith('"d"\n}')
    assert added(text, kind=Kind.JSON).endswith('  ],\n  "new": false\n}')
    assert removed(text, "model_name_or_path", Kind.JSON).startswith('{\n  "dataset_name"')
    assert added(text, "dataset_name", Kind.JSON).count('"d",\n  "new": false,\n  "a"') == 1


@pytest.mark.parametrize(
    ("line", "renamed", "replaced"),
    [
        ("a: 1 # c", "new: 1 # c", "a: false # c"),
        ("\"a\" : 'x'", "\"new\" : 'x'", '"a" : false'),
        ("a:", "new:", "a: false"),
        ("a: # c", "new: # c", "a: false # c"),
        ("a: &x 1\nc: *x", "new: &x 1\nc: *x", "a: &x false\nc: *x"),
        ("a: &x 1", "new: &x 1", "a: false"),
        ("a: !!float 1e-5", "new: !!float 1e-5", "a: false"),
        ("a: |\n  x\nc: 1", "new: |\n  x\nc: 1", "a: false\nc: 1"),
        ("a:\n  x: 1\nc: 1", "new:\n  x: 1\nc: 1", "a:\n  false\nc: 1"),
    ],
)
def test_keys_are_renamed_and_values_replaced(line: str, renamed: str, replaced: str) -> None:
    text = HEAD + line + "\nlast: 1\n"
    assert edited(text, "a", lambda s, x: rename_key(s, x, "new")) == HEAD + renamed + "\nlast: 1\n"
    assert edited(text, "a", lambda s, x: replace_value(s, x, "false")) == HEAD + replaced + "\nlast: 1\n"


def test_what_is_used_elsewhere_is_not_removed() -> None:
    with pytest.raises(ValueError, match="used elsewhere"):
        removed(HEAD + "a: &x [1]\nb: *x\n")
    assert removed(HEAD + "a: &x [1, *y]\n".replace(", *y", "")) == HEAD


def test_a_merged_key_is_edited_where_it_stands() -> None:
    text = HEAD + "base: &b\n  a: 1\n  c: 2\n<<: *b\n"
    assert removed(text) == text.replace("  a: 1\n", "")
    with pytest.raises(ValueError, match="by itself"):
        removed(HEAD + "base: &b\n  a: 1\n<<: *b\n")


LINES = st.sampled_from(
    [
        "{0}: 1",
        "{0}: yes # c",
        "'{0}': 'x: y'",
        "{0}:",
        "# {0}",
        "",
        "{0}:\n  - 1\n  - {{x: 1}}",
        "{0}: |\n  text\n  # no comment",
        "{0}: [1, 2]",
        "{0}:\n  x: 1\n\n  y: 2 # y",
    ]
)


@given(st.lists(LINES, max_size=5), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.data())
def test_edits_change_one_key_only(lines: list[str], ended: bool, newline: str, data: st.DataObject) -> None:
    body = "\n".join(line.format(f"k{index}") for index, line in enumerate(lines))
    text = (HEAD + body + ("\n" if ended else "")).replace("\n", newline)
    before = yaml.safe_load(text)
    name = data.draw(st.sampled_from(sorted(before)))
    assert yaml.safe_load(added(text, name)) == {**before, "new": False}
    value = edited(text, name, lambda s, x: replace_value(s, x, "[3]"))
    assert yaml.safe_load(value) == {**before, name: [3]}
    renamed = edited(text, name, lambda s, x: rename_key(s, x, "other"))
    assert list(yaml.safe_load(renamed).values()) == list(before.values())
    rest = {key: item for key, item in before.items() if key != name}
    gone = yaml.safe_load(removed(text, name))
    assert gone == rest
    assert removed(text, name).count("#") <= text.count("#")
