"""What a check asks of the file system: each question goes through here, so that the answers can be kept.

A verdict from the cache counts only while every question has the answer that it had when the verdict was made. So
nothing of the engine looks at files by other means (a test sees to that), and what is not asked here must be part of
the cache's key. Errors are those of the system: OSError, and ValueError for a path that can be none.
"""

# os rather than pathlib: some of this is done for each of thousands of files and folders.
# ruff: noqa: PTH100, PTH116

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from trl_lint.digests import digest

Question = tuple[str, str, int]  # what is asked, the absolute path, and how many bytes of it matter

# Folders that tools leave behind: they hold nothing of the project, and come and go.
LEFT_BEHIND = frozenset({".mypy_cache", ".pytest_cache", ".ruff_cache", ".trl_lint_cache", "__pycache__"})
_HASHED = 64_000_000  # bytes of a file that is read here and there; of a larger one size and time of change count
_answers: dict[Question, str] | None = None
_doubtful = False
_too_late = False  # to keep a record: something was asked already that may be remembered


class IrregularFileError(ValueError):
    """A path that is no regular file: reading it might never end."""

    def __init__(self) -> None:
        super().__init__("not a regular file")


def is_file(path: Path | str) -> bool:
    """Whether there is a regular file, or a link to one; False for what is no path."""
    return _kind(path) == "file"


def is_dir(path: Path | str) -> bool:
    """Whether there is a folder, or a link to one; False for what is no path."""
    return _kind(path) == "folder"


def exists(path: Path | str) -> bool:
    """Whether there is anything, links followed; False for what is no path."""
    return _kind(path) != ""


def lexists(path: Path | str) -> bool:
    """Whether there is anything, be it a link to nothing."""
    there = os.path.lexists(path)
    _note("there", path, str(there))
    return there


def size(path: Path | str) -> int:
    """The bytes of the regular file. Raises IrregularFileError for anything else."""
    try:
        found = os.stat(path)
    except (OSError, ValueError) as error:
        _note("size", path, _told(error))
        raise
    regular = stat.S_ISREG(found.st_mode)
    _note("size", path, str(found.st_size) if regular else "!")
    if not regular:
        raise IrregularFileError
    return found.st_size


def head(path: Path | str, limit: int) -> bytes:
    """The first `limit` bytes of the regular file. Raises IrregularFileError for anything else."""
    try:
        raw = plain(path, limit)
    except (OSError, ValueError) as error:
        _note("head", path, _told(error), limit)
        raise
    if _answers is not None:
        _note("head", path, digest(raw), limit)
    return raw


def text(path: Path | str, limit: int) -> str:
    """The UTF-8 text in the first `limit` bytes, with the line ends of Python's text mode."""
    return head(path, limit).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def touch(path: Path | str) -> None:
    """To be called where a regular file is read in a way that is not offered here: all of it matters."""
    if _answers is not None:
        _note("whole", path, _ask_whole(os.fspath(path)))


def names(folder: Path | str) -> list[str]:
    """The names of what the folder holds, in order."""
    return [entry.name for entry in _entries("names", folder)]


def matching(folder: Path, pattern: str) -> list[Path]:
    """What the folder holds under names of this pattern, in order; nothing where it cannot be listed."""
    try:
        return [folder / name for name in names(folder) if fnmatchcase(name, pattern)]
    except OSError:
        return []


def entries(folder: Path | str) -> list[os.DirEntry[str]]:
    """What the folder holds, in the order of the names. Ask nothing of the entries but what they are."""
    return _entries("entries", folder)


def record() -> bool:
    """Keep questions and answers from now on; False in a process that did so, or checked files, before.

    What was asked then may be remembered, and not be asked again.
    """
    global _answers, _too_late
    if _too_late:
        return False
    _answers, _too_late = {}, True
    return True


def checking() -> None:
    """To be called before a check of a file."""
    global _too_late
    _too_late = True


def recorded() -> Mapping[Question, str] | None:
    """All questions so far; None where none are kept, or they do not tell what a verdict hangs on."""
    return None if _doubtful else _answers


