"""Recipes: settings with their places, and what is said of bad ones."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trl_lint.model.run import Origin
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Items, Known, OneOf, Table, Unknown
from trl_lint.recipes.recipe import Recipe, read_recipe

HEAD = "model_name_or_path: Qwen/Qwen3.5-4B-Base\ndataset_name: data\n"


def read(text: str, kind: Kind = Kind.YAML) -> Recipe:
    recipe = read_recipe(Source("r.yaml", kind, text))
    assert recipe is not None
    return recipe


def plain_value(value: Any) -> Any:
    """A value of the model as Python data; `...` where it is unknown."""
    if isinstance(value, Unknown):
        return ...
    inner = value.value
    if isinstance(inner, Items):
        return [plain_value(item) for item in inner.items]
    if isinstance(inner, Table):
        return {entry.key: plain_value(entry.value) for entry in inner.entries}
    return inner


def settings(text: str, kind: Kind = Kind.YAML) -> dict[str, Any]:
    return {name: plain_value(setting.value) for name, setting in read(text, kind).settings.items()}


TEXT = """\
# A recipe
model_name_or_path: Qwen/Qwen3.5-4B-Base  # the model
dataset_name: data
assistant_only_loss: yes
learning_rate: 1e-5
weight_decay: 1.0e-5
seed: 010
empty:
gradient_checkpointing_kwargs: {use_reentrant: off}
lora_target_modules:
  - q_proj
  - 'k_proj'
  # not this one
chat_template: |
  {% for m in messages %}
  {{ m }}{% endfor %}

