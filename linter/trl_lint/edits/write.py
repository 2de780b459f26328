"""Writing a changed file: whole or not at all, and only over the bytes that were read."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


class ChangedOnDiskError(Exception):
    """The file is not what it was when it was read; nothing was written."""


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Replaces the file's bytes `old` by `new` in one step, keeping its mode; a link is followed, not replaced.

    Raises ChangedOnDiskError where the file no longer holds `old`, and OSError where it cannot be written.
    """
    if new == old:
        return
    target = Path(os.path.realpath(path))
    before = target.stat()
    _check(target, old)
    if not os.access(target, os.W_OK):
        raise PermissionError(f"{path} is read-only")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(stat.S_IMODE(before.st_mode))
        _keep_owner(temporary, before)
        _check(target, old)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _check(target: Path, old: bytes) -> None:
    if target.stat().st_size != len(old) or target.read_bytes() != old:
        raise ChangedOnDiskError(f"{target} has changed since it was read")


def _keep_owner(temporary: Path, before: os.stat_result) -> None:
    if not hasattr(os, "chown"):
        return
    now = temporary.stat()
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.chown(temporary, before.st_uid, before.st_gid)
        except OSError:
            pass  # only the owner's own groups can be given away; the content matters more


def _sync_folder(folder: Path) -> None:
    """Makes the renaming last through a crash, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
