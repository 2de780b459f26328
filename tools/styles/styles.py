"""The same script in other styles: settings that come from a command line, a recipe, another file, an object."""

from __future__ import annotations

from collections.abc import Callable

from .program import Program, read

Files = dict[str, str]


def rewrite(text: str, style: str) -> Files:
    """The files of a script in a style, by name. `text` makes its config in one call, as `args = SFTConfig(...)`."""
    return STYLES[style](read(text))


def _kind(value: object) -> str:
    return type(value).__name__


def _is_plain(value: object) -> bool:
    return isinstance(value, (bool, int, float, str))


def _argument(name: str, value: object) -> str:
    """An `add_argument` with this default."""
    if isinstance(value, bool):
        return f'parser.add_argument("--{name}", action=argparse.BooleanOptionalAction, default={value})'
    if isinstance(value, (int, float, str)):
        return f'parser.add_argument("--{name}", type={_kind(value)}, default={value!r})'
    if isinstance(value, list):
        return f'parser.add_argument("--{name}", nargs="*", default={value!r})'
    return f'parser.add_argument("--{name}", default={value!r})'


def _with_options(program: Program, options: list[str], config: str) -> str:
    body = [
        "def parse():",
        "    parser = argparse.ArgumentParser()",
        *(f"    {line}" for line in options),
        "    return parser.parse_args()",
        "",
        "",
        "def main():",
        "    options = parse()",
        *program.indented(program.load("options.model_path")),
        f"    args = {program.config}({config})",
        *program.indented(program.train()),
    ]
    return program.script(["import argparse"], [*program.helpers, *body, "", "main()"])


def argparse_fields(program: Program) -> Files:
    """One option for each setting, handed on one by one."""
    options = ['parser.add_argument("--model_path", default="./model")']
    options += [_argument(name, value) for name, value in program.settings.items()]
    config = ", ".join(f"{name}=options.{name}" for name in program.settings)
    return {"train.py": _with_options(program, options, config)}


def argparse_vars(program: Program) -> Files:
    """One option for each setting, handed on as a dict."""
    options = ['parser.add_argument("--model_path", default="./model")']
    options += [_argument(name, value) for name, value in program.settings.items()]
    text = _with_options(program, options, "**settings")
    return {
        "train.py": text.replace(
            "    options = parse()\n",
            '    options = parse()\n    settings = vars(options).copy()\n    settings.pop("model_path")\n',
        )
    }


def _flag(name: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, list):
        return [f"--{name}", *map(str, value)] if value else []
    return [f"--{name}", f'"{value}"' if isinstance(value, str) else str(value)]


def argparse_shell(program: Program) -> Files:
    """Options without defaults, which a shell script gives; what no flag can say stays in the code."""
    passed = {name: value for name, value in program.settings.items() if _is_plain(value)}
    options = ['parser.add_argument("--model_path", required=True)']
    for name, value in passed.items():
        if isinstance(value, bool):
            options.append(f'parser.add_argument("--{name}", action=argparse.BooleanOptionalAction)')
        else:
            options.append(f'parser.add_argument("--{name}", type={_kind(value)}, required=True)')
    config = ", ".join(
        f"{name}=options.{name}" if name in passed else f"{name}={value!r}" for name, value in program.settings.items()
    )
    words = ["--model_path ./model", *(" ".join(_flag(name, value)) for name, value in passed.items())]
    shell = "#!/bin/bash\nset -e\npython train.py \\\n    " + " \\\n    ".join(words) + "\n"
    return {"train.py": _with_options(program, options, config), "run.sh": shell}


