"""`uv.lock`, `poetry.lock` and `pylock.toml`: machine-written and large, so searched and not parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import MOST_CLAIMS, Claim, Layer, Reading
from trl_lint.targets.files import Document
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.requirement import claim_of_specifier, claim_of_url

_NAME = regex(r"""[ \t]*name[ \t]*=[ \t]*["'][a-z]+["'][ \t]*""")
_WIDEST = 100  # characters of a `name` line
_LONGEST = 200_000  # characters of a package's table, of which only the first lines matter
_HEAD = "\n[[package"
_VERSION = regex(r"""^[ \t]*version[ \t]*=[ \t]*["']([^"']+)["']""", re.MULTILINE)
_GIT = regex(r"""\bgit\s*=\s*["']([^"']+)["']""")
_POETRY_GIT = regex(r"""^type\s*=\s*["']git["']\s*$""", re.MULTILINE)
_FIELD = regex(r"""^(url|reference|requested-revision)\s*=\s*["']([^"']+)["']""", re.MULTILINE)
_TREE = regex(r"""\b(editable|virtual|directory)\s*=\s*(?:["']|\{)""")
_CONFLICT = "\n<<<<<<< "


def read_toml_lock(document: Document) -> Reading:
    """The locked releases; several where the lock holds one for each kind of environment."""
    conflict = document.text.find(_CONFLICT)
    if conflict >= 0:
        row = document.row_at(conflict + 1)
        return Reading(problems=(Problem(document.place(row), "holds an unresolved merge conflict: not read"),))
    claims: list[Claim] = []
    problems: list[Problem] = []
    for package, offset in islice(_names(document.text), MOST_CLAIMS):
        start = document.text.rfind(_HEAD, 0, offset)
        end = document.text.find(_HEAD, offset)
        if start < 0 and not document.text.startswith(_HEAD[1:]):
            continue
        found = _package(document, package, start + 1, min(end if end >= 0 else len(document.text), start + _LONGEST))
        if isinstance(found, Problem):
            problems.append(found)
        else:
            claims.append(found)
    return Reading((Layer(tuple(claims), Basis.LOCK, (document.path,), either=True),), tuple(problems))


def _names(text: str) -> Iterator[tuple[str, int]]:
    """The tables named after our packages, and the offset of their `name` line. Searching for the quoted name is
    several times faster than a pattern for the line."""
    for package in PACKAGES:
        for quoted in (f'"{package}"', f"'{package}'"):
            offset = text.find(quoted)
            while offset >= 0:
                start = text.rfind("\n", max(0, offset - _WIDEST), offset) + 1
                end = text.find("\n", offset, offset + _WIDEST)
                if start and _NAME.fullmatch(text, start, end if end >= 0 else len(text)):
                    yield package, start
                offset = text.find(quoted, offset + 1)


def _package(document: Document, package: str, start: int, end: int) -> Claim | Problem:
    """What the table between two offsets says."""
    block = document.text[start:end]
    version, git = _VERSION.search(block), _GIT.search(block)
    row = document.row_at(start + version.start() if version else start)
    if version is not None:
        return claim_of_specifier(package, f"=={version[1]}", f"=={version[1]}", document.place(row))
    fields = {match[1]: match[2] for match in _FIELD.finditer(block)}
    if git is None and _POETRY_GIT.search(block) and "url" in fields:
        return claim_of_url(package, f"git+{fields['url']}@{fields.get('reference', '')}", document.place(row))
    if git is not None:
        address, _, query = git[1].partition("#")[0].partition("?")
        reference = query.rpartition("=")[2]
        return claim_of_url(
            package, f"git+{address}@{reference}" if reference else f"git+{address}", document.place(row)
        )
    if _TREE.search(block) or "vcs" in block:
        return Claim(package, "", "(a source tree)", document.place(row), "a source tree")
    return Problem(document.place(row), f"names no version of {package}")
