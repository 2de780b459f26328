"""A small editor: drives the real server over its standard input and output, as pytest-lsp's client."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from trl_lint.server.positions import Lines
from trl_lint.server.texts import unit_of

PATIENCE = 60.0  # seconds
_LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}


class Editor:
    """What is open, as the client has it."""

    def __init__(self, client: LanguageClient, root: Path, unit: str) -> None:
        self.client = client
        self.root = root
        self.unit = unit
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: list[types.PublishDiagnosticsParams] = []
        self.pulls = False
        self.registered: list[types.Registration] = []

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    async def open(self, name: str, text: str | None = None, language: str | None = None) -> list[types.Diagnostic]:
        """Opens a file, and gives what is said of it."""
        uri = self.uri(name)
        self.texts[uri] = (self.root / name).read_bytes().decode() if text is None else text
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, language or _LANGUAGES[Path(name).suffix], 1, self.texts[uri])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.pull(name) if self.pulls else await self.pushed(uri)

    def type(self, name: str, old: str, new: str) -> None:
        """Replaces `old`, which stands there once."""
        uri = self.uri(name)
        start = self.texts[uri].index(old)
        where = Lines(self.texts[uri], self.unit).range(start, start + len(old))
        self.texts[uri] = self.texts[uri].replace(old, new, 1)
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangePartial(where, new)],
            )
        )

    async def edit(self, name: str, old: str, new: str) -> list[types.Diagnostic]:
        """As `type`, and gives what is said of the new text."""
        self.type(name, old, new)
        return await self.pull(name) if self.pulls else await self.pushed(self.uri(name))

    async def pushed(self, uri: str) -> list[types.Diagnostic]:
        """What is pushed on the newest version of a document."""

        def found() -> types.PublishDiagnosticsParams | None:
            return next((p for p in reversed(self.published) if p.uri == uri and p.version == self.versions[uri]), None)

        await self.until(lambda: found() is not None)
        last = found()
        assert last is not None
        return list(last.diagnostics)

    async def until(self, condition: Any) -> None:
        """Waits for it."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, "the server did not answer"
            await asyncio.sleep(0.01)

    def codes(self, uri: str) -> list[object]:
        """The codes of what was published last on a document."""
        return [each.code for each in self.client.diagnostics.get(uri, ())]

    async def pull(self, name: str) -> list[types.Diagnostic]:
        identifier = types.TextDocumentIdentifier(self.uri(name))
        report = await self.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(identifier))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def actions(self, uri: str, where: types.Range, *only: str) -> list[types.CodeAction]:
        """The code actions there, each with its edit."""
        context = types.CodeActionContext([], list(only) or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
        found = []
        for action in await self.client.text_document_code_action_async(params) or ():
            assert isinstance(action, types.CodeAction)
            if action.edit is None:
                action = await self.client.code_action_resolve_async(action)
            found.append(action)
        return found

    def apply(self, edit: types.WorkspaceEdit | None) -> None:
        """Applies an edit to the texts, as the protocol says; each is for the version that is open."""
        assert edit is not None
        changes: list[tuple[str, Iterable[Any]]] = list((edit.changes or {}).items())
        for change in edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[change.text_document.uri]
            changes.append((change.text_document.uri, change.edits))
        for uri, edits in changes:
            text = self.texts[uri]
            lines = Lines(text, self.unit)
            spans = [(lines.offset(e.range.start), lines.offset(e.range.end), e.new_text) for e in edits]
            for start, end, new in sorted(spans, reverse=True):
                text = text[:start] + new + text[end:]
            self.texts[uri] = text

    async def hover(self, name: str, at: str) -> str:
        """The hover at the first character of `at`."""
        uri = self.uri(name)
        position = Lines(self.texts[uri], self.unit).position(self.texts[uri].index(at))
        params = types.HoverParams(types.TextDocumentIdentifier(uri), position)
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def lenses(self, uri: str) -> list[str]:
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await self.client.text_document_code_lens_async(params) or ()
        return [lens.command.title for lens in found if lens.command is not None]

    def disk_changed(self, name: str) -> None:
        """Tells that a watched file has changed."""
        event = types.FileEvent(self.uri(name), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


@asynccontextmanager
async def editor(
    root: Path,
    capabilities: types.ClientCapabilities | str | None = None,
    options: Any = None,
    configuration: dict[str, Any] | None = None,
) -> AsyncIterator[Editor]:
    """An editor with the server for the folder `root`; `capabilities` may name a client that pytest-lsp knows."""
    client = make_test_lsp_client()
    if isinstance(capabilities, str):
        capabilities = client_capabilities(capabilities)
    made = Editor(client, root, "utf-16")

    def published(params: types.PublishDiagnosticsParams) -> None:
        made.published.append(params)
        client.diagnostics[params.uri] = params.diagnostics

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = published
    client.protocol.fm.features[types.CLIENT_REGISTER_CAPABILITY] = lambda p: made.registered.extend(p.registrations)
    client.protocol.fm.features[types.WORKSPACE_CODE_LENS_REFRESH] = lambda _: None
    if configuration is not None:
        client.set_configuration(configuration, section="trl-lint")
    nothing_cached = {**os.environ, "HF_HUB_CACHE": os.devnull}
    await client.start_io(sys.executable, "-m", "trl_lint", "server", "--stdio", env=nothing_cached)
    params = types.InitializeParams(
        capabilities=capabilities or types.ClientCapabilities(),
        workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name)],
        initialization_options=options,
    )
    result = await client.initialize_session(params)
    made.unit = unit_of(result.capabilities.position_encoding)
    try:
        about = getattr(client.capabilities, "text_document", None)
        made.pulls = getattr(about, "diagnostic", None) is not None
        yield made
    finally:
        await client.shutdown_session()
        await client.stop()  # type: ignore[no-untyped-call]