def _parsed(program: Program, classes: list[str], parse: str) -> str:
    name = "TrlParser" if "config" in parse else "HfArgumentParser"
    home = "trl" if name == "TrlParser" else "transformers"
    body = [
        "@dataclass",
        "class ScriptArguments:",
        '    model_path: str = field(default="./model", metadata={"help": "folder"})',
        "    rows: int = 6",
        "",
        *classes,
        "def main():",
        f"    parser = {name}((ScriptArguments, {'Config' if classes else program.config}))",
        f"    script_args, args = parser.{parse}()",
        *program.indented(program.load("script_args.model_path")),
        *program.indented(program.train()),
        "",
        'if __name__ == "__main__":',
        "    main()",
    ]
    return program.script(
        [f"from {home} import {name}", "from dataclasses import dataclass, field"], [*program.helpers, *body]
    )


def parser_defaults(program: Program) -> Files:
    """A config class of the project with its own defaults."""
    lines = ["@dataclass", f"class Config({program.config}):"]
    for name, value in program.settings.items():
        default = f"field(default_factory=lambda: {value!r})" if isinstance(value, (list, dict)) else repr(value)
        lines.append(f"    {name}: {_kind(value)} = {default}")
    return {"train.py": _parsed(program, [*lines, ""], "parse_args_into_dataclasses")}


def _yaml(value: object) -> str:
    import json

    if isinstance(value, float) and "e" in repr(value) and "." not in repr(value):
        return repr(value).replace("e", ".0e")
    return json.dumps(value)


def parser_recipe(program: Program) -> Files:
    """A recipe that a shell script names."""
    recipe = ["model_path: ./model", *(f"{name}: {_yaml(value)}" for name, value in program.settings.items())]
    return {
        "train.py": _parsed(program, [], "parse_args_and_config"),
        "recipe.yaml": "\n".join(recipe) + "\n",
        "run.sh": "accelerate launch --num_processes 1 train.py --config recipe.yaml\n",
    }


def parser_flags(program: Program) -> Files:
    """Flags of a shell script; what no flag can say stands in a recipe beside them."""
    passed = {name: value for name, value in program.settings.items() if _is_plain(value)}
    rest = {name: value for name, value in program.settings.items() if name not in passed}
    words = [
        f"--{name} {str(value) if not isinstance(value, str) else chr(34) + value + chr(34)}"
        for name, value in passed.items()
    ]
    if rest:
        words.append("--config rest.yaml")
    files = {
        "train.py": _parsed(program, [], "parse_args_and_config"),
        "run.sh": "#!/bin/bash\nMODEL=./model\npython train.py --model_path $MODEL " + " ".join(words) + "\n",
    }
    if rest:
        files["rest.yaml"] = "".join(f"{name}: {_yaml(value)}\n" for name, value in rest.items())
    return files


def config_module(program: Program) -> Files:
    """The config and the model's name in a module beside the script."""
    config = [f"from {program.home} import {program.config}", "", 'MODEL = "./model"', *program.make_config(), ""]
    body = [*program.helpers, *program.load("MODEL"), *program.train(), ""]
    return {
        "settings.py": "\n".join(config),
        "train.py": program.script(["from settings import MODEL, args"], body, without_config=True),
    }


def builder_module(program: Program) -> Files:
    """Functions of a package that build the parts."""
    build = program.script(
        [],
        [
            *program.helpers,
            "def build_args(**overrides):",
            f"    return {program.config}(**overrides)",
            "",
            "def build_trainer(path, args):",
            *program.indented(program.load("path")),
            *program.indented(program.train()[:-1]),
            "    return trainer",
            "",
        ],
    )
    values = ", ".join(f"{name!r}: {value!r}" for name, value in program.settings.items())
    train = [
        "from lib import training as t",
        "",
        f"SETTINGS = {{{values}}}",
        "",
        't.build_trainer("./model", t.build_args(**SETTINGS)).train()',
        "",
    ]
    return {"lib/__init__.py": "", "lib/training.py": build, "train.py": "\n".join(train)}


