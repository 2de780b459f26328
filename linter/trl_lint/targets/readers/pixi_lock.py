"""`pixi.lock`: huge YAML written by a machine, so it is searched for file names and name/version pairs."""

from __future__ import annotations

import re

from trl_lint.lazy import regex
from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import MOST_CLAIMS, Claim, Layer, Reading
from trl_lint.targets.files import Document
from trl_lint.targets.requirement import claim_of_specifier

_FILE = regex(
    r"/(trl|transformers|unsloth)-(\d[\w.+!]*?)(?:-[^/\s]*\.(?:conda|tar\.bz2|whl)|\.tar\.gz)(?=[\s#]|$)", re.MULTILINE
)
_PAIR = regex(
    r"""^[ \t-]*name: ["']?(trl|transformers|unsloth)["']?[ \t]*\n[ \t]*version: ["']?(\d[\w.+!]*)""", re.MULTILINE
)


def read_pixi_lock(document: Document) -> Reading:
    """The locked releases, each once; several where environments differ."""
    seen: dict[tuple[str, str], Claim] = {}
    problems: list[Problem] = []
    for pattern, group in ((_PAIR, 2), (_FILE, 1)):
        for match in pattern.finditer(document.text):
            package, version = match[1], match[2]
            if (package, version) in seen or len(seen) >= MOST_CLAIMS:
                continue
            place = document.place(document.row_at(match.start(group)))
            found = claim_of_specifier(package, f"=={version}", f"=={version}", place)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                seen[package, version] = found
    return Reading((Layer(tuple(seen.values()), Basis.LOCK, (document.path,), either=True),), tuple(problems))
