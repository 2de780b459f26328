"""Values that come out of a command line: what is its default may be something else, unless the words are known."""

from __future__ import annotations

import pytest

from trl_lint.model.value import Call

from .reading import Anything, Maybe, arguments, calls, instance, only, read, value

ARGPARSE = "import argparse\np = argparse.ArgumentParser()\n"
LR = "the command-line argument `--lr`"


def parsed(options: str, attribute: str, words: str = "") -> object:
    return value(f"{ARGPARSE}{options}\na = p.parse_args({words})\nSFTConfig(x=a.{attribute})")


@pytest.mark.parametrize(
    ("options", "attribute", "default"),
    [
        ("p.add_argument('--lr', type=float, default=1e-5)", "lr", 1e-5),
        ("p.add_argument('--lr', type=float, default='2e-5')", "lr", 2e-5),
        ("p.add_argument('--lr')", "lr", None),
        ("p.add_argument('--a-b', action='store_true')", "a_b", False),
        ("p.add_argument('--a', action='store_false', dest='b')", "b", True),
        ("p.add_argument('--a', action=argparse.BooleanOptionalAction, default=True)", "a", True),
        ("p.add_argument('--a', type=lambda s: s.lower() == 'yes', default='Yes')", "a", True),
        ("p.add_argument('--a', type=int, default=3)\np.set_defaults(a=4)", "a", 4),
        ("g = p.add_argument_group('g')\ng.add_argument('--a', default='t')", "a", "t"),
        ("g = p.add_mutually_exclusive_group()\ng.add_argument('-a', default=1)", "a", 1),
        ("s = p.add_subparsers(dest='c')\nq = s.add_parser('sft')\nq.add_argument('--a', default=1)", "a", 1),
    ],
)
def test_a_default_is_one_possibility(options: str, attribute: str, default: object) -> None:
    found = parsed(options, attribute)
    assert isinstance(found, Maybe)
    assert found[0] == default
    assert type(found[0]) is type(default)
    assert isinstance(found[1], Anything)


def test_what_has_to_be_given_is_unknown() -> None:
    assert parsed("p.add_argument('--lr', required=True)", "lr") == Anything(LR)
    assert isinstance(parsed("p.add_argument('name')", "name"), Anything)
    assert parsed("", "lr") == Anything(LR)


def test_choices_are_named_in_the_reason() -> None:
    found = parsed("p.add_argument('--k', choices=['a', 'b'], default='a')", "k")
    assert found == Maybe(("a", Anything("the command-line argument `--k` (one of a, b)")))


@pytest.mark.parametrize(
    ("options", "words", "attribute", "known"),
    [
        ("p.add_argument('--lr', type=float, default=1.0)", "['--lr', '2e-4']", "lr", 2e-4),
        ("p.add_argument('--lr', type=float, default=1.0)", "['--lr=2e-4']", "lr", 2e-4),
        ("p.add_argument('--lr', type=float, default=1.0)", "[]", "lr", 1.0),
        ("p.add_argument('--learning-rate', type=float)", "['--learn', '-1']", "learning_rate", -1.0),
        ("p.add_argument('--a', action='store_true')", "['--a']", "a", True),
        ("p.add_argument('--a', action=argparse.BooleanOptionalAction)", "['--a', '--no-a']", "a", False),
        ("p.add_argument('--a', nargs='+', type=int)", "['--a', '1', '2']", "a", [1, 2]),
        ("p.add_argument('--a', action='append')", "['--a', 'x', '--a', 'y']", "a", ["x", "y"]),
        ("p.add_argument('--a')", "['--a', '1', '--a', '2']", "a", "2"),
        ("p.add_argument('name')\np.add_argument('-v', action='count')", "['n', '-v', '-v']", "v", 2),
        ("p.add_argument('one')\np.add_argument('rest', nargs='*')", "['n', 'm', 'o']", "rest", ["m", "o"]),
    ],
)
def test_known_words_are_read_as_argparse_reads_them(options: str, words: str, attribute: str, known: object) -> None:
    assert parsed(options, attribute, words) == known


def test_words_that_are_not_known_leave_everything_open() -> None:
    options = "p.add_argument('--lr', default=1)"
    assert parsed(options, "lr", "[opaque()]") == Maybe((1, Anything(LR)))
    assert parsed(options, "lr", "opaque()") == Maybe((1, Anything(LR)))


def test_a_parser_that_other_code_fills_may_set_other_defaults() -> None:
    text = ARGPARSE + "p.add_argument('--lr', default=1)\nopaque(p)\na = p.parse_args([])\nSFTConfig(x=a.lr, y=a.more)"
    found = arguments(only(text))
    assert found == {"x": Maybe((1, Anything(LR))), "y": Anything("the command-line argument `--more`")}


