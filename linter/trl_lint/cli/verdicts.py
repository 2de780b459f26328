"""Checks many files: what cannot hold a run is sorted out first, what an earlier call found is taken from the cache,
and the others are shared among processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trl_lint import disk
from trl_lint.cli.backend import Backend
from trl_lint.cli.terminal import Progress
from trl_lint.dataclass import dataclass, replace
from trl_lint.digests import digest
from trl_lint.discover import File
from trl_lint.engine import Checked
from trl_lint.policy import may_hold_suppressions
from trl_lint.sources.read import read_bytes

if TYPE_CHECKING:
    from trl_lint.cache import Verdicts
    from trl_lint.cli.session import Session

# A process has to learn for itself what all files of a project share, which costs as much as checking some of them.
_FILES_EACH = 8
_WORTH_KEEPING = 4  # files that can hold a run: fewer are checked as fast as the cache is looked through


@dataclass(frozen=True, slots=True)
class Result:
    """What is found in a file; while questions are kept, with the digest of the bytes that it was found in."""

    checked: Checked
    digest: str = ""


@dataclass(slots=True)
class _Held:
    """A file that can hold a run: its place in the call, how much there is of it, its verdict's name in the cache, and
    the digest of its bytes."""

    index: int
    file: File
    weight: int
    name: str = ""
    digest: str = ""


def check_all(session: Session, files: Sequence[File]) -> list[Checked]:
    """What is found in each of the files, in their order; of what was understood, only what a report needs is kept."""
    asked = session.arguments.jobs
    if len(files) < _WORTH_KEEPING and asked in (None, 1):
        return [result.checked for result in _one_by_one(session, files)]
    keeps = _may_keep(session) and disk.record()
    weighed = [(i, file, _weight(session, file)) for i, file in enumerate(files)]
    held = [_Held(*each) for each in weighed if each[2]]
    found = [Checked() for _ in files]
    verdicts = _verdicts(session) if keeps and len(held) >= _WORTH_KEEPING else None
    if verdicts is not None:
        held = [each for each in held if not _is_known(session, verdicts, each, found)]
    jobs = min(asked or min(cores(), len(held) // _FILES_EACH), len(held))
    results = _shared(session, held, jobs) if jobs > 1 else _one_by_one(session, [each.file for each in held])
    for each, result in zip(held, results, strict=True):
        found[each.index] = result.checked
    if verdicts is not None:
        pairs = zip(held, results, strict=True)
        # A file that has changed meanwhile, or that could not be read, has another digest or none.
        verdicts.keep({e.name: r.checked for e, r in pairs if e.name and e.digest == r.digest and not r.checked.failed})
    return found


def check_one(session: Session, file: File) -> Result:
    """What is found in one file: the same whatever was checked before it."""
    engine = session.judge(file.configuration).engine
    before, engine.failed = engine.failed, False
    engine.repeats = True
    checked = engine.check_file(file.path, file.shown)
    failed, engine.failed = engine.failed, before
    if fixes(session):
        return Result(replace(checked, failed=failed))
    elsewhere = {finding.place.path for finding in checked.elsewhere}
    others = {path: replace(source, others={}) for path, source in checked.others.items() if path in elsewhere}
    document = checked.document
    bytes_ = digest(document.raw) if document is not None and disk.recorded() is not None else ""
    if document is not None and not checked.findings and not may_hold_suppressions(document.source):
        document = None
    return Result(replace(checked, understood=None, others=others, document=document, failed=failed), bytes_)


def fixes(session: Session) -> bool:
    """Whether findings are mended: that goes on with all that was understood, in this process."""
    return bool(session.arguments.fix or session.arguments.diff)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _weight(session: Session, file: File) -> int:
    """How much there is to check in a file; 0 for nothing."""
    raw = session.judge(file.configuration).engine.raw(file.path, file.shown)
    return max(1, len(raw)) if isinstance(raw, bytes) else int(raw is not None)


def _may_keep(session: Session) -> bool:
    """Whether verdicts may be taken from the cache and kept there: all that they hang on must be known."""
    given = session.arguments
    changes = fixes(session) or given.add_ignore is not None
    return not (given.no_cache or changes or given.watch or session.read) and type(session.backend) is Backend


def _verdicts(session: Session) -> Verdicts:
    from trl_lint.cache import Verdicts
    from trl_lint.cache.store import Store
    from trl_lint.cache.tool import tool
    from trl_lint.cli.clean import cache_folder

    folder = cache_folder(session.arguments.cache_dir, session.main_configuration.root)
    return Verdicts(Store(folder), tool(pack.folder for pack in session.backend.registry.packs))


def _is_known(session: Session, verdicts: Verdicts, held: _Held, found: list[Checked]) -> bool:
    """Puts the verdict that is kept in its place; False where there is none."""
    file = held.file
    engine = session.judge(file.configuration).engine
    raw = read_bytes(file.path, file.shown)
    if engine.options.online or not isinstance(raw, bytes):
        return False
    held.name = verdicts.name(file.path, file.shown, raw, engine.given)
    held.digest = digest(raw)
    known = verdicts.find(held.name, file.path, file.shown, raw)
    if known is not None:
        found[held.index] = known
    return known is not None


def _shared(session: Session, held: Sequence[_Held], jobs: int) -> list[Result]:
    from trl_lint.cli.workers import check_apart  # slow to import

    files = [each.file for each in held]
    if fixes(session):
        return _one_by_one(session, files)
    with _progress(files) as progress:
        return check_apart(session, files, [each.weight for each in held], jobs, progress.step)


def _one_by_one(session: Session, files: Sequence[File]) -> list[Result]:
    found = []
    with _progress(files) as progress:
        for file in files:
            progress.step(file.shown)
            found.append(check_one(session, file))
    return found


@contextmanager
def _progress(files: Sequence[File]) -> Iterator[Progress]:
    progress = Progress(len(files))
    try:
        yield progress
    finally:
        progress.close()
