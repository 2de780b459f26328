"""Fixtures, and symbolic values out of short scripts: just enough of a front end to write chains as people do."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trl_lint.datasets import understand
from trl_lint.model.data import DataSet
from trl_lint.model.span import Span
from trl_lint.model.value import (
    Argument,
    Call,
    Entry,
    Instance,
    Items,
    Known,
    Mutation,
    OneOf,
    Option,
    Symbol,
    Table,
    Unknown,
    Value,
)

NAMES = {
    "load_dataset": "datasets.load_dataset",
    "load_from_disk": "datasets.load_from_disk",
    "concatenate_datasets": "datasets.concatenate_datasets",
    "interleave_datasets": "datasets.interleave_datasets",
    "Dataset": "datasets.Dataset",
    "IterableDataset": "datasets.IterableDataset",
    "DatasetDict": "datasets.DatasetDict",
    "Image": "datasets.Image",
    "Sequence": "datasets.Sequence",
    "List": "datasets.List",
    "Features": "datasets.Features",
    "Text": "datasets.Value",
    "Split": "datasets.Split",
    "tokenize": "other.tokenize",
    "range": "range",
    "list": "list",
}


class Script:
    """Evaluates assignments from top to bottom; the last expression is the value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.env: dict[str, Value] = {}
        self.count = 0
        self.result: Value = Unknown("nothing")
        for statement in ast.parse(text).body:
            self.run(statement)

    def run(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            self.env[statement.targets[0].id] = self.value(statement.value)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
            target = statement.targets[0]
            name = f"[{ast.literal_eval(target.slice)!r}]"
            self.mutate(target.value, Mutation("set", name, self.value(statement.value), self.span(statement)))
        elif isinstance(statement, ast.FunctionDef):
            self.env[statement.name] = Known(Symbol(statement.name, local=True))
        elif isinstance(statement, ast.Expr):
            call = statement.value
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr.startswith("set_")
            ):
                made = self.call("." + call.func.attr, call)
                self.mutate(call.func.value, Mutation("call", call.func.attr, Unknown("?"), self.span(call), made))
            else:
                self.result = self.value(call)

    def mutate(self, target: ast.expr, mutation: Mutation) -> None:
        assert isinstance(target, ast.Name)
        found = self.env[target.id]
        assert isinstance(found, Known)
        assert isinstance(found.value, Instance)
        changed = replace(found.value, mutations=(*found.value.mutations, mutation))
        self.env[target.id] = Known(changed)

    def span(self, node: ast.AST) -> Span:
        lines = self.text.splitlines(keepends=True)

        def offset(row: int, column: int) -> int:
            return sum(map(len, lines[: row - 1])) + column

        return Span(
            "train.py",
            offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def call(self, callee: str, node: ast.Call) -> Call:
        arguments = [
            Argument(None, self.value(item), self.span(item), self.span(item), "positional") for item in node.args
        ]
        splat = None
        for word in node.keywords:
            if word.arg is None:
                splat = "`**options` is not known"
            else:
                arguments.append(Argument(word.arg, self.value(word.value), self.span(word), self.span(word.value)))
        return Call(callee, self.span(node), self.span(node.func), tuple(arguments), open=splat)

    def made(self, node: ast.expr, callee: str, call: Call | None, receiver: Value | None) -> Value:
        self.count += 1
        return Known(Instance(self.count, callee, self.span(node), call, receiver))

    def value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, type(...))
            return Known(node.value)
        if isinstance(node, (ast.List, ast.Tuple)):
            return Known(Items("list", tuple(map(self.value, node.elts))))
        if isinstance(node, ast.Dict):
            return Known(
                Table(
                    tuple(
                        Entry(ast.literal_eval(key), self.value(value), self.span(value))
                        for key, value in zip(node.keys, node.values, strict=True)
                        if key is not None
                    )
                )
            )
        if isinstance(node, ast.IfExp):
            return OneOf(tuple(Option(self.value(arm)) for arm in (node.body, node.orelse)))  # type: ignore[arg-type]
        if isinstance(node, ast.Name):
            dotted = NAMES.get(node.id)
            return self.env.get(node.id) or (Known(Symbol(dotted)) if dotted else Unknown(f"the name `{node.id}`"))
        if isinstance(node, ast.Call):
            return self.called(node)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            if isinstance(owner, Known) and isinstance(owner.value, Symbol):
                return Known(Symbol(f"{owner.value.name}.{node.attr}"))
            return self.made(node, f".{node.attr}", None, owner)
        if isinstance(node, ast.Subscript):
            return self.made(node, f"[{ast.unparse(node.slice)}]", None, self.value(node.value))
        return Unknown(f"a {type(node).__name__}")

    def called(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        found = function.value if isinstance(function, Known) else None
        if isinstance(found, Symbol):
            return self.made(node, found.name, self.call(found.name, node), None)
        if isinstance(found, Instance) and found.callee.startswith("."):
            return self.made(node, found.callee, self.call(found.callee, node), found.receiver)
        return Unknown("a call")


MESSAGES = [{"role": "user", "content": "one?"}, {"role": "assistant", "content": "alpha."}]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Iterable[Any]], Path]:
    """Writes rows as JSON Lines below the test's folder."""

    def write_rows(name: str, rows: Iterable[Any]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write_rows


@pytest.fixture
def project(tmp_path: Path, write: Callable[[str, Iterable[Any]], Path]) -> Path:
    """A folder with `data.jsonl`: three rows of `messages` and `id`."""
    write("data.jsonl", [{"messages": MESSAGES, "id": number} for number in range(3)])
    return tmp_path


@pytest.fixture
def parse() -> Callable[[str], Value]:
    """The symbolic value of a script's last expression."""
    return lambda script: Script(script).result


@pytest.fixture
def evaluate(tmp_path: Path) -> Callable[[str], DataSet]:
    """The data set of a script's last expression, in a folder of its own and without any cache."""

    def evaluate_script(script: str) -> DataSet:
        value = Script(script).result
        return understand(value, tmp_path, text_of=lambda _: script, cwd=tmp_path, env={"HF_HOME": str(tmp_path)})

    return evaluate_script


@pytest.fixture
def kinds(evaluate: Callable[[str], DataSet]) -> Callable[[str], dict[str, str]]:
    """The columns, by kind, of the data set of a script's last expression."""

    def kinds_of_script(script: str) -> dict[str, str]:
        found = evaluate(script)
        assert found.columns is not None, found.reason
        return {name: column.kind for name, column in found.columns.items()}

    return kinds_of_script
