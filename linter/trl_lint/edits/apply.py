"""Edits on analysed text, applied to the bytes of the file: everything outside the edited ranges stays as it is."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from trl_lint.lazy import regex
from trl_lint.model.finding import Edit
from trl_lint.model.source import Kind
from trl_lint.model.span import Span
from trl_lint.sources.document import Document

_BARE_NEWLINE = regex(r"(?<!\r)\n")
_LINE_END = regex(r"\r\n|\r|\n")


def apply(document: Document, edits: Sequence[Edit]) -> bytes:
    """The file's bytes after `edits`.

    Line feeds in an edit become the line ends of the text around it. Raises ValueError where edits overlap or lie
    outside the text, where a replacement cannot be written in the file's encoding, and where the file's bytes do
    not follow from its text (a stateful encoding).
    """
    source = document.source
    ordered = _ordered(edits, source.path, len(source.text))
    if not ordered:
        return document.raw
    mark = codecs.BOM_UTF8 if document.bom else b""
    body = document.raw[len(mark) :]
    text = body.decode(document.encoding)
    if text.encode(document.encoding) != body:
        raise ValueError(f"{source.path} cannot be written back byte for byte as {document.encoding}")
    if source.kind is Kind.NOTEBOOK:
        from trl_lint.edits.cells import patch_notebook

        changed = patch_notebook(text, source, [with_newlines(source.text, edit) for edit in ordered])
    else:
        changed = splice(text, [with_newlines(text, edit) for edit in ordered])
    return mark + changed.encode(document.encoding)


def splice(text: str, edits: Sequence[Edit]) -> str:
    """`text` after edits that are in order and do not overlap."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*parts, text[done:]))


def with_newlines(text: str, edit: Edit) -> Edit:
    """`edit` with its line feeds written as the nearest line end in `text` is: the one after it, else the first."""
    if "\n" not in edit.text:
        return edit
    near = _LINE_END.search(text, edit.span.start) or _LINE_END.search(text)
    style = near[0] if near is not None else "\n"
    return Edit(edit.span, _BARE_NEWLINE.sub(lambda _: style, edit.text)) if style != "\n" else edit


def _ordered(edits: Sequence[Edit], path: str, length: int) -> list[Edit]:
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    last = Span(path, 0, 0)
    for edit in ordered:
        span = edit.span
        if span.path != path or not 0 <= span.start <= span.end <= length:
            raise ValueError(f"an edit lies outside {path}: {span}")
        if span.start < last.end:
            raise ValueError(f"edits of {path} overlap at {span.start}")
        last = span
    return ordered
