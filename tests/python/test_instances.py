"""Objects that a library made: their history, their parts, and who else may have changed them."""

from __future__ import annotations

import pytest

from trl_lint.model.value import Argument, Call, Instance, Known, OneOf, options

from .reading import Anything, calls, instance, only, plain, read, value

TOKENIZER = "from transformers import AutoTokenizer\nt = AutoTokenizer.from_pretrained('m')\n"


def passed(text: str) -> Instance:
    """The processing class of the one trainer."""
    return instance(_argument(only(TOKENIZER + text + "\nSFTTrainer(processing_class=t)", "SFTTrainer")).value)


def _argument(call: Call) -> Argument:
    found = call.keyword("processing_class")
    assert found is not None
    return found


def history(found: Instance) -> list[tuple[str, str, bool]]:
    """What was done to an object."""
    return [(m.kind, m.name, m.optional) for m in found.mutations]


def test_an_object_knows_its_call_and_its_name() -> None:
    found = passed("")
    assert found.callee == "transformers.AutoTokenizer.from_pretrained"
    assert found.call is not None
    assert plain(found.call.arguments[0].value) == "m"
    assert found.variable == "t"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("t.pad_token = t.eos_token", ("set", "pad_token", False)),
        ("setattr(t, 'pad_token', 'x')", ("set", "pad_token", False)),
        ("t.add_tokens(['x'])", ("call", "add_tokens", False)),
        ("if flag():\n    t.pad_token = 'x'", ("set", "pad_token", True)),
        ("if t.pad_token is None:\n    t.pad_token = 'x'", ("set", "pad_token", True)),
        ("for i in flag():\n    t.add_tokens([i])", ("call", "add_tokens", True)),
        ("def f(a):\n    a.pad_token = 'x'\nf(t)", ("set", "pad_token", False)),
        ("u = t\nu.pad_token = 'x'", ("set", "pad_token", False)),
        ("t.backend.normalizer = None", ("set", "backend.normalizer", False)),
        ("b = t.backend\nb.train(1)", ("call", "backend.train", False)),
        ("t['x'] = 1", ("set", "['x']", False)),
    ],
)
def test_changes_are_noted(change: str, expected: tuple[str, str, bool]) -> None:
    assert history(passed(change)) == [expected]


def test_unknown_code_may_change_an_object() -> None:
    assert [kind for kind, _, _ in history(passed("opaque(t)"))] == ["escape"]
    assert history(passed("SFTConfig(x=t)\nprint(t)")) == []


def test_a_snapshot_does_not_see_what_comes_later() -> None:
    module = read(TOKENIZER + "SFTTrainer(processing_class=t)\nt.pad_token = 'x'")
    (call,) = calls(module, "SFTTrainer")
    assert history(instance(_argument(call).value)) == []
    made = [i for i in module.instances if i.variable == "t"]
    assert [history(i) for i in made] == [[("set", "pad_token", False)]]


def test_reading_what_was_set() -> None:
    assert value(TOKENIZER + "t.pad_token = 'x'\nSFTConfig(x=t.pad_token)") == "x"
    found = value(TOKENIZER + "t.pad_token = 'x'\nt.add_tokens(['y'])\nSFTConfig(x=t.pad_token)")
    assert isinstance(found, Instance)
    assert found.callee == ".pad_token"


def test_parts_and_results_know_where_they_came_from() -> None:
    text = (
        "from unsloth import FastLanguageModel\n"
        "m, t = FastLanguageModel.from_pretrained('m')\nSFTTrainer(model=m, processing_class=t)"
    )
    (call,) = calls(read(text), "SFTTrainer")
    found = instance(_argument(call).value)
    assert (found.callee, found.variable) == ("[1]", "t")
    assert isinstance(found.receiver, Known)
    assert instance(found.receiver).callee == "unsloth.FastLanguageModel.from_pretrained"


