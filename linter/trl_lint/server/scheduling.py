"""Checks on a thread of their own, of the newest state of each document alone; the loop of the protocol never waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from trl_lint.server.checking import Analysis, SupersededError
from trl_lint.server.snapshots import Snapshot

T = TypeVar("T")
Check = Callable[[Snapshot, "Analysis | None", Callable[[], None]], Analysis]


class Superseded:
    """Says that a check is not needed any more."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def stop(self) -> None:
        """The check may end where it is."""
        self._stop.set()

    def __call__(self) -> None:
        if self._stop.is_set():
            raise SupersededError


class CheckQueue:
    """Documents that wait for their check; of each the newest state, the one that was touched last first.

    A check begins at once where none runs; a change ends the running check of the same document. `done` is told each
    new analysis, on the loop.
    """

    def __init__(self, check: Check, done: Callable[[Analysis], None]) -> None:
        self._check = check
        self._done = done
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trl-lint")
        self._waiting: dict[str, Snapshot] = {}
        self._newest: dict[str, Snapshot] = {}
        self._known: dict[str, Analysis] = {}
        self._waiters: dict[str, list[asyncio.Future[Analysis | None]]] = {}
        self._running: tuple[str, Superseded] | None = None
        self._task: asyncio.Task[None] | None = None
        self.closed = False

    def put(self, snapshot: Snapshot) -> None:
        """Check this state of its document, and no older one."""
        if self.closed:
            return
        self._supersede(snapshot.uri)
        self._newest[snapshot.uri] = snapshot
        self._waiting.pop(snapshot.uri, None)
        self._waiting[snapshot.uri] = snapshot
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def remove(self, uri: str) -> Analysis | None:
        """Forget the document, and give what was known of it."""
        self._supersede(uri)
        self._newest.pop(uri, None)
        self._waiting.pop(uri, None)
        self._answer(uri, None)
        return self._known.pop(uri, None)

    def known(self) -> list[Analysis]:
        """What is known of all documents."""
        return list(self._known.values())

    async def current(self, uri: str) -> Analysis | None:
        """The analysis of the newest state of a document, when it is there; None for one that is not open."""
        if uri not in self._newest:
            return None
        found = self._known.get(uri)
        if found is not None and found.snapshot is self._newest[uri]:
            return found
        waiter: asyncio.Future[Analysis | None] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(uri, []).append(waiter)
        return await waiter

    async def on_worker(self, work: Callable[[], T]) -> T:
        """The result of `work`, which uses the engines and must not meet a check."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def close(self) -> None:
        """End everything."""
        self.closed = True
        if self._running is not None:
            self._running[1].stop()
        self._waiting.clear()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _supersede(self, uri: str) -> None:
        if self._running is not None and self._running[0] == uri:
            self._running[1].stop()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            uri, snapshot = self._waiting.popitem()
            superseded = Superseded()
            self._running = (uri, superseded)
            try:
                before = self._known.get(uri)
                analysis = await loop.run_in_executor(self._worker, self._check, snapshot, before, superseded)
            except SupersededError:
                continue
            finally:
                self._running = None
            if self._newest.get(uri) is snapshot:
                self._known[uri] = analysis
                self._done(analysis)
                self._answer(uri, analysis)

    def _answer(self, uri: str, analysis: Analysis | None) -> None:
        for waiter in self._waiters.pop(uri, []):
            if not waiter.done():
                waiter.set_result(analysis)
