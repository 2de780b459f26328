"""Checks many files: those that cannot hold a run are sorted out first, the others are shared among processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trl_lint.cli.terminal import Progress
from trl_lint.dataclass import replace
from trl_lint.discover import File
from trl_lint.engine import Checked
from trl_lint.policy import may_hold_suppressions

if TYPE_CHECKING:
    from trl_lint.cli.session import Session

# A process has to learn for itself what all files of a project share, which costs as much as checking some of them.
_FILES_EACH = 8


def check_all(session: Session, files: Sequence[File]) -> list[Checked]:
    """What is found in each of the files, in their order; of what was understood, only what a report needs is kept."""
    asked = session.arguments.jobs
    if session.arguments.fix or session.arguments.diff:
        asked = 1  # fixing goes on with what was understood
    if len(files) < 2 or (asked is None and len(files) < 2 * _FILES_EACH):
        return _one_by_one(session, files)
    weights = [session.judge(file.configuration).engine.weigh(file.path, file.shown) for file in files]
    held = [file for file, weight in zip(files, weights, strict=True) if weight]
    jobs = min(asked or min(cores(), len(held) // _FILES_EACH), len(held))
    if jobs < 2:
        found = iter(_one_by_one(session, held))
    else:
        from trl_lint.cli.workers import check_apart  # slow to import

        with _progress(held) as progress:
            found = iter(check_apart(session, held, [weight for weight in weights if weight], jobs, progress.step))
    return [next(found) if weight else Checked() for weight in weights]


def check_one(session: Session, file: File) -> Checked:
    """What is found in one file: the same whatever was checked before it."""
    engine = session.judge(file.configuration).engine
    before, engine.failed = engine.failed, False
    engine.repeats = True
    checked = engine.check_file(file.path, file.shown)
    failed, engine.failed = engine.failed, before
    if session.arguments.fix or session.arguments.diff:
        return replace(checked, failed=failed)
    elsewhere = {finding.place.path for finding in checked.elsewhere}
    others = {path: replace(source, others={}) for path, source in checked.others.items() if path in elsewhere}
    source = checked.source
    keep = checked.findings or (source is not None and may_hold_suppressions(source))
    document = checked.document if keep else None
    return replace(checked, understood=None, others=others, document=document, failed=failed)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _one_by_one(session: Session, files: Sequence[File]) -> list[Checked]:
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
