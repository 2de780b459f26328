"""A Dockerfile's `pip install` lines."""

from __future__ import annotations

import re

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.commands import installs
from trl_lint.targets.files import Document
from trl_lint.targets.requirement import claim_of

_VARIABLE = regex(r"^[ \t]*(?:ARG|ENV)[ \t]+(\w+)[= ][\"']?([\w.+-]+)[\"']?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_USE = regex(r"\$\{?(\w+)(?:[:-][^}]*)?\}?")


def read_dockerfile(document: Document) -> Reading:
    """The last line on each package decides; `ARG` and `ENV` values stand in for their variables."""
    variables = dict(_VARIABLE.findall(document.text))
    lines = [(line, document.place(row)) for row, line in enumerate(document.text.split("\n"), 1) if line]
    last: dict[str, Claim] = {}
    problems: list[Problem] = []
    for install in installs(lines):
        if install.kind != "requirement":
            continue
        text = _USE.sub(lambda match: variables.get(match[1], match[0]), install.text)
        found = claim_of(text, install.place)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None and (found.pins or found.package not in last):
            last[found.package] = found
    return Reading((Layer(tuple(last.values()), Basis.REQUIREMENT, (document.path,)),), tuple(problems))
