"""Calls and arguments as the Python front end hands them over, made from a text's `ast`."""

from __future__ import annotations

import ast

from trl_lint.edits.apply import splice, with_newlines
from trl_lint.model.finding import Edit
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.model.value import Argument, Call, Unknown

PATH = "f.py"


def source_of(text: str) -> Source:
    return Source(PATH, Kind.PYTHON, text)


def span(source: Source, node: ast.expr | ast.keyword) -> Span:
    def offset(row: int, column: int) -> int:
        line = source.line_starts[row - 1]
        return line + len(source.text[line:].encode()[:column].decode())

    end_row, end_column = node.end_lineno or 0, node.end_col_offset or 0
    return Span(source.path, offset(node.lineno, node.col_offset), offset(end_row, end_column))


def call_of(source: Source, name: str = "f") -> Call:
    """The first call of `name`, with the entries of the dicts that are splatted in place."""
    tree = ast.parse(source.text)
    node = next(
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
    )
    dicts = {
        n.targets[0].id: n.value for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
    }
    arguments = [Argument(None, Unknown(""), span(source, a), span(source, a), "positional") for a in node.args]
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg is not None:
            arguments.append(Argument(keyword.arg, Unknown(""), span(source, keyword), span(source, value)))
            continue
        value = dicts.get(value.id, value) if isinstance(value, ast.Name) else value
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant):
                    whole = Span(source.path, span(source, key).start, span(source, item).end)
                    arguments.append(Argument(str(key.value), Unknown(""), whole, span(source, item), "splat"))
        elif isinstance(value, ast.Call):
            arguments += (
                Argument(inner.arg, Unknown(""), span(source, inner), span(source, inner.value), "splat")
                for inner in value.keywords
                if inner.arg is not None
            )
    return Call(name, span(source, node), span(source, node.func), tuple(arguments))


def after(source: Source, *edits: Edit) -> str:
    return splice(source.text, [with_newlines(source.text, edit) for edit in edits])