def test_an_option_of_one_path_may_be_missing() -> None:
    options = "if flag:\n    p.add_argument('--lr', default=1)"
    assert parsed(options, "lr", "[]") == 1  # where it is missing, reading it ends the run
    made = only(f"{ARGPARSE}{options}\nSFTConfig(**vars(p.parse_args([])))")
    assert arguments(made) == {"lr?": 1}


COMMANDS = """
import argparse
def train(a):
    SFTConfig(x=a.lr, y=a.mode)
p = argparse.ArgumentParser()
p.add_argument('--seed', default=0)
s = p.add_subparsers(dest='mode')
q = s.add_parser('sft')
q.add_argument('--lr', type=float, default=1.0)
q.set_defaults(func=train)
r = s.add_parser('dpo')
r.add_argument('--lr', type=float, default=2.0)
r.set_defaults(func=lambda a: None)
a = p.parse_args(WORDS)
a.func(a)
"""


@pytest.mark.parametrize(
    ("words", "lr", "mode"),
    [
        ("['sft', '--lr', '3']", 3.0, "sft"),
        ("['--seed', '1', 'sft']", 1.0, "sft"),
        ("", Maybe((1.0, Anything(LR), 2.0)), Maybe(("sft", "dpo", Anything("which sub-command is called")))),
    ],
)
def test_sub_commands_call_their_functions(words: str, lr: object, mode: object) -> None:
    assert arguments(only(COMMANDS.replace("WORDS", words))) == {"x": lr, "y": mode}


def test_options_that_share_an_attribute() -> None:
    options = "p.add_argument('--a', action='store_true')\np.add_argument('--no-a', action='store_false', dest='a')"
    assert parsed(options, "a", "['--a']") is True
    assert parsed(options, "a", "['--a', '--no-a']") is False
    assert parsed(options, "a", "[]") is False


def test_what_is_appended_to_a_default() -> None:
    assert parsed("p.add_argument('--a', action='append', default=[0])", "a", "['--a', '1']") == [0, "1"]
    assert parsed("p.add_argument('--a', action='append', nargs='+')", "a", "['--a', '1']") == [["1"]]
    assert parsed("p.add_argument('--a', nargs=1)", "a", "['--a', '1']") == ["1"]


def test_a_namespace_that_is_given_may_hold_anything() -> None:
    assert isinstance(parsed("n = opaque()\np.add_argument('--a', default=1)", "a", "[], namespace=n"), Anything)


def test_a_namespace_as_a_dict_is_the_namespace_itself() -> None:
    call = only(
        ARGPARSE
        + "p.add_argument('--a', default=1)\np.add_argument('--b', default=2)\nargs = p.parse_args([])\n"
        + "d = vars(args)\nd['a'] = 5\nb = d.pop('b')\nSFTConfig(x=args.a, y=b, **vars(args))"
    )
    assert arguments(call) == {"x": 5, "y": 2, "a": 5}


def test_the_line_of_an_option_is_kept_in_the_trail() -> None:
    module = read(ARGPARSE + "p.add_argument('--lr', default=1)\nargs = p.parse_args()\nSFTConfig(**vars(args))")
    argument = calls(module)[0].arguments[0]
    assert argument.via == "read"
    assert module.source.slice(argument.span) == "p.add_argument('--lr', default=1)"
    assert argument.value.trail[0].what == "the default of `--lr`"


DATACLASSES = """
from dataclasses import dataclass, field
from transformers import HfArgumentParser
from trl import TrlParser

@dataclass
class Base:
    name: str = "tiny"

@dataclass
class Mine(Base):
    lr: float = 1e-5
    packing: bool = False
    modules: list[str] = field(default_factory=lambda: ["q_proj"])

@dataclass
class Own(SFTConfig):
    max_length: int = field(default=512, metadata={"help": "tokens"})
"""


def config(text: str) -> Call:
    made = instance(only(DATACLASSES + text).arguments[0].value).call
    assert made is not None
    return made


def test_fields_of_the_project_have_their_defaults_unless_a_flag_is_passed() -> None:
    call = only(DATACLASSES + "mine, = HfArgumentParser(Mine).parse_args_into_dataclasses()\nSFTConfig(**vars(mine))")
    found = arguments(call)
    assert found["name"] == Maybe(("tiny", Anything("the command-line argument `--name`")))
    assert found["lr"] == Maybe((1e-5, Anything(LR)))
    assert found["modules"] == Maybe((["q_proj"], Anything("the command-line argument `--modules`")))


def test_a_parsed_config_is_known_by_its_class_and_open() -> None:
    made = config("mine, c = TrlParser((Mine, SFTConfig)).parse_args_and_config()\nSFTConfig(c=c)")
    assert (made.callee, made.arguments, made.parsed) == ("trl.SFTConfig", (), True)
    assert made.open == "the command line or a recipe may set more"