def take() -> Mapping[Question, str] | None:
    """What `recorded` gives, which is forgotten then."""
    global _answers
    taken = recorded()
    if _answers is not None:
        _answers = {}
    return taken


def doubt() -> None:
    """Something was found that hangs on more than files: on how busy the machine is."""
    global _doubtful
    _doubtful = True


def add(answers: Mapping[Question, str] | None) -> None:
    """Take what another process was told for told here. None: it has doubts."""
    if answers is None:
        doubt()
        return
    for (what, path, limit), answer in answers.items():
        _note(what, path, answer, limit)


def ask(question: Question) -> str:
    """What the answer would be now. Raises KeyError for what is no question."""
    what, path, limit = question
    try:
        return _QUESTIONS[what](path, limit)
    except (OSError, ValueError) as error:
        return _told(error)


def _kind(path: Path | str) -> str:
    kind = _ask_kind(os.fspath(path))
    _note("kind", path, kind)
    return kind


def _ask_kind(path: str) -> str:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def _ask_size(path: str) -> str:
    found = os.stat(path)
    return str(found.st_size) if stat.S_ISREG(found.st_mode) else "!"


def _ask_whole(path: str) -> str:
    try:
        found = os.stat(path)
        if found.st_size > _HASHED:
            return f"{found.st_size} {found.st_mtime_ns}"
        return digest(plain(path, _HASHED))
    except (OSError, ValueError) as error:
        return _told(error)


def _entries(what: str, folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        found = _listed(folder)
    except (OSError, ValueError) as error:
        _note(what, folder, _told(error))
        raise
    if _answers is not None:
        _note(what, folder, _summary(what, found))
    return found


def _listed(folder: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(folder or ".") as found:
        return sorted((entry for entry in found if entry.name not in LEFT_BEHIND), key=lambda entry: entry.name)


def _summary(what: str, found: list[os.DirEntry[str]]) -> str:
    listed = (entry.name if what == "names" else entry.name + "\0" + _type(entry) for entry in found)
    return digest("\0\0".join(listed).encode("utf-8", "surrogatepass"))


def _type(entry: os.DirEntry[str]) -> str:
    link = "link to " if entry.is_symlink() else ""
    try:
        return link + ("folder" if entry.is_dir() else "file" if entry.is_file() else "other")
    except OSError:
        return link + "nothing"


def plain(path: Path | str, limit: int) -> bytes:
    """As `head`, but the question is not kept."""
    # A pipe or a device would block in open() or never end, so it is opened without waiting and then looked at.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IrregularFileError
        with os.fdopen(handle, "rb", buffering=0, closefd=False) as file:
            return _all(file.read, limit)
    finally:
        os.close(handle)


def _all(read: Callable[[int], bytes | None], limit: int) -> bytes:
    """A system may give less than it was asked for; only nothing is the end."""
    first = read(limit) or b""
    parts, length = [first], len(first)
    while first and length < limit:
        first = read(limit - length) or b""
        parts.append(first)
        length += len(first)
    return parts[0] if len(parts) < 3 else b"".join(parts)


def _told(error: OSError | ValueError) -> str:
    return f"! {type(error).__name__} {getattr(error, 'errno', None) or ''}"


def _note(what: str, path: Path | str, answer: str, limit: int = 0) -> None:
    if _answers is not None and _answers.setdefault((what, os.path.abspath(path), limit), answer) != answer:
        doubt()  # a file has changed meanwhile


_QUESTIONS: dict[str, Callable[[str, int], str]] = {
    "kind": lambda path, _: _ask_kind(path),
    "there": lambda path, _: str(os.path.lexists(path)),
    "size": lambda path, _: _ask_size(path),
    "head": lambda path, limit: digest(plain(path, limit)),
    "whole": lambda path, _: _ask_whole(path),
    "names": lambda path, _: _summary("names", _listed(path)),
    "entries": lambda path, _: _summary("entries", _listed(path)),
}