output_dir: out/{{ run }}
run_name: ${NAME}
last: "a\\tb"
"""


def test_values_are_those_of_pyyaml() -> None:
    found = settings(TEXT)
    expected = yaml.safe_load(TEXT)
    assert found.pop("output_dir") is ...
    assert found.pop("run_name") is ...
    del expected["output_dir"], expected["run_name"]
    assert found == expected
    assert found["assistant_only_loss"] is True
    assert found["learning_rate"] == "1e-5"
    assert found["seed"] == 8


def test_places_of_keys_and_values() -> None:
    recipe = read(TEXT)
    written = {
        name: (recipe.source.slice(s.span), recipe.source.slice(s.value_span)) for name, s in recipe.settings.items()
    }
    assert written["model_name_or_path"] == ("model_name_or_path: Qwen/Qwen3.5-4B-Base", "Qwen/Qwen3.5-4B-Base")
    assert written["empty"] == ("empty:", "")
    assert written["gradient_checkpointing_kwargs"][1] == "{use_reentrant: off}"
    assert written["lora_target_modules"][1] == "- q_proj\n  - 'k_proj'"
    assert written["chat_template"][1] == "|\n  {% for m in messages %}\n  {{ m }}{% endfor %}"
    assert recipe.settings["seed"].origin is Origin.YAML
    assert recipe.source.place(recipe.settings["seed"].span).row == 7
    assert recipe.problems == ()


def test_json_of_the_same_shape() -> None:
    data = {
        "model_name_or_path": "m",
        "dataset_name": "d",
        "packing": True,
        "learning_rate": 1e-5,
        "kw": {"a": [1, None]},
    }
    text = json.dumps(data, indent=2)
    assert settings(text, Kind.JSON) == data
    assert settings(text) == {**data, "learning_rate": "1e-05"}  # `--config x.json` is read as YAML
    recipe = read(text, Kind.JSON)
    assert recipe.source.slice(recipe.settings["packing"].span) == '"packing": true'


def test_aliases_and_merge_keys() -> None:
    text = HEAD + "base: &b {beta: 0.1, seed: 1}\n<<: *b\nseed: 2\ncopy: *b\nboth:\n  <<: [*b, {x: 4}]\n"
    assert settings(text) == yaml.safe_load(text)


def test_a_key_of_several_merged_bases_is_any_of_them() -> None:
    text = HEAD + "base: &b {beta: 0.1, seed: 1}\n<<: [*b, {seed: 3, beta: 0.1}]\n"
    found = read(text).settings
    options = found["seed"].value
    assert isinstance(options, OneOf)
    assert [option.value for option in options.options] == [Known(1), Known(3)]
    assert yaml.safe_load(text)["seed"] in (1, 3)  # PyYAML up to 6.0.3, and from 6.0.4 on
    assert found["beta"].value == Known(0.1)


@pytest.mark.parametrize(
    "text", ["a: *nothing\n", "a: &x 1\nb: &x 2\n", "a:\tb\n", "a: [1\n", "a: b: c\n", "a: \x07\n", "- 1\n", "a: 'x\n"]
)
def test_what_pyyaml_refuses_is_a_problem(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(HEAD + text)
    (found,) = read(HEAD + text).problems
    assert found.severity == "error"
    assert found.place.row >= 3 or "\x07" in text
    assert found.place.path == "r.yaml"


def test_repeated_keys_name_both_rows() -> None:
    recipe = read(HEAD + "seed: 1\nkw:\n  a: 1\n  a: 2\nseed: 3\n")
    assert plain_value(recipe.settings["seed"].value) == 3
    assert recipe.source.place(recipe.settings["seed"].span).row == 7
    assert recipe.problems == ()
    assert {(recipe.source.place(span).row, message) for span, message in recipe.repeated} == {
        (7, "the key `seed` stands in row 3 already; the last one counts"),
        (6, "the key `a` stands in row 5 already; the last one counts"),
    }
    assert len(read('{"model_name_or_path": 1, "dataset_name": 2, "seed": 1, "seed": 2}', Kind.JSON).repeated) == 1


def test_a_second_document_is_not_read() -> None:
    recipe = read(HEAD + "---\nseed: 1\n")
    assert set(recipe.settings) == {"model_name_or_path", "dataset_name"}
    assert recipe.problems[0].place.row == 3


def test_a_key_that_is_no_text() -> None:
    (found,) = read(HEAD + "on: 1\n").problems
    assert "`on`" in found.message


def test_tags_of_python_are_unknown() -> None:
    found = settings(
        HEAD + "a: !!python/object/apply:os.system [ls]\nb: !!python/name:os.system\nc: !!float 1e-5\nd: !mine x\n"
    )
    assert (found["a"], found["b"], found["c"], found["d"]) == (..., ..., 1e-5, ...)


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace("data\n", "{% if x %}data{% endif %}\n") + "{% for k in ks %}\n{{ k }}\n{% endfor %}\n",
        HEAD + "{{ rest }}\n",
    ],
)
def test_a_template_of_a_recipe_is_none(text: str) -> None:
    assert read_recipe(Source("r", Kind.YAML, text)) is None


def test_a_placeholder_is_unknown() -> None:
    assert settings(HEAD + "seed: {{ seed }}\nlr: '{{ lr }}'\n") == {**yaml.safe_load(HEAD), "seed": ..., "lr": ...}


def test_aliases_that_multiply_end() -> None:
    laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        laughs += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    found = read(HEAD + laughs + "k: {<<: [*a]}\nloop: &l [*l]\n")
    assert found.settings["model_name_or_path"].value == Known("Qwen/Qwen3.5-4B-Base")
    chain = "".join(f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 9)}]}}\n" for i in range(1, 12))
    assert read(HEAD + "m0: &m0 {x: 1}\n" + chain).settings


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 50_000,
        "a: " + "{" * 1_000 + "}" * 1_000,
        "a: " + "- " * 20_000,
        "? " * 5_000,
        "".join(f"{' ' * i}a:\n" for i in range(400)),
        "a: -_\n",
        "a: 2020-99-99\n",
        "a: " + "x: " * 20_000,
        "&a " * 20_000,
        "a: |\n" + "  \n" * 50_000,
        "a: '" + "x\n " * 20_000 + "'",
        "a: !<" + "x" * 50_000,
        "%YAML 9.9\n---\n",
        "a: [" + "[], " * 80_000 + "]",
        "? a\n" * 60_000,
        "x" * 2_000_000,
        "a: \ud800\n",
    ],
)
def test_hostile_files_end(text: str) -> None:
    recipe = read_recipe(Source("r", Kind.YAML, HEAD + text))
    assert recipe is not None or "{{" in text
    assert read('{"model_name_or_path": 1, "dataset_name": ' + text, Kind.JSON).problems


@given(st.text(alphabet="ab: \n-[]{},'\"#|>&*!%?~1\t<", max_size=40))
def test_any_yaml_is_read_as_pyyaml_reads_it(tail: str) -> None:
    text = HEAD + tail
    try:
        expected = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError):
        read_recipe(Source("r", Kind.YAML, text))
        return
    recipe = read_recipe(Source("r", Kind.YAML, text))
    if recipe is None or any(p.severity == "error" for p in recipe.problems):
        return  # ruamel.yaml refuses a little more than PyYAML
    for name, setting in recipe.settings.items():
        found = plain_value(setting.value)
        assert found is ... or found == expected[name] or (isinstance(found, float) and math.isnan(found))
    assert set(recipe.settings) == {key for key in expected if isinstance(key, str)}


@given(st.text(max_size=80), st.sampled_from([Kind.YAML, Kind.JSON]))
def test_no_text_makes_it_raise(text: str, kind: Kind) -> None:
    read_recipe(Source("r", kind, text))
    assert read_recipe(Source("r", Kind.YAML, HEAD + text)) is None or text is not None
    read_recipe(Source("r", Kind.JSON, '{"model_name_or_path": "m", "dataset_name": "d", ' + text))
