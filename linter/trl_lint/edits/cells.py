"""Edits on a notebook's code, made in the JSON strings that hold it: only the touched strings change."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from trl_lint.lazy import regex
from trl_lint.model.finding import Edit
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.target import Problem
from trl_lint.sources.notebook import CodeCell, code_cells

# One match is one code point of the decoded string.
_TOKEN = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)
_ESCAPED = regex(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")


def patch_notebook(text: str, source: Source, edits: Sequence[Edit]) -> str:
    """The notebook's JSON `text` after ordered `edits` on the analysed text of `source`."""
    found = code_cells(text, source.path)
    if isinstance(found, Problem):
        raise ValueError(f"{source.path}: {found.message}")
    by_number = {cell.number: cell for cell in found[0]}
    groups: dict[int, list[Edit]] = {}
    for edit in edits:
        unit = source.unit_at(edit.span.start)
        if unit.cell not in by_number or edit.span.end > unit.end:
            raise ValueError(f"an edit of {source.path} leaves its cell")
        moved = Span(source.path, edit.span.start - unit.start, edit.span.end - unit.start)
        groups.setdefault(unit.cell, []).append(Edit(moved, edit.text))
    parts: list[str] = []
    done = 0
    for number, group in sorted(groups.items()):
        start, end, changed = _patch_cell(text, by_number[number], group)
        parts += (text[done:start], changed)
        done = end
    return "".join((*parts, text[done:]))


def _patch_cell(raw: str, cell: CodeCell, edits: list[Edit]) -> tuple[int, int, str]:
    """The range of `raw` that changes, and what it becomes."""
    pieces = cell.pieces
    if not pieces:
        raise ValueError(f"cell {cell.number} has no source")
    starts = [0, *accumulate(len(piece.text or "") for piece in pieces)]
    ascii_only = _writes_ascii(raw, cell)
    tokens: dict[int, list[str]] = {}
    for edit in reversed(edits):
        first = _piece_at(starts, edit.span.start)
        last = _piece_at(starts, max(edit.span.start, edit.span.end - 1))
        for index in range(first, last + 1):
            piece = tokens.setdefault(index, _tokens(raw[pieces[index].start + 1 : pieces[index].end - 1]))
            begin = max(0, edit.span.start - starts[index])
            stop = max(begin, min(edit.span.end, starts[index + 1]) - starts[index])
            piece[begin:stop] = _encoded(edit.text, ascii_only) if index == first else []
    first, last = min(tokens), max(tokens)
    for index in range(first, last + 1):
        tokens.setdefault(index, _tokens(raw[pieces[index].start + 1 : pieces[index].end - 1]))
    if not (cell.listed and _by_lines(cell)):
        bodies = ["".join(tokens[index]) for index in range(first, last + 1)]
    else:
        first, last, bodies = _lines(raw, cell, first, last, [t for i in range(first, last + 1) for t in tokens[i]])
    quoted = [f'"{body}"' for body in bodies]
    return pieces[first].start, pieces[last].end, _separator(raw, cell).join(quoted)


def _lines(raw: str, cell: CodeCell, first: int, last: int, tokens: list[str]) -> tuple[int, int, list[str]]:
    """The touched strings cut anew into one string a line; a neighbour is drawn in where a line runs into it."""

    def neighbour(index: int) -> list[str]:
        return _tokens(raw[cell.pieces[index].start + 1 : cell.pieces[index].end - 1])

    final = len(cell.pieces) - 1
    if last < final and (not tokens or tokens[-1] != "\\n"):
        last += 1
        tokens = tokens + neighbour(last)
    elif not tokens and first > 0:
        first -= 1
        tokens = neighbour(first)
    bodies: list[str] = []
    line: list[str] = []
    for token in tokens:
        line.append(token)
        if token == "\\n":
            bodies.append("".join(line))
            line = []
    if line or not bodies:
        bodies.append("".join(line))
    return first, last, bodies


def _by_lines(cell: CodeCell) -> bool:
    """Whether each string of the source is one line, as notebooks are written."""
    texts = [piece.text or "" for piece in cell.pieces]
    return all(text.endswith("\n") for text in texts[:-1]) and all("\n" not in text[:-1] for text in texts)


def _separator(raw: str, cell: CodeCell) -> str:
    if len(cell.pieces) > 1:
        return raw[cell.pieces[0].end : cell.pieces[1].start]
    before = raw[: cell.pieces[0].start]
    return "," + before[len(before.rstrip()) :]


def _writes_ascii(raw: str, cell: CodeCell) -> bool:
    """Whether characters beyond ASCII are escaped: as in this cell, else as in the file."""
    for text in (*(raw[piece.start : piece.end] for piece in cell.pieces), raw):
        if not text.isascii():
            return False
        if _ESCAPED.search(text):
            return True
    return False


def _encoded(text: str, ascii_only: bool) -> list[str]:
    return _tokens(json.dumps(text, ensure_ascii=ascii_only)[1:-1])


def _tokens(body: str) -> list[str]:
    return _TOKEN.findall(body)


def _piece_at(starts: list[int], offset: int) -> int:
    return min(bisect_right(starts, offset) - 1, len(starts) - 2)
