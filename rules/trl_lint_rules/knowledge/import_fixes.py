"""Edits on `from x import a, b`: one of the names from another module."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from itertools import pairwise

from trl_lint.api import Edit, Import, ModuleView, Span

_LINE_END = re.compile(r"\r\n|\r|\n")


def import_from(
    view: ModuleView, item: Import, home: str, new: str | None = None, others: Collection[str] = ()
) -> tuple[Edit, ...]:
    """The edits after which the name of `item` is imported from `home` (as `new`, bound to the name it has now), and
    with it `others` of the same statement.

    Empty where the statement is written in a way that is not edited: with comments inside, or not alone on its line.
    """
    source = view.module.source
    text = source.slice(item.statement)
    node = _parsed(text)
    indent = _indent(source.text, item.statement)
    if node is None or node.module is None or node.level or "#" in text or "\\" in text or indent is None:
        return ()
    names = {item.name.rpartition(".")[2], *others}
    moved = [alias for alias in node.names if alias.name in names]
    kept = [alias for alias in node.names if alias.name not in names]
    lines = [f"from {home} import {', '.join(_written(alias, new) for alias in moved)}"]
    if not kept:
        return (Edit(item.statement, lines[0]),)
    end = _LINE_END.search(source.text, item.statement.end)
    newline = end[0] if end is not None else "\n"
    edits = [*_without(source.path, item, text, node, moved)]
    at = item.statement.end
    return (*edits, Edit(Span(source.path, at, at), f"{newline}{indent}{lines[0]}")) if edits else ()


def _parsed(text: str) -> ast.ImportFrom | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    statement = tree.body[0] if len(tree.body) == 1 else None
    return statement if isinstance(statement, ast.ImportFrom) else None


def _indent(text: str, statement: Span) -> str | None:
    """The white space before a statement that is alone on its lines; None for any other."""
    start = max(text.rfind("\n", 0, statement.start), text.rfind("\r", 0, statement.start)) + 1
    before = text[start : statement.start]
    end = _LINE_END.search(text, statement.end)
    after = text[statement.end : end.start() if end is not None else len(text)]
    return before if not before.strip() and not after.split("#")[0].strip() else None


def _written(alias: ast.alias, new: str | None) -> str:
    name = new or alias.name
    bound = alias.asname or alias.name
    return name if bound == name else f"{name} as {bound}"


def _without(path: str, item: Import, text: str, node: ast.ImportFrom, moved: list[ast.alias]) -> list[Edit]:
    """The edits that take the names out of the list, with their commas."""
    offsets = [0, *(match.end() for match in _LINE_END.finditer(text))]
    spans = [
        (_at(offsets, text, a.lineno, a.col_offset), _at(offsets, text, a.end_lineno, a.end_col_offset))
        for a in node.names
    ]
    edits: list[Edit] = []
    base = item.statement.start
    for index, alias in enumerate(node.names):
        if alias in moved:
            last = all(later in moved for later in node.names[index:])
            start = spans[index - 1][1] if last and index else spans[index][0]
            end = spans[index][1] if last else spans[index + 1][0]
            edits.append(Edit(Span(path, base + start, base + end), ""))
    return edits if all(a.span.end <= b.span.start for a, b in pairwise(edits)) else []


def _at(starts: list[int], text: str, row: int | None, column: int | None) -> int:
    line = text[starts[(row or 1) - 1] :]
    return starts[(row or 1) - 1] + len(line.encode()[: column or 0].decode("utf-8", "ignore"))
