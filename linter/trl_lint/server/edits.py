"""Edits on analysed text as workspace edits of the protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from lsprotocol import types

from trl_lint.edits.apply import with_newlines
from trl_lint.model.finding import Edit
from trl_lint.model.source import Kind
from trl_lint.server.positions import Lines
from trl_lint.server.snapshots import Snapshot, Text


def workspace_edit(snapshot: Snapshot, edits: Iterable[Edit], versioned: bool) -> types.WorkspaceEdit:
    """`edits` of the analysed source; `versioned`: the client takes edits that name the version they are for."""
    changes: dict[str, list[types.TextEdit]] = {}
    texts: dict[str, Text] = {}
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end)):
        text, where = snapshot.locate(edit.span)
        texts[text.uri] = text
        changes.setdefault(text.uri, []).append(types.TextEdit(where, with_newlines(snapshot.source.text, edit).text))
    return _of_changes([(texts[uri], found) for uri, found in changes.items()], versioned)


def replacement(snapshot: Snapshot, raw: bytes, versioned: bool) -> types.WorkspaceEdit:
    """The edit that makes of the snapshot what these bytes (of its document, after fixes) hold."""
    changes = []
    for text, after in zip(snapshot.texts, _texts_after(snapshot, raw), strict=True):
        if after != text.text:
            changes.append((text, [_difference(text.text, after, snapshot.lines[text.uri])]))
    return _of_changes(changes, versioned)


def _texts_after(snapshot: Snapshot, raw: bytes) -> list[str]:
    decoded = raw.decode("utf-8", "surrogatepass")
    if snapshot.kind is not Kind.NOTEBOOK:
        return [decoded]
    return [cell["source"] for cell in json.loads(decoded)["cells"]]


def _difference(before: str, after: str, lines: Lines) -> types.TextEdit:
    """The one edit that replaces what differs, so that the cursor and folds elsewhere stay where they are."""
    from trl_lint.server.carrying import Change

    change = Change.between(before, after)
    return types.TextEdit(lines.range(change.start, change.old_end), after[change.start : change.new_end])


def _of_changes(changes: Sequence[tuple[Text, list[types.TextEdit]]], versioned: bool) -> types.WorkspaceEdit:
    if not versioned:
        return types.WorkspaceEdit({text.uri: edits for text, edits in changes})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(text.uri, text.version), list(edits))
            for text, edits in changes
        ]
    )
