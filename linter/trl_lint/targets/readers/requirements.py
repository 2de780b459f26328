"""`requirements*.txt`, with the files that they name by `-r` and `-c`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.files import Document, read_document
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.requirement import claim_of

_COMMENT = regex(r"(?:^|\s)#.*")
_OPTION = regex(r"\s--?[A-Za-z].*")
_INCLUDE = regex(r"(?:-r|-c|--requirement|--constraint)(?:\s*=\s*|\s+|(?<=-[rc])(?=\S))(\S+)")
_EDITABLE = regex(r"(?:-e|--editable)(?:\s*=\s*|\s+)(\S.*)")
_MOST_FILES = 50


def read_requirements(path: Path) -> Reading:
    """What a requirements file and all that it includes say, as one layer."""
    claims: list[Claim] = []
    problems: list[Problem] = []
    files: list[Path] = []
    _read(path, claims, problems, files)
    return Reading((Layer(tuple(claims), Basis.REQUIREMENT, tuple(files)),), tuple(problems))


def _read(path: Path, claims: list[Claim], problems: list[Problem], files: list[Path]) -> Problem | None:
    """Appends what `path` says; the complaint if it cannot be read at all."""
    document = read_document(path, gate=False)
    files.append(path)
    if not isinstance(document, Document):
        problems.extend([document] if document and len(files) == 1 else [])
        return document
    for row, line in _lines(document.text):
        include = _INCLUDE.match(line)
        if include:
            _include(document, row, include[1].strip("\"'"), claims, problems, files)
            continue
        editable = _EDITABLE.match(line)
        if not editable and line.startswith("-"):
            continue
        text = editable[1] if editable else _OPTION.sub("", line)
        found = claim_of(text.strip(), document.place(row), strict=not editable)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            claims.append(found)
    return None


def _include(
    document: Document, row: int, name: str, claims: list[Claim], problems: list[Problem], files: list[Path]
) -> None:
    if "://" in name or "$" in name:
        return
    path = Path(os.path.normpath(document.path.parent / name))
    if path in files or len(files) >= _MOST_FILES:
        return
    failure = _read(path, claims, problems, files)
    if failure is not None:
        problems.append(Problem(document.place(row), f"`{name}` {failure.message}"))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The logical lines that can matter, with the row on which each begins; comments are gone."""
    pending, first = "", 0
    for row, raw in enumerate(text.split("\n"), 1):
        first = first if pending else row
        if raw.endswith("\\") and not raw.lstrip().startswith("#") and len(pending) < 20_000:
            pending += raw[:-1] + " "
            continue
        line = _COMMENT.sub("", pending + raw).strip()
        pending = ""
        low = line.lower()
        if line.startswith("-") or any(package in low for package in PACKAGES):
            yield first, line