def class_methods(program: Program) -> Files:
    """An object that keeps its parts in attributes, and builds them in methods."""
    names = [name for name in ("model", "tokenizer", "processor", "dataset") if name in program.made]
    keep = [f"self.{name} = {name}" for name in names]
    use = [f"{name} = self.{name}" for name in names]
    body = [
        *program.helpers,
        "class Run:",
        '    def __init__(self, path="./model", **settings):',
        "        self.path = path",
        "        self.settings = settings",
        "        self.load()",
        "",
        "    def load(self):",
        *program.indented(program.load("self.path"), 8),
        *(f"        {line}" for line in keep),
        "",
        "    def config(self):",
        f"        return {program.config}(**self.settings)",
        "",
        "    def train(self):",
        "        args = self.config()",
        *(f"        {line}" for line in use),
        *program.indented(program.train(), 8),
        "",
        f"Run({', '.join(f'{name}={value!r}' for name, value in program.settings.items())}).train()",
    ]
    return {"train.py": program.script([], body)}


def click_command(program: Program) -> Files:
    """Options of a click command."""
    plain = {name: value for name, value in program.settings.items() if _is_plain(value)}
    rest = {name: value for name, value in program.settings.items() if name not in plain}
    options = ['@click.option("--model-path", default="./model")']
    for name, value in plain.items():
        if isinstance(value, bool):
            options.append(f'@click.option("--{name}/--no-{name}", {name!r}, default={value})')
        else:
            options.append(f'@click.option("--{name}", {name!r}, type={_kind(value)}, default={value!r})')
    parts = [*(f"{name}={name}" for name in plain), *(f"{name}={value!r}" for name, value in rest.items())]
    body = [
        *program.helpers,
        "@click.command()",
        *options,
        f"def main({', '.join(['model_path', *plain])}):",
        *program.indented(program.load("model_path")),
        f"    args = {program.config}({', '.join(parts)})",
        *program.indented(program.train()),
        "",
        'if __name__ == "__main__":',
        "    main()",
    ]
    return {"train.py": program.script(["import click"], body)}


def typer_command(program: Program) -> Files:
    """Parameters of a typer command."""
    plain = {name: value for name, value in program.settings.items() if _is_plain(value)}
    rest = {name: value for name, value in program.settings.items() if name not in plain}
    parameters = ['model_path: str = "./model"']
    for count, (name, value) in enumerate(plain.items()):
        default = f"typer.Option({value!r})" if count % 2 else repr(value)
        parameters.append(f"{name}: {_kind(value)} = {default}")
    parts = [*(f"{name}={name}" for name in plain), *(f"{name}={value!r}" for name, value in rest.items())]
    body = [
        *program.helpers,
        "app = typer.Typer()",
        "",
        "@app.command()",
        f"def main({', '.join(parameters)}):",
        *program.indented(program.load("model_path")),
        f"    args = {program.config}({', '.join(parts)})",
        *program.indented(program.train()),
        "",
        "app()",
    ]
    return {"train.py": program.script(["import typer"], body)}


def yaml_file(program: Program) -> Files:
    """A YAML file that the code reads."""
    lines = ["model:", "  path: ./model", "training:"]
    lines += [f"  {name}: {_yaml(value)}" for name, value in program.settings.items()]
    body = [
        *program.helpers,
        'with open("config.yaml") as file:',
        "    config = yaml.safe_load(file)",
        "",
        *program.load('config["model"]["path"]'),
        f'args = {program.config}(**config["training"])',
        *program.train(),
    ]
    return {"train.py": program.script(["import yaml"], body), "config.yaml": "\n".join(lines) + "\n"}


def hydra_config(program: Program) -> Files:
    """A config that Hydra puts together."""
    lines = ["model: ./model", "training:"]
    lines += [f"  {name}: {_yaml(value)}" for name, value in program.settings.items()]
    body = [
        *program.helpers,
        '@hydra.main(version_base=None, config_path="conf", config_name="train")',
        "def main(cfg):",
        *program.indented(program.load("cfg.model")),
        f"    args = {program.config}(**cfg.training)",
        *program.indented(program.train()),
        "",
        "main()",
    ]
    return {"train.py": program.script(["import hydra"], body), "conf/train.yaml": "\n".join(lines) + "\n"}


