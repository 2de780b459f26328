"""Reading manifests: bounded, decoded, and never raising."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trl_lint import disk
from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.paths import display_path

LARGEST = 50_000_000  # bytes of a lock file
LARGEST_PARSED = 4_000_000  # characters of what goes through a TOML, JSON or Python parser

_WORDS = (b"trl", b"transformers", b"unsloth")
_LINE = regex(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest's text, and how its path is shown."""

    path: Path
    text: str
    shown: str

    def place(self, row: int) -> Place:
        """The line at 1-based `row`."""
        return Place(self.shown, row)

    def row_at(self, offset: int) -> int:
        """1-based row of an offset."""
        return self.text.count("\n", 0, offset) + 1

    def row_of(self, pattern: str, after: int = 1) -> int:
        """1-based row of the first line from row `after` on that holds `pattern`, comments apart; else `after`."""
        search = re.compile(pattern).search
        for row, line in enumerate(self.text.split("\n"), 1):
            if row >= after and not line.lstrip().startswith("#") and search(line):
                return row
        return after


def read_document(path: Path, *, gate: bool = True) -> Document | Problem | None:
    """The text of `path`; None if, with `gate`, neither package is named in it."""
    try:
        data = disk.head(path, LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Problem(Place(display_path(path), 1), f"cannot be read: {reason}")
    if len(data) > LARGEST:
        return Problem(Place(display_path(path), 1), f"larger than {LARGEST // 1_000_000} MB: not read")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # PowerShell's `pip freeze > requirements.txt`
        data = data.decode("utf-16", "replace").encode()
    if gate and not names_package(data):
        return None
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return Document(path, text, display_path(path))


def names_package(data: bytes) -> bool:
    """Whether TRL, transformers or Unsloth can be named in these bytes at all."""
    low = data.lower()
    return any(word in low for word in _WORDS)


def too_large(document: Document) -> Problem | None:
    """The complaint about a document that no parser should see."""
    if len(document.text) <= LARGEST_PARSED:
        return None
    return Problem(document.place(1), f"larger than {LARGEST_PARSED // 1_000_000} MB: not parsed")


def parse_toml(text: str) -> Mapping[str, Any] | tuple[int, str]:
    """The top table, or the 1-based line and the message of what is wrong."""
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        table: Mapping[str, Any] = toml.loads(text)
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, ValueError) else "nested too deeply"
        line = _LINE.search(message)
        last = text.rstrip().count("\n") + 1 if "end of document" in message else 1
        return (int(line[1]) if line else last), message
    return table


def toml_table(document: Document) -> Mapping[str, Any] | Problem:
    """The top table of a TOML document, or the complaint about it."""
    large = too_large(document)
    if large is not None:
        return large
    found = parse_toml(document.text)
    if isinstance(found, tuple):
        return Problem(document.place(found[0]), f"not valid TOML: {found[1]}")
    return found


def mapping(value: object) -> Mapping[str, Any]:
    """`value` if it is a mapping, else an empty one: for walking data that may have any shape."""
    return value if isinstance(value, Mapping) else {}


def strings(value: object) -> list[str]:
    """The strings of a list, in order; nothing for anything else."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
