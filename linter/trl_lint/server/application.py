"""The server: what it holds between the client's messages, and what it sends."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from trl_lint import __version__
from trl_lint.model.finding import Finding
from trl_lint.own_findings import internal_error
from trl_lint.server.checking import Analysis, Checker
from trl_lint.server.diagnostics import Diagnostics
from trl_lint.server.gathering import gather
from trl_lint.server.hovers import Hovers
from trl_lint.server.links import Links, file_uri
from trl_lint.server.opening import notebook_snapshot, text_snapshot
from trl_lint.server.scheduling import CheckQueue
from trl_lint.server.settings import SECTION, Settings, read_settings
from trl_lint.server.snapshots import NOTEBOOK_TYPES, Snapshot
from trl_lint.server.texts import exact, unit_of

log = logging.getLogger(__name__)
# Files change in bursts (a lock file and an environment, a checkout): one new check for all of them.
_SETTLE = 0.1  # seconds

# All cells, not Python's alone: the numbers of cells in messages count every one.
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(types.NotebookDocumentFilterNotebookType(name))
        for name in NOTEBOOK_TYPES
    ]
)


class Server(LanguageServer):
    """Diagnostics, code actions, hovers and code lenses of the open documents."""

    def __init__(self) -> None:
        super().__init__("trl-lint", __version__, notebook_document_sync=_NOTEBOOKS)
        self.checker = Checker()
        self.checks = CheckQueue(self._check, self._checked)
        registry = self.checker.backend.registry
        links = Links(registry)
        self.diagnostics = Diagnostics(links, registry.deprecation_codes)
        self.hovers = Hovers(registry, links)
        self.settings = Settings()
        self._elsewhere: dict[str, tuple[Finding, ...]] = {}
        self._told: set[str] = set()
        self._later: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    # -- the client

    def can(self, capability: str) -> bool:
        """Whether the client says that it has this capability."""
        return bool(get_capability(self.client_capabilities, capability, False))

    @property
    def pulls(self) -> bool:
        """Whether the client asks for the diagnostics of text documents itself."""
        return get_capability(self.client_capabilities, "text_document.diagnostic", None) is not None

    @property
    def versioned(self) -> bool:
        """Whether the client takes edits that name the version they are for."""
        return self.can("workspace.workspace_edit.document_changes")

    @property
    def resolves_edits(self) -> bool:
        """Whether the client asks for the edit of a code action when it is chosen."""
        support = get_capability(self.client_capabilities, "text_document.code_action.resolve_support", None)
        return "edit" in getattr(support, "properties", ())

    @property
    def encoding(self) -> str:
        """The unit of columns that was agreed on."""
        return unit_of(self.workspace.position_encoding)

    def begin(self, params: types.InitializeParams) -> None:
        """Take over what the client says of itself. Runs before any document is opened."""
        self.protocol._workspace = exact(self.workspace)
        folders = params.workspace_folders or []
        root = folders[0].uri if folders else params.root_uri
        path = uris.to_fs_path(root) if root else None
        if path and os.path.isdir(path):  # noqa: PTH112
            os.chdir(path)  # relative paths are shown and looked up as `trl-lint check` in this folder would
        self.configure(params.initialization_options)

    def configure(self, data: Any) -> None:
        """Take over the editor's settings."""
        self.settings = read_settings(data)
        for problem in self.settings.problems:
            self.tell(problem)
        self.checker.renew(self.settings)

    async def ask_settings(self) -> None:
        """Ask the client for the settings, where it answers, and check everything by them."""
        if not self.can("workspace.configuration"):
            return
        items = [types.ConfigurationItem(section=SECTION)]
        answer = await self.workspace_configuration_async(types.ConfigurationParams(items))
        if answer and answer[0] is not None:
            settings = read_settings(answer[0])
            if settings != self.settings:
                self.configure(answer[0])
                self.check_all()

    def tell(self, message: str) -> None:
        """Show a message, once."""
        if message not in self._told:
            self._told.add(message)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"trl-lint: {message}"))

    def spawn(self, work: Any) -> None:
        """Let a coroutine run by itself."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- documents

    def snapshot(self, uri: str) -> Snapshot | None:
        """The document or notebook as it is now."""
        if self.workspace.get_notebook_document(notebook_uri=uri) is not None:
            return notebook_snapshot(self.workspace, uri)
        return text_snapshot(self.workspace, uri)

    def document_of(self, uri: str) -> str:
        """The URI of what is checked as a whole: the notebook of a cell, else the document itself."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        return notebook.uri if notebook is not None else uri

    def changed(self, uri: str) -> None:
        """A document was opened or edited."""
        snapshot = self.snapshot(uri)
        if snapshot is not None:
            self.checks.put(snapshot)

    def closed(self, uri: str) -> None:
        """A document was closed: nothing is shown of it any more."""
        known = self.checks.remove(uri)
        for text in known.snapshot.texts if known is not None else ():
            self._publish(text.uri, None, [])
        self.spawn(self._publish_elsewhere())

    def check_all(self) -> None:
        """Check every open document again."""
        for uri in (*self.workspace.notebook_documents, *self.workspace.text_documents):
            notebook = self.workspace.get_notebook_document(notebook_uri=uri)
            text = self.workspace.text_documents.get(uri)
            self.changed(notebook.uri if notebook is not None else text.uri if text is not None else uri)
        if self.pulls and self.can("workspace.diagnostics.refresh_support"):
            self.workspace_diagnostic_refresh(None)
        if self.can("workspace.code_lens.refresh_support"):
            self.workspace_code_lens_refresh(None)

    def outdated(self) -> None:
        """Files on the disk changed on which verdicts hang: read and check everything anew, when they have settled."""
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(_SETTLE, self._renew)

    async def analysis(self, uri: str) -> Analysis | None:
        """The analysis of the newest state of the document (or of the notebook of the cell) with this URI."""
        return await self.checks.current(self.document_of(uri))

    def _renew(self) -> None:
        self.checker.renew()
        self.check_all()

    def _check(self, snapshot: Snapshot, before: Analysis | None, checkpoint: Callable[[], None]) -> Analysis:
        """On the worker: nothing that goes wrong in one document may end the server."""
        try:
            return self.checker.check(snapshot, before, checkpoint)
        except Exception as error:
            log.exception("%s could not be checked", snapshot.uri)
            return Analysis(snapshot, (internal_error(snapshot.source.path, error),))

    def _checked(self, analysis: Analysis) -> None:
        snapshot = analysis.snapshot
        if self._pushes(snapshot.uri):
            self._push(analysis)
        self.spawn(self._publish_elsewhere())

    def _pushes(self, uri: str) -> bool:
        """Whether the diagnostics of this document or notebook are sent without being asked for."""
        return not self.pulls or self.workspace.get_notebook_document(notebook_uri=uri) is not None

    def _with_others(self, uri: str, own: list[types.Diagnostic]) -> list[types.Diagnostic]:
        """The diagnostics of a document, with what others say of it: publishing replaces all that was published."""
        known = {(each.code, each.range.start.line) for each in own}
        others = [each for path, found in self._elsewhere.items() if file_uri(path) == uri for each in found]
        made = [self.diagnostics.elsewhere(each, self.encoding) for each in others]
        return own + [each for each in made if (each.code, each.range.start.line) not in known]

    def _publish(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    async def _publish_elsewhere(self) -> None:
        """Publish what stands in files that nobody has to have open, where it is not what was published before."""
        known = [analysis for analysis in self.checks.known() if analysis.spared or analysis.elsewhere]
        if self.checks.closed or not (known or self._elsewhere):
            return
        found = dict(await self.checks.on_worker(lambda: gather(known)))
        for finding in found.pop("", ()):
            self.tell(finding.message)
        before, self._elsewhere = self._elsewhere, found
        for path in before.keys() | found.keys():
            if before.get(path) != found.get(path):
                uri = file_uri(path)
                open_here = next((each for each in self.checks.known() if each.snapshot.uri == uri), None)
                if open_here is None or not self._pushes(uri):
                    self._publish(uri, None, self._with_others(uri, []))
                else:
                    self._push(open_here)

    def _push(self, analysis: Analysis) -> None:
        """Send what is known of an open document."""
        own = self.diagnostics.on(analysis.snapshot, analysis.findings)
        for text in analysis.snapshot.texts:
            self._publish(text.uri, text.version, self._with_others(text.uri, own[text.uri]))
