"""What is to be checked, as it was at one moment: a text document of the client, or all cells of a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from lsprotocol import types

from trl_lint.dataclass import dataclass
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.paths import display_path
from trl_lint.server.positions import Lines
from trl_lint.sources.document import Document
from trl_lint.sources.read import from_text

# By language id, which also names JupyterLab's virtual documents (whose paths end in anything). Editors differ in some.
KINDS: Mapping[str, Kind] = {
    "python": Kind.PYTHON,
    "yaml": Kind.YAML,
    "json": Kind.JSON,
    "jsonc": Kind.JSON,
    "shellscript": Kind.SHELL,
    "sh": Kind.SHELL,
    "bash": Kind.SHELL,
    "makefile": Kind.MAKEFILE,
    "make": Kind.MAKEFILE,
    "dockerfile": Kind.DOCKERFILE,
}
NOTEBOOK_TYPES = ("jupyter-notebook", "interactive")


@dataclass(frozen=True)
class Text:
    """One text document of the client."""

    uri: str
    version: int | None
    language: str
    text: str


@dataclass(frozen=True)
class Snapshot:
    """A document to check. `path` is where it lies (or would, if it were saved); `encoding` that of the client.

    A notebook has one text for each cell, in order; everything else has one.
    """

    uri: str
    path: Path
    kind: Kind
    texts: tuple[Text, ...]
    encoding: str = "utf-16"

    @cached_property
    def shown(self) -> str:
        """Its path as people see it."""
        return display_path(self.path)

    @cached_property
    def document(self) -> Document:
        """It as the engine reads it."""
        if self.kind is not Kind.NOTEBOOK:
            return from_text(self.texts[0].text, self.shown, self.kind)
        cells = [
            {
                "cell_type": "code" if text.language == "python" else "markdown",
                "source": text.text,
            }
            for text in self.texts
        ]
        return from_text(json.dumps({"cells": cells}), self.shown, Kind.NOTEBOOK)

    @property
    def source(self) -> Source:
        """Its analysed source."""
        return self.document.source

    @cached_property
    def lines(self) -> Mapping[str, Lines]:
        """The lines of each text, by its URI."""
        return {text.uri: Lines(text.text, self.encoding) for text in self.texts}

    def locate(self, span: Span) -> tuple[Text, types.Range]:
        """The text that holds a span of the analysed source, and its range there."""
        text, begin = self._text_at(span.start)
        return text, self.lines[text.uri].range(span.start - begin, span.end - begin)

    def offset(self, uri: str, position: types.Position) -> int | None:
        """Where a position of one of its texts lies in the analysed source; None where that is not analysed."""
        begin = self._begins.get(uri)
        return None if begin is None else begin + self.lines[uri].offset(position)

    def span(self, uri: str, wanted: types.Range) -> Span | None:
        """A range of one of its texts in the analysed source."""
        start, end = self.offset(uri, wanted.start), self.offset(uri, wanted.end)
        return None if start is None or end is None else Span(self.source.path, start, end)

    @cached_property
    def _begins(self) -> Mapping[str, int]:
        """Where each analysed text begins in the analysed source."""
        if self.kind is not Kind.NOTEBOOK:
            return {self.texts[0].uri: -1 if self.document.bom else 0}
        return {self.texts[unit.cell - 1].uri: unit.start for unit in self.source.units if unit.cell is not None}

    def _text_at(self, offset: int) -> tuple[Text, int]:
        if self.kind is not Kind.NOTEBOOK:
            return self.texts[0], -1 if self.document.bom else 0
        unit = self.source.unit_at(offset)
        return self.texts[(unit.cell or 1) - 1], unit.start
