"""What stays the same of a finding when lines move: its rule, its file, and what its line says."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Finding
from trl_lint.report.texts import Texts

_LONGEST = 200  # characters of a line: longer ones are data, not code


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """A finding without its row. Findings of one rule on equal lines of one file share it."""

    path: str
    rule: str
    line: str


def identity(finding: Finding, texts: Texts, path_of: Callable[[str], str]) -> Identity:
    """The identity of `finding`, in the file that `path_of` makes of its path.

    The line counts without its indentation and with single spaces: a line that is only moved or indented anew is
    the same.
    """
    place = finding.place
    line = texts.line(place.path, place.cell, place.row) or ""
    return Identity(path_of(place.path), finding.code, " ".join(line.split())[:_LONGEST])


def fingerprints(findings: Iterable[Finding], texts: Texts, path_of: Callable[[str], str]) -> list[str]:
    """A hexadecimal fingerprint for each finding: equal in the next commit, different for any two of a report."""
    seen: Counter[Identity] = Counter()
    made = []
    for finding in findings:
        key = identity(finding, texts, path_of)
        seen[key] += 1
        text = "\0".join((key.path, key.rule, key.line, str(seen[key])))
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return made
