"""From a path, bytes or an editor's text to a document. Bad input becomes problems, never an exception."""

from __future__ import annotations

from pathlib import Path

from trl_lint import disk
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.sources.decode import decode
from trl_lint.sources.document import Document, kind_of

MEGABYTE = 1_000_000
LIMITS = {Kind.NOTEBOOK: 100 * MEGABYTE}  # notebooks hold their outputs, pictures included
LIMIT = 10 * MEGABYTE


def read(path: Path, shown: str) -> Document | tuple[Problem, ...]:
    """The file at `path`, called `shown` in messages; at least one problem where it cannot be read."""
    raw = read_bytes(path, shown)
    return (raw,) if isinstance(raw, Problem) else from_bytes(raw, shown, kind_of(path))


def read_bytes(path: Path, shown: str) -> bytes | Problem:
    """The bytes of the regular file at `path`, at most the limit of its kind. No question is kept (`trl_lint.disk`):
    this is how the file that is checked itself is read."""
    kind = kind_of(path)
    limit = LIMITS.get(kind, LIMIT) if kind is not None else LIMIT
    try:
        raw = disk.plain(path, limit + 1)
    except (disk.IrregularFileError, IsADirectoryError):
        return _problem(shown, "is a directory, not a file" if Path(path).is_dir() else "is no regular file")
    except FileNotFoundError:
        dangling = _is_link(path)
        return _problem(shown, "is a link to a file that does not exist" if dangling else "does not exist")
    except PermissionError:
        return _problem(shown, "cannot be read: permission denied")
    except (OSError, ValueError) as error:
        return _problem(shown, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(raw) > limit:
        return _problem(shown, f"is larger than {limit // MEGABYTE} MB, the most that is read")
    return raw


def from_bytes(raw: bytes, shown: str, kind: Kind | None) -> Document | tuple[Problem, ...]:
    """The document that these bytes are; `kind` None: an interpreter line decides (`#!/usr/bin/env python`)."""
    kind = kind or _kind_of_script(raw)
    if kind is None:
        return (_problem(shown, "is not of a kind that is read (Python, notebook, YAML, JSON, shell, Jinja)"),)
    decoded = decode(raw, shown, kind)
    if isinstance(decoded, Problem):
        return (decoded,)
    text, encoding, bom = decoded
    if kind is not Kind.NOTEBOOK:
        return Document(Source(shown, kind, text), raw, encoding, bom)
    from trl_lint.sources.notebook import notebook

    source, problems = notebook(text, shown)
    if source is None:
        return problems
    return Document(source, raw, encoding, bom, problems)


def from_text(text: str, shown: str, kind: Kind) -> Document:
    """A document for text that is decoded already (an editor's buffer, a test); its bytes are UTF-8.

    A notebook that is broken as a whole yields an empty source; its problems stand in the document.
    """
    raw = text.encode("utf-8", "surrogatepass")
    text, bom = text.removeprefix("\ufeff"), text.startswith("\ufeff")
    if kind is not Kind.NOTEBOOK:
        return Document(Source(shown, kind, text), raw, "utf-8", bom)
    from trl_lint.sources.notebook import notebook

    source, problems = notebook(text, shown)
    return Document(source or Source(shown, kind, ""), raw, "utf-8", bom, problems)


def _is_link(path: Path) -> bool:
    try:
        return Path(path).is_symlink()
    except (OSError, ValueError):
        return False


def _kind_of_script(raw: bytes) -> Kind | None:
    line = raw[:200].split(b"\n", 1)[0]
    if not line.startswith(b"#!"):
        return None
    if b"python" in line:
        return Kind.PYTHON
    return Kind.SHELL if line.rstrip().endswith(b"sh") else None


def _problem(shown: str, message: str) -> Problem:
    return Problem(Place(shown, 1), f"the file {message}", "error")
