"""The client's open documents, kept exactly: pygls ends lines at form feeds and the like, the protocol does not."""

from __future__ import annotations

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from trl_lint.server.positions import Lines


def unit_of(encoding: types.PositionEncodingKind | str | None) -> str:
    """The name of the unit that columns count: `utf-8`, `utf-16` or `utf-32`."""
    return str(getattr(encoding, "value", encoding) or "utf-16")


class ExactDocument(TextDocument):
    """A document whose changes are applied by the protocol's own notion of a line."""

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Take one change in, of a range or of everything."""
        if isinstance(change, types.TextDocumentContentChangePartial):
            lines = Lines(self.source, unit_of(self.position_codec.encoding))
            start, end = lines.offset(change.range.start), lines.offset(change.range.end)
            self._source = lines.text[:start] + change.text + lines.text[max(start, end) :]
        else:
            self._source = change.text


class ExactWorkspace(Workspace):
    """The workspace of `ExactDocument`s."""

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return ExactDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            position_codec=self._position_codec,
        )


def exact(workspace: Workspace) -> ExactWorkspace:
    """The same workspace, which holds no document yet, with exact ones to come."""
    return ExactWorkspace(
        workspace.root_uri,
        types.TextDocumentSyncKind.Incremental,
        list(workspace.folders.values()),
        workspace.position_encoding,
    )
