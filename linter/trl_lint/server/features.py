"""What the client may send, and what is done about it."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from trl_lint.server import actions, lenses, watching
from trl_lint.server.application import Server

_ACTIONS = types.CodeActionOptions(list(actions.KINDS), resolve_provider=True)
_DIAGNOSTICS = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="trl-lint")


def make_server() -> Server:
    """A server with everything registered."""
    server = Server()
    _session(server)
    _documents(server)
    _notebooks(server)
    _questions(server)
    _actions(server)
    return server


def _session(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(ls: Server, params: types.InitializeParams) -> None:
        ls.begin(params)

    @server.feature(types.INITIALIZED)
    async def initialized(ls: Server, _: types.InitializedParams) -> None:
        if watching.can_register(ls.client_capabilities):
            await ls.client_register_capability_async(watching.registration())
        await ls.ask_settings()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
        if ls.can("workspace.configuration"):
            await ls.ask_settings()
        elif params.settings is not None:
            ls.configure(params.settings)
            ls.check_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
        ls.outdated()

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: Server, *_: Any) -> None:
        ls.checks.close()


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        ls.changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
    def saved(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
        if not watching.can_register(ls.client_capabilities):
            ls.outdated()  # nobody else tells when a lock file or a recipe has changed

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)


def _notebooks(server: Server) -> None:
    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def opened(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
        ls.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def changed(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
        ls.changed(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def saved(ls: Server, _: types.DidSaveNotebookDocumentParams) -> None:
        if not watching.can_register(ls.client_capabilities):
            ls.outdated()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def closed(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
        ls.closed(params.notebook_document.uri)


def _questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, _DIAGNOSTICS)
    async def pull(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        uri = params.text_document.uri
        analysis = await ls.analysis(uri)
        if analysis is None or uri != analysis.snapshot.uri:
            return types.RelatedFullDocumentDiagnosticReport([])  # those of a notebook's cells are pushed
        found = ls.diagnostics.on(analysis.snapshot, analysis.findings)
        return types.RelatedFullDocumentDiagnosticReport(found[uri])

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        analysis = await ls.analysis(uri)
        if analysis is None:
            return None
        return await ls.checks.on_worker(lambda: ls.hovers.at(analysis, uri, params.position))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lens(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
        analysis = await ls.analysis(params.text_document.uri)
        if analysis is None or not ls.settings.code_lens:
            return []
        return lenses.lenses(analysis, params.text_document.uri)

    @server.command(lenses.OPEN)
    async def show(ls: Server, *place: Any) -> None:
        if len(place) == 2 and isinstance(place[0], str) and isinstance(place[1], int):
            at = types.Position(place[1], 0)
            await ls.window_show_document_async(
                types.ShowDocumentParams(place[0], take_focus=True, selection=types.Range(at, at))
            )


def _actions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, _ACTIONS)
    async def offer(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        analysis = await ls.analysis(uri)
        if analysis is None or uri not in analysis.snapshot.lines:
            return []
        only = tuple(str(getattr(kind, "value", kind)) for kind in params.context.only or ())
        found = actions.actions(analysis, actions.Wish(uri, params.range, only, ls.versioned), ls.diagnostics)
        if ls.resolves_edits:
            return found
        for action in found:
            action.edit = action.edit or await _resolved(ls, analysis, action.data)
            action.data = None
        return [action for action in found if action.edit is not None]

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
        data = action.data
        analysis = await ls.analysis(data["uri"]) if isinstance(data, dict) and "uri" in data else None
        if analysis is not None and action.edit is None:
            action.edit = await _resolved(ls, analysis, data)
        return action


async def _resolved(ls: Server, analysis: Any, data: Any) -> types.WorkspaceEdit | None:
    return await ls.checks.on_worker(lambda: actions.resolve(analysis, data, ls.versioned))
