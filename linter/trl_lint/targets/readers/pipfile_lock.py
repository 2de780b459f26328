"""`Pipfile.lock`."""

from __future__ import annotations

import json
import re

from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.files import Document, mapping, too_large
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.requirement import claim_of_specifier, claim_of_url


def read_pipfile_lock(document: Document) -> Reading:
    """The locked releases, those of the default section before those for development."""
    large = too_large(document)
    if large is not None:
        return Reading(problems=(large,))
    try:
        top = json.loads(document.text)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        message = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        return Reading(problems=(Problem(document.place(row), f"not valid JSON: {message}"),))
    reading = Reading()
    for section in mapping(top):
        claims: list[Claim] = []
        problems: list[Problem] = []
        for package in PACKAGES:
            entry = mapping(mapping(mapping(top)[section]).get(package))
            found = _entry(document, section, package, entry) if entry else None
            if isinstance(found, Problem):
                problems.append(found)
            elif found is not None:
                claims.append(found)
        reading += Reading((Layer(tuple(claims), Basis.LOCK, (document.path,)),), tuple(problems))
    return reading


def _entry(document: Document, section: str, package: str, entry: object) -> Claim | Problem:
    """What one locked package says."""
    head = document.row_of(rf'"{re.escape(section)}"\s*:')
    row = document.row_of(rf'"{package}"\s*:', head)
    version, git = mapping(entry).get("version"), mapping(entry).get("git")
    if isinstance(version, str):
        return claim_of_specifier(package, version, version, document.place(document.row_of(r'"version"\s*:', row)))
    if isinstance(git, str):
        reference = mapping(entry).get("ref", "")
        return claim_of_url(package, f"git+{git}@{reference}", document.place(row))
    return Claim(package, "", "(a source tree)", document.place(row), "a source tree")
