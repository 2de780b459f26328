"""Shares the files of a check among processes. One that is killed costs the verdict on one file."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint import disk
from trl_lint.cli.verdicts import Result, check_one
from trl_lint.discover import File
from trl_lint.engine import Checked
from trl_lint.own_findings import internal_error, killed

if TYPE_CHECKING:
    import argparse

    from trl_lint.cli.backend import Backend
    from trl_lint.cli.session import Session

_CHUNK = 4  # files that lie together share modules of the project
_Name = tuple[str, str]  # of a file: its path, and what reports call it

# In a worker: what it checks with. A forked one finds here what its parent had.
_session: Session | None = None


def check_apart(
    session: Session, files: Sequence[File], weights: Sequence[int], jobs: int, step: Callable[[str], None]
) -> list[Result]:
    """What is found in each of the files, in their order. `step` is told the file that is done."""
    found: dict[int, Result] = {}

    def done(indices: Sequence[int], results: Sequence[Result]) -> None:
        for i, result in zip(indices, results, strict=True):
            found[i] = result
            step(files[i].shown)

    chunks = [range(i, min(i + _CHUNK, len(files))) for i in range(0, len(files), _CHUNK)]
    # Large ones first: nobody waits for one that was begun last.
    chunks.sort(key=lambda chunk: -sum(weights[i] for i in chunk))
    while chunks:
        _share(session, files, chunks, jobs, done)
        left = [chunk for chunk in chunks if chunk[0] not in found]
        # A process was lost. It had one of those that were begun, at most twice as many as there were processes and
        # one more; those are checked by one process after the other.
        begun = 2 * jobs + 1
        _one_by_one(session, files, [i for chunk in left[:begun] for i in chunk], done)
        chunks = left[begun:]
    return [found[i] for i in range(len(files))]


_Done = Callable[[Sequence[int], Sequence[Result]], None]


def _share(session: Session, files: Sequence[File], chunks: Sequence[range], jobs: int, done: _Done) -> None:
    """Calls `done` with each chunk, until all are done or a process is lost."""
    keeps = disk.recorded() is not None
    with _pool(session, min(jobs, len(chunks))) as pool:
        futures = {pool.submit(_check, [_name(files[i]) for i in chunk], keeps): chunk for chunk in chunks}
        for future in as_completed(futures):
            if future.exception() is None:
                results, answers = future.result()
                disk.add(answers)
                done(futures[future], results)


def _one_by_one(session: Session, files: Sequence[File], left: Sequence[int], done: _Done) -> None:
    """Calls `done` with each of the files that are left; the one that ends its process is known then."""
    waiting = list(reversed(left))
    while waiting:
        with _pool(session, 1) as pool:
            lost = False
            while waiting and not lost:
                i = waiting.pop()
                try:
                    (result,), answers = pool.submit(_check, [_name(files[i])], disk.recorded() is not None).result()
                    disk.add(answers)
                except BrokenProcessPool:
                    lost, result = True, Result(Checked((killed(files[i].shown),), failed=True))
                except Exception as error:
                    result = Result(Checked((internal_error(files[i].shown, error),), failed=True))
                done([i], [result])


@contextmanager
def _pool(session: Session, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that can check files. They are ended where the caller is interrupted."""
    global _session
    if forks(session.arguments):
        _session = session
        gc.freeze()  # a collection in a child would copy every page that it looks at
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin)
    else:
        pool = ProcessPoolExecutor(
            jobs, multiprocessing.get_context("spawn"), _begin, (session.arguments, session.backend)
        )
    try:
        yield pool
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def forks(arguments: argparse.Namespace) -> bool:
    """Whether a process can be copied safely: not where it has threads, or its system's or another library may."""
    return sys.platform == "linux" and threading.active_count() == 1 and not arguments.watch


def _begin(arguments: argparse.Namespace | None = None, backend: Backend | None = None) -> None:
    """Makes a process ready to check files."""
    global _session
    disk.take()  # what the parent was told, it knows
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if arguments is not None and backend is not None:
        from trl_lint.cli.session import Session

        _session = Session(arguments, backend)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _check(names: Sequence[_Name], keeps: bool) -> tuple[list[Result], Mapping[disk.Question, str] | None]:
    """What is found in files, and what this process has asked meanwhile if it `keeps` that."""
    assert _session is not None
    if keeps:
        disk.record()
    configurations = _session.configurations
    files = [File(Path(path), shown, configurations.of(os.path.dirname(path))) for path, shown in names]  # noqa: PTH120
    results = [check_one(_session, file) for file in files]
    return results, disk.take() if keeps else {}


def _name(file: File) -> _Name:
    return str(file.path), file.shown