def settings_class(program: Program) -> Files:
    """A pydantic model with a field for each setting."""
    lines = ["class Settings(BaseModel):"]
    for name, value in program.settings.items():
        default = f"Field(default_factory=lambda: {value!r})" if isinstance(value, (list, dict)) else repr(value)
        lines.append(f"    {name}: {_kind(value)} = {default}")
    body = [
        *program.helpers,
        *lines,
        "",
        *program.load('"./model"'),
        "settings = Settings()",
        f"args = {program.config}(**settings.model_dump())",
        *program.train(),
    ]
    return {"train.py": program.script(["from pydantic import BaseModel, Field"], body)}


# Of every release: an attribute that a class does not know is set without a word, an argument is refused.
_OLD = ("seed", "max_steps", "logging_steps", "per_device_train_batch_size", "packing", "gradient_checkpointing")


def changed_afterwards(program: Program) -> Files:
    """A config that gets its settings after it was made: by assignment, `setattr` and `replace`."""
    later = {name: value for name, value in program.settings.items() if name in _OLD}
    first = {name: value for name, value in program.settings.items() if name not in _OLD}
    lines = [f"args = {program.config}({', '.join(f'{name}={value!r}' for name, value in first.items())})"]
    for count, (name, value) in enumerate(later.items()):
        lines.append(
            f"args.{name} = {value!r}"
            if count % 3 == 0
            else f"setattr(args, {name!r}, {value!r})"
            if count % 3 == 1
            else f"args = replace(args, {name}={value!r})"
        )
    body = [*program.helpers, *program.load('"./model"'), *lines, *program.train()]
    return {"train.py": program.script(["from dataclasses import replace"], body)}


def environment_defaults(program: Program) -> Files:
    """Values that environment variables may replace."""
    lines = []
    for name, value in program.settings.items():
        if isinstance(value, bool):
            text = f'os.environ.get("{name.upper()}", "{int(value)}") == "1"'
        elif isinstance(value, (int, float)):
            text = f'{_kind(value)}(os.environ.get("{name.upper()}", "{value}"))'
        elif isinstance(value, str):
            text = f'os.getenv("{name.upper()}", {value!r})'
        else:
            text = repr(value)
        lines.append(f"    {name}={text},")
    body = [
        *program.helpers,
        'BASE = os.environ.get("MODEL", "./model")',
        *program.load("BASE"),
        f"args = {program.config}(",
        *lines,
        ")",
        *program.train(),
    ]
    return {"train.py": program.script(["import os"], body)}


def with_unsloth(program: Program) -> Files:
    """Unsloth imported first, and the tokenizer under its old name. What was recorded is TRL's own, and most rules are
    silent here: of this style only the false alarms count."""
    body = [line.replace("processing_class=", "tokenizer=") for line in program.train()]
    lines = [*program.helpers, *program.load("'./model'"), *program.make_config(), *body]
    return {"train.py": program.script(["import unsloth"], lines)}


STYLES: dict[str, Callable[[Program], Files]] = {
    "argparse": argparse_fields,
    "argparse-vars": argparse_vars,
    "argparse-shell": argparse_shell,
    "parser-defaults": parser_defaults,
    "parser-recipe": parser_recipe,
    "parser-flags": parser_flags,
    "config-module": config_module,
    "builder-module": builder_module,
    "class": class_methods,
    "click": click_command,
    "typer": typer_command,
    "yaml": yaml_file,
    "hydra": hydra_config,
    "pydantic": settings_class,
    "changed": changed_afterwards,
    "environment": environment_defaults,
    "unsloth": with_unsloth,
}

# A subclass of a config has the fields that it names, whether the release knows them or not.
ANY_NAME = frozenset({"parser-defaults"})
