"""`setup.cfg`: `install_requires`, then each extra."""

from __future__ import annotations

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import Claim, Layer, Reading
from trl_lint.targets.files import Document
from trl_lint.targets.requirement import claim_of

_SECTION = regex(r"\[([^\]]+)\]\s*$")
_KEY = regex(r"([\w.-]+)\s*[=:](.*)")


def read_setup_cfg(document: Document) -> Reading:
    """Line by line as configparser would: an indented line continues the key above it."""
    section = key = ""
    groups: dict[tuple[bool, str], list[Claim]] = {}
    problems: list[Problem] = []
    for row, raw in enumerate(document.text.split("\n"), 1):
        line = raw.partition(" #")[0]
        if line.lstrip().startswith(("#", ";")):
            continue
        head, entry = _SECTION.match(line), None if line[:1].isspace() else _KEY.match(line)
        if head:
            section, key = head[1].strip(), ""
            continue
        if entry:
            key, line = entry[1], entry[2]
        main = section == "options" and key == "install_requires"
        if not line.strip() or not (main or section == "options.extras_require"):
            continue
        found = claim_of(line.strip(), document.place(row), strict=True)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            groups.setdefault((not main, key), []).append(found)
    ordered = sorted(groups.items(), key=lambda item: item[0][0])
    layers = tuple(Layer(tuple(claims), Basis.REQUIREMENT, (document.path,)) for _, claims in ordered)
    return Reading(layers, tuple(problems))
