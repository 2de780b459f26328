"""A script that makes its config in one call, taken apart."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """The parts of a script: imports, functions, what loads model and data, the config and its settings, and what
    makes the trainer and trains. `made` are the names that loading binds."""

    imports: list[str]
    helpers: list[str]
    loading: list[str]
    config: str
    settings: dict[str, object]
    training: list[str]
    made: frozenset[str]

    @property
    def home(self) -> str:
        """The package of the config class."""
        return "trl" if self.config == "SFTConfig" else "transformers"

    def load(self, model: str) -> list[str]:
        """What loads model and data, the model's path being this expression."""
        return [line.replace("'./model'", model) for line in self.loading]

    def make_config(self) -> list[str]:
        """The call that makes the config."""
        return [f"args = {self.config}(", *(f"    {name}={value!r}," for name, value in self.settings.items()), ")"]

    def train(self) -> list[str]:
        """What makes the trainer, and trains."""
        return list(self.training)

    def indented(self, lines: list[str], by: int = 4) -> list[str]:
        """Lines in a block."""
        return [" " * by + line if line else line for line in lines]

    def script(self, imports: list[str], body: list[str], without_config: bool = False) -> str:
        """A whole script."""
        own = [line.replace("SFTConfig, ", "") for line in self.imports] if without_config else self.imports
        return "\n".join([*imports, *own, "", *body]) + "\n"


def read(text: str) -> Program:
    """The parts of `text`. Raises ValueError where no `args = SomeConfig(...)` of literals stands in it."""
    tree = ast.parse(text)
    imports: list[str] = []
    helpers: list[str] = []
    loading: list[str] = []
    training: list[str] = []
    config, settings = "", {}
    for node in tree.body:
        lines = ast.unparse(node).splitlines()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports += lines
        elif isinstance(node, ast.FunctionDef):
            helpers += [*lines, ""]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "args":
            assert isinstance(node.value, ast.Call)
            config = ast.unparse(node.value.func)
            settings = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in node.value.keywords}
        else:
            (training if config else loading).extend(lines)
    if not config:
        raise ValueError("the script makes no config")
    made = frozenset(line.partition(" = ")[0] for line in loading if " = " in line)
    return Program(imports, helpers, loading, config, settings, training, made)
