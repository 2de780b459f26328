"""Parsing the units of a source, each by itself, so that one broken notebook cell does not lose the others."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from functools import lru_cache

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.module import SyntaxProblem
from trl_lint.model.source import Source, Unit
from trl_lint.model.span import Span

_ASSIGNED = regex(
    r"^[ \t]*(?:(?:async[ \t]+)?def|class)?[ \t]*([A-Za-z_]\w*)[ \t]*(?:=(?!=)|:[^=\n]*=(?!=)|\(|:)", re.M
)
_TARGETS = regex(r"^[ \t]*([A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)+)[ \t]*=(?!=)", re.M)
_IMPORTED = regex(r"^[ \t]*(?:from[ \t]+\S+[ \t]+)?import[ \t]+(.+)$", re.M)
_NAME = regex(r"[A-Za-z_]\w*")
_LATER_SYNTAX = (
    ((3, 11), regex(r"^\s*except\s*\*")),
    ((3, 12), regex(r"^\s*(?:type\s+\w+\s*(?:\[.*\])?\s*=|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)")),
    ((3, 14), regex(r"(?:^|[\s(,=])[tT][rR]?[\"']|^\s*except\s+[A-Z]\w+\s*,\s*[A-Z]\w+\s*[,:]")),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One unit: its tree (with line numbers of the whole text), or the problem and the names it would assign."""

    unit: Unit
    tree: ast.Module | None = None
    problem: SyntaxProblem | None = None
    names: tuple[str, ...] = ()


@lru_cache(maxsize=2)  # a file may be looked at alone first, then with the project around it
def parse_units(source: Source) -> tuple[Parsed, ...]:
    """Every unit of `source`, in order."""
    return tuple(_parse(source, unit) for unit in source.units)


def _parse(source: Source, unit: Unit) -> Parsed:
    text = source.text[unit.start : unit.end]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are no business of this tool
            tree = ast.parse(text)
    except SyntaxError as error:
        return Parsed(unit, None, _problem(source, unit, text, error), _names(text))
    except (RecursionError, MemoryError):
        return _whole(source, unit, "nested too deeply to be parsed")
    except ValueError as error:  # null bytes, lone surrogates
        return _whole(source, unit, f"not parsable: {error}")
    first = source.line_index(unit.start)
    if first:
        ast.increment_lineno(tree, first)
    return Parsed(unit, tree)


def _whole(source: Source, unit: Unit, message: str) -> Parsed:
    return Parsed(unit, None, SyntaxProblem(Span(source.path, unit.start, unit.start), message))


def _problem(source: Source, unit: Unit, _text: str, error: SyntaxError) -> SyntaxProblem:
    first = source.line_index(unit.start)
    starts = source.line_starts
    line = first + max((error.lineno or 1) - 1, 0)
    line = min(line, len(starts) - 1)
    start = min(starts[line] + max((error.offset or 1) - 1, 0), unit.end)
    end = start
    if error.end_lineno == error.lineno and error.end_offset and error.offset:
        end = max(start, min(start + max(error.end_offset - error.offset, 0), unit.end))
    message = error.msg or "invalid syntax"
    return SyntaxProblem(Span(source.path, start, end), message, _may_be_newer(source.line_text(line), message))


def _may_be_newer(line: str, message: str) -> bool:
    """Whether a later Python than the one that runs may accept this line."""
    if message.startswith("f-string") and sys.version_info < (3, 12):
        return True
    return any(sys.version_info < since and pattern.search(line) for since, pattern in _LATER_SYNTAX)


def _names(text: str) -> tuple[str, ...]:
    """Names that an unparsable unit seems to bind."""
    found = {match.group(1): None for match in _ASSIGNED.finditer(text)}
    for match in _TARGETS.finditer(text):
        found.update(dict.fromkeys(_NAME.findall(match.group(1))))
    for match in _IMPORTED.finditer(text):
        for part in match.group(1).split(","):
            words = _NAME.findall(part)
            if words:
                found[words[-1] if " as " in part else words[0]] = None
    return tuple(found)
