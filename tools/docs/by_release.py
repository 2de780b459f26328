"""What trl-lint says of one file in every release of TRL, as a table.

<!-- releases: examples/founding-case/train.py -->
<!-- /releases -->
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint.targets import ranges
from trl_lint_rules import facts

from . import outputs
from .markdown import cell, prose

_BEGIN = re.compile(r"<!--\s*releases:\s*(\S+)\s*-->")
_END = "<!-- /releases -->"
_RELEASE = re.compile(r"\bTRL \d+(\.\d+)*")

Said = tuple[str, ...]


def with_releases(text: str, root: Path) -> str:
    """`text` with each such table made anew. Raises ValueError for a table that does not end."""
    lines = text.split("\n")
    made: list[str] = []
    done = 0
    for number, line in prose(lines):
        begin = _BEGIN.fullmatch(line.strip())
        if begin is None:
            continue
        ends = [at for at, other in prose(lines) if at > number and other.strip() == _END]
        if not ends:
            raise ValueError(f"line {number + 1}: `{_END}` is missing")
        made += [*lines[done : number + 1], "", *_table(begin[1], root), ""]
        done = ends[0]
    return "\n".join([*made, *lines[done:]])


def _table(path: str, root: Path) -> Iterator[str]:
    known = facts.releases("trl")
    said = {release: _said(path, release, root) for release in known}
    yield "| TRL | what trl-lint says |"
    yield "|---|---|"
    for answer, group in groupby(known, key=lambda release: said[release]):
        releases = list(group)
        yield f"| {ranges.in_words(releases, known)} | {'<br>'.join(map(cell, answer)) or 'nothing: the run is fine'} |"


def _said(path: str, release: Release, root: Path) -> Said:
    """What is said in this release, without its number, so that equal answers of neighbours are equal."""
    command = f"trl-lint check {path} --target-trl {release} --output-format json"
    findings = json.loads(outputs.run(command, root))
    return tuple(
        f"**{each['severity']}** `{each['name']}`: {_RELEASE.sub('TRL', each['message'])}" for each in findings
    )
