"""What a class takes when it is made: the parameters of `__init__`, in order, and the older names still taken."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from trl_lint_rules.facts.extract import values
from trl_lint_rules.facts.extract.configs import DEPRECATED, ancestors
from trl_lint_rules.facts.extract.tree import Tree


@dataclass(frozen=True)
class Signature:
    """Parameters of `__init__` without `self`. Record: `d` default, `t` annotation, `k` 1 keyword only,
    `x` 1 deprecated by a decorator, or the words of a warning. `open` says that further keywords are taken;
    `renamed` maps an older keyword name that a decorator still takes to today's."""

    parameters: dict[str, dict[str, values.Data]]
    open: bool = False
    renamed: dict[str, str] = field(default_factory=dict)


def signature(tree: Tree, module: str, node: ast.ClassDef) -> Signature | None:
    """The signature of a class; that of a base where it has no `__init__` of its own or hands everything on.

    None where the `__init__` stands in another package.
    """
    chain: list[tuple[str, ast.ClassDef | str]] = [(module, node), *ancestors(tree, module, node)]
    for _, entry in chain:
        if isinstance(entry, str):
            return None
        own = next((f for f in entry.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"), None)
        if own is not None and not _hands_on(own):
            return _of(own)
    return None


def _hands_on(function: ast.FunctionDef) -> bool:
    """`def __init__(self, *args, **kwargs)` that passes both to `super().__init__` unchanged."""
    arguments = function.args
    if len(arguments.args) != 1 or arguments.kwonlyargs or not (arguments.vararg and arguments.kwarg):
        return False
    wanted = f"super().__init__(*{arguments.vararg.arg}, **{arguments.kwarg.arg})"
    return any(isinstance(inner, ast.Call) and ast.unparse(inner) == wanted for inner in ast.walk(function))


def _of(function: ast.FunctionDef) -> Signature:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    parameters = {p.arg: _record(p, d) for p, d in list(zip(positional, defaults, strict=True))[1:]}
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters[parameter.arg] = {**_record(parameter, default), "k": 1}
    renamed: dict[str, str] = {}
    for decorator in function.decorator_list:
        _decorated(decorator, parameters, renamed)
    _warned(function.body, parameters)
    return Signature(parameters, arguments.kwarg is not None, renamed)


def _warned(body: list[ast.stmt], parameters: dict[str, dict[str, values.Data]]) -> None:
    """`if x is not None: warnings.warn("... is deprecated")` at the top of `__init__`: `x` is deprecated, in words."""
    for branch in body:
        test = branch.test if isinstance(branch, ast.If) else None
        if not (isinstance(branch, ast.If) and isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot)):
            continue
        name = ast.unparse(test.left)
        if name in parameters and ast.unparse(test) == f"{name} is not None":
            for words in values.warnings(branch.body):
                if DEPRECATED.search(words):
                    parameters[name]["x"] = values.sentence(words)


def _record(parameter: ast.arg, default: ast.expr | None) -> dict[str, values.Data]:
    record: dict[str, values.Data] = {"d": values.REQUIRED if default is None else values.literal(default)}
    if parameter.annotation is not None:
        record["t"] = values.annotation(parameter.annotation)
    return record


def _decorated(decorator: ast.expr, parameters: dict[str, dict[str, values.Data]], renamed: dict[str, str]) -> None:
    """Two decorators matter: `deprecate_kwarg` (transformers) takes an older name for a parameter in every release
    that carries it, whatever version it names; `_deprecate_arguments` (huggingface_hub) only warns."""
    if not isinstance(decorator, ast.Call):
        return
    name = ast.unparse(decorator.func).rpartition(".")[2]
    given = {keyword.arg: keyword.value for keyword in decorator.keywords}
    if name == "deprecate_kwarg":
        # In order: old_name, version, new_name.
        given |= dict(zip(("old_name", "version", "new_name"), decorator.args, strict=False))
        old = values.literal(given["old_name"])
        new = values.literal(given["new_name"]) if "new_name" in given else None
        if new is not None:
            renamed[old] = new
        elif old in parameters:
            parameters[old]["x"] = 1
    elif name == "_deprecate_arguments":
        for old in values.literal(given["deprecated_args"]):
            if old in parameters:
                parameters[old]["x"] = 1