def test_a_parsed_config_of_the_project_has_the_defaults_of_its_own_fields() -> None:
    made = config("c = HfArgumentParser(Own).parse_args_into_dataclasses()[0]\nSFTConfig(c=c)")
    assert made.bases == ("trl.SFTConfig",)
    assert arguments(made) == {"max_length": Maybe((512, Anything("the command-line argument `--max_length`")))}
    assert made.arguments[0].via == "default"


def test_known_words_go_to_the_class_that_has_the_field() -> None:
    words = "['--lr', '2e-4', '--packing', '--modules', 'a', 'b', '--max_length', '64']"
    text = f"mine, c = HfArgumentParser((Mine, SFTConfig)).parse_args_into_dataclasses({words})\n"
    call = only(DATACLASSES + text + "SFTConfig(x=mine.lr, y=mine.packing, z=mine.modules, n=mine.name, c=c)")
    found = arguments(call)
    assert (found["x"], found["y"], found["z"], found["n"]) == (2e-4, True, ["a", "b"], "tiny")
    made = instance(call.arguments[-1].value).call
    assert made is not None
    assert (arguments(made), made.open) == ({"max_length": 64}, None)


def test_fields_of_a_library_are_unknown() -> None:
    text = "from trl import ModelConfig\nm, = TrlParser(ModelConfig).parse_args_and_config()\nSFTConfig(x=m.lora_r)"
    assert value(DATACLASSES + text) == Anything("`lora_r`, parsed by TrlParser")


CLICK = """
import click
@click.command()
@click.option("--lr", default=1e-5)
@click.option("--packing/--no-packing", default=False)
@click.option("--name", "-n", "label", required=True)
def main(lr, packing, label):
    SFTConfig(x=lr, y=packing, z=label)
"""


@pytest.mark.parametrize("end", ["", "main()", "if __name__ == '__main__':\n    main()"])
def test_click(end: str) -> None:
    assert arguments(only(CLICK + end)) == {
        "x": Maybe((1e-5, Anything(LR))),
        "y": Maybe((False, Anything("the command-line argument `--packing`"))),
        "z": Anything("the command-line argument `--name`"),
    }


@pytest.mark.parametrize(
    ("head", "end"),
    [("app = typer.Typer()\n@app.command()\n", "app()"), ("", "typer.run(main)")],
)
def test_typer(head: str, end: str) -> None:
    body = "def main(lr: float = 1e-5, p: bool = typer.Option(True), n: str = typer.Option(...)):\n"
    found = arguments(only(f"import typer\n{head}{body}    SFTConfig(x=lr, y=p, z=n)\n{end}"))
    assert found["x"] == Maybe((1e-5, Anything(LR)))
    assert found["y"] == Maybe((True, Anything("the command-line argument `--p`")))
    assert isinstance(found["z"], Anything)


def test_pydantic_models_and_settings() -> None:
    text = """
        from pydantic import BaseModel, Field
        from pydantic_settings import BaseSettings
        class Train(BaseModel):
            lr: float = 1e-5
            modules: list = Field(default_factory=lambda: ["a"])
            name: str = Field("tiny")
        class Deployed(BaseSettings):
            name: str = "tiny"
        SFTConfig(x=Train().modules, y=Train(lr=2.0).lr, z=Deployed().name, **Train(lr=3.0).model_dump())
    """
    assert arguments(only(text)) == {
        "x": ["a"],
        "y": 2.0,
        "z": Maybe(("tiny", Anything("the environment variable `NAME`"))),
        "lr": 3.0,
        "modules": ["a"],
        "name": "tiny",
    }


def test_a_pydantic_model_with_validators_is_not_followed() -> None:
    text = """
        from pydantic import BaseModel, validator
        class Train(BaseModel):
            lr: float = 1e-5
            @validator("lr")
            def double(cls, v):
                return 2 * v
        SFTConfig(x=Train().lr)
    """
    assert isinstance(value(text), Anything)


def test_configurations_that_are_written_out_in_the_code() -> None:
    text = """
        import json
        import yaml
        from omegaconf import OmegaConf
        plain = yaml.safe_load("a: 1\\nb: {c: [1, 2]}")
        config = OmegaConf.merge(OmegaConf.create({"m": {"n": 4}}), {"m": {"o": 5}})
        SFTConfig(x=plain["b"]["c"], y=config.m.n, z=config["m"].o, **json.loads('{"k": true}'))
    """
    assert arguments(only(text)) == {"x": [1, 2], "y": 4, "z": 5, "k": True}


def test_what_the_command_line_of_omegaconf_gives_may_replace_everything() -> None:
    text = """
        from omegaconf import OmegaConf
        config = OmegaConf.merge(OmegaConf.create({"m": {"n": 4}}), OmegaConf.from_cli())
        SFTConfig(x=config.m.n)
    """
    assert value(text) == Maybe((4, Anything("the command line")))
