"""A TOML file as data, and the lines of its keys (the standard library's reader forgets them)."""

from __future__ import annotations

import re
import sys
from typing import Any

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.lazy import regex

_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = regex(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?")
_ASSIGNMENT = regex(rf"\s*({_DOTTED})\s*=")
_POSITION = regex(r"\(at line (\d+), column \d+\)")


def parse(text: str, path: str) -> dict[str, Any]:
    """The file's data. Raises ConfigurationError, with the line, where it is no TOML."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # a plain ValueError: an integer of thousands of digits
        message = str(problem) or "nested too deeply"
        found = _POSITION.search(message)
        line = int(found.group(1)) if found else text.count("\n") + 1 if "end of document" in message else 1
        message = _POSITION.sub("", message).strip()
        raise ConfigurationError(path, line, f"not valid TOML: {message}") from None
    return data


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The 1-based line on which each table and key of a TOML text begins, by dotted path; the first one counts.

    Multi-line strings are not understood: a line in one may count as a key. Good for messages, not for edits.
    """
    table: tuple[str, ...] = ()
    lines: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _HEADER.match(line):
            table = _parts(found.group(1))
            lines.setdefault(table, number)
        elif found := _ASSIGNMENT.match(line):
            lines.setdefault((*table, *_parts(found.group(1))), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
