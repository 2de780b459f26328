"""From the client's open documents to snapshots."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.workspace import TextDocument, Workspace

from trl_lint.model.source import Kind
from trl_lint.server.snapshots import KINDS, NOTEBOOK_TYPES, Snapshot, Text
from trl_lint.server.texts import unit_of
from trl_lint.sources.document import kind_of

_VIRTUAL = ".virtual_documents"  # where jupyterlab-lsp says that the text of a notebook's cells lies


def text_snapshot(workspace: Workspace, uri: str) -> Snapshot | None:
    """The open text document as it is now; None for a notebook's cell, and for what is of no kind that is checked."""
    if workspace.get_notebook_document(cell_uri=uri) is not None:
        return None
    document = workspace.get_text_document(uri)
    path = _path(uri)
    kind = KINDS.get((document.language_id or "").lower()) or kind_of(path)
    if kind is None or kind not in KINDS.values() or (kind is Kind.JSON and path.suffix == ".ipynb"):
        return None  # of a notebook's own JSON, too: its findings would have no place in it
    return Snapshot(uri, path, kind, (_text(document),), unit_of(workspace.position_encoding))


def notebook_snapshot(workspace: Workspace, uri: str) -> Snapshot | None:
    """The open notebook as it is now; None for one of another kind than Jupyter's."""
    notebook = workspace.get_notebook_document(notebook_uri=uri)
    if notebook is None or notebook.notebook_type not in NOTEBOOK_TYPES:
        return None
    texts = []
    for cell in notebook.cells:
        document = workspace.get_text_document(cell.document)
        code = cell.kind == types.NotebookCellKind.Code
        texts.append(_text(document, document.language_id if code else "markdown"))
    return Snapshot(uri, _path(uri), Kind.NOTEBOOK, tuple(texts), unit_of(workspace.position_encoding))


def _text(document: TextDocument, language: str | None = None) -> Text:
    return Text(document.uri, document.version, language or document.language_id or "", document.source)


def _path(uri: str) -> Path:
    """The absolute path of a document, or the one that it would have if it were saved in the working directory."""
    found = uris.to_fs_path(uri) if uris.uri_scheme(uri) in ("file", "vscode-notebook-cell") else None
    path = Path(found) if found else Path.cwd() / (Path(uri.rpartition(":")[2]).name or "untitled")
    parts = [part for part in path.absolute().parts if part != _VIRTUAL]
    return Path(*parts)
