"""A unified diff of what fixes change, which `patch` and `git apply -p0` accept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from trl_lint.report.text import Style, escape
from trl_lint.sources.document import Document

_COLOURS = {"+": (32,), "-": (31,), "@": (36,)}


def diff(document: Document, after: bytes, style: Style, terminal: bool) -> Iterator[str]:
    """The lines of the diff, without their ends. On a terminal control characters are written out."""
    old, new = (raw.decode(document.encoding, "replace") for raw in (document.raw, after))
    path = document.source.path
    lines = difflib.unified_diff(_lines(old), _lines(new), path, path, lineterm="")
    for number, line in enumerate(lines):
        text = line.removesuffix("\n")
        shown = escape(text.replace("\t", "\v")).replace("\\x0b", "\t") if terminal else text
        yield style.paint(shown, 1) if number < 2 else style.paint(shown, *_COLOURS.get(line[0], ()))
        if number >= 2 and line[0] in "+- " and not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    """The lines with their ends; only `\\n` ends one, as for `patch`."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
