"""`environment.yml`: conda's own dependencies, and the pip list below them.

Read by lines: the file is a plain list in practice, and a YAML parser costs more than all other readers together.
"""

from __future__ import annotations

import re

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.dialects import from_conda
from trl_lint.targets.files import Document
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.readers.requirements import read_requirements
from trl_lint.targets.requirement import claim_of, claim_of_specifier, normalise

_ITEM = regex(r"(\s*)-\s+(.*)")
_MATCH = regex(r"(?:[\w./-]+::)?([A-Za-z0-9][A-Za-z0-9_.-]*)\s*(.*)")
_INCLUDE = regex(r"(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)")


def read_conda(document: Document) -> Reading:
    """What the environment file says, pip's part with conda's."""
    claims: list[Claim] = []
    problems: list[Problem] = []
    included = Reading()
    pip: int | None = None
    for row, raw in enumerate(document.text.split("\n"), 1):
        item = _ITEM.fullmatch(re.sub(r"(?:^|\s)#.*", "", raw))
        if item is None:
            continue
        depth, text = len(item[1]), item[2].strip().strip("\"'")
        if pip is not None and depth <= pip:
            pip = None
        if pip is None and re.fullmatch(r"pip\s*:", text):
            pip = depth
            continue
        include = _INCLUDE.fullmatch(text) if pip is not None else None
        if include:
            included += read_requirements(document.path.parent / include[1])
            continue
        found = claim_of(text, document.place(row), strict=True) if pip is not None else _conda(document, row, text)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            claims.append(found)
    own = Reading((Layer(tuple(claims), Basis.REQUIREMENT, (document.path,)),), tuple(problems))
    return own + included


def _conda(document: Document, row: int, text: str) -> Claim | Problem | None:
    match = _MATCH.fullmatch(text)
    if match is None or normalise(match[1]) not in PACKAGES:
        return None
    return claim_of_specifier(normalise(match[1]), from_conda(match[2]), match[2].strip(), document.place(row))