def test_chains_of_methods() -> None:
    text = (
        "from datasets import load_dataset\n"
        "d = load_dataset('json')['train'].map(flag).select(range(3))\nSFTTrainer(x=d)"
    )
    (call,) = calls(read(text), "SFTTrainer")
    found = instance(call.arguments[0].value)
    names = []
    while True:
        names.append(found.callee)
        if found.receiver is None:
            break
        found = instance(found.receiver)
    assert names == [".select", ".map", "['train']", "datasets.load_dataset"]


def test_the_same_part_is_the_same_object() -> None:
    text = (
        "from transformers import AutoProcessor\np = AutoProcessor.from_pretrained('m')\n"
        "p.tokenizer.pad_token = 'x'\nSFTTrainer(processing_class=p.tokenizer, x=p)"
    )
    (call,) = calls(read(text), "SFTTrainer")
    assert history(instance(_argument(call).value)) == [("set", "pad_token", False)]
    whole = call.keyword("x")
    assert whole is not None
    assert history(instance(whole.value)) == [("set", "tokenizer.pad_token", False)]


def test_either_of_two_objects() -> None:
    text = (
        TOKENIZER
        + "if flag():\n    t = AutoTokenizer.from_pretrained('n')\nt.pad_token = 'x'\nSFTTrainer(processing_class=t)"
    )
    (call,) = calls(read(text), "SFTTrainer")
    found = _argument(call).value
    assert isinstance(found, OneOf)
    both = [instance(option.value) for option in options(found)]
    assert [[mutation.optional for mutation in each.mutations] for each in both] == [[True], [True]]


def test_the_variable_is_one_that_can_be_used_at_the_place() -> None:
    text = (
        "def load():\n    tok = AutoTokenizer.from_pretrained('m')\n    return tok\n"
        "def main():\n    mine = load()\n    SFTTrainer(processing_class=mine)\nmain()"
    )
    (call,) = calls(read(TOKENIZER + text), "SFTTrainer")
    assert instance(_argument(call).value).variable == "mine"
    (call,) = calls(read(TOKENIZER + "u = t\ndel t\ndef f(q):\n    SFTTrainer(processing_class=q)\nf(u)"), "SFTTrainer")
    assert instance(_argument(call).value).variable == "q"
    (call,) = calls(
        read(TOKENIZER + "class A: pass\na = A()\na.t = t\nt = None\nSFTTrainer(processing_class=a.t)"), "SFTTrainer"
    )
    assert instance(_argument(call).value).variable is None


def test_a_config_changed_after_it_was_made() -> None:
    (call,) = calls(read("c = SFTConfig(x=1)\nc.packing = True\nSFTTrainer(args=c)"), "SFTTrainer")
    found = instance(call.arguments[0].value)
    assert [(m.name, plain(m.value)) for m in found.mutations] == [("packing", True)]


def test_long_histories_and_chains_are_bounded() -> None:
    module = read(TOKENIZER + "t.add_tokens([1])\n" * 1_000 + "SFTTrainer(processing_class=t)")
    assert len(instance(_argument(calls(module, "SFTTrainer")[0]).value).mutations) < 200
    module = read(TOKENIZER + "t = t.copy(t, t)\n" * 1_000 + "SFTTrainer(processing_class=t)")
    assert len(repr(calls(module, "SFTTrainer")[0])) < 50_000_000


def test_what_a_parser_gives_is_unknown_and_may_be_changed() -> None:
    text = (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n')\n"
        "a = p.parse_args()\na.n = 3\nSFTConfig(x=a.n, y=a.m, z=vars(a))"
    )
    found = {argument.name: plain(argument.value) for argument in only(text).arguments}
    assert found["x"] == 3
    assert found["y"] == Anything("the command-line argument `--m`")
    assert found["z"] == {"n": 3}


def test_objects_of_a_function_keep_their_name_at_the_end() -> None:
    text = (
        "def main():\n    tok = AutoTokenizer.from_pretrained('n')\n"
        "    if flag():\n        u = AutoTokenizer.from_pretrained('o')\n"
    )
    module = read(TOKENIZER + text + "try:\n    main()\nexcept Exception:\n    pass")
    assert [found.variable for found in module.instances] == ["t", "tok", None]
