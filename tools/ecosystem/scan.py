"""Findings on whole repositories, as rows that can be stored and compared."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from .checkout import Repository

_LIMIT = 1200  # seconds for one repository


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One finding; `cell` is 0 outside notebooks."""

    repository: str
    path: str
    cell: int
    line: int
    code: str
    severity: str
    confidence: str
    message: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What one call over a repository found, how long it took, and how it failed (None: it did not)."""

    rows: tuple[Row, ...]
    seconds: float
    failure: str | None = None


def scan(repository: Repository, folder: Path) -> Scan:
    """All findings on the files in `folder`, by the linter that this Python has installed."""
    command = [sys.executable, "-m", "trl_lint", "check", "--isolated", "--output-format", "json", "."]
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return Scan((), time.monotonic() - started, f"no answer within {_LIMIT} seconds")
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1):
        return Scan((), seconds, done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else "no answer")
    return Scan(tuple(sorted(_row(repository, each) for each in json.loads(done.stdout))), seconds)


def _row(repository: Repository, finding: dict[str, Any]) -> Row:
    return Row(
        repository.name,
        finding["filename"],
        finding["cell"] or 0,
        finding["location"]["row"],
        finding["code"],
        finding["severity"],
        finding["confidence"],
        finding["message"],
    )


def write(path: Path, rows: Iterable[Row]) -> None:
    """One JSON object a line, sorted."""
    path.write_text("".join(json.dumps(asdict(row)) + "\n" for row in sorted(rows)), encoding="utf-8")


def read(path: Path) -> tuple[Row, ...]:
    """What `write` wrote."""
    return tuple(Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())


def difference(before: Iterable[Row], after: Iterable[Row]) -> Iterator[str]:
    """A Markdown report of what a change of the linter changes; findings that only moved are no difference."""
    old, new = Counter(map(_without_line, before)), Counter(map(_without_line, after))
    gone, come = old - new, new - old
    yield f"{come.total()} findings come, {gone.total()} go, {(old & new).total()} stay."
    for title, rows in (("Come", come), ("Gone", gone)):
        if rows:
            yield ""
            yield f"## {title}"
            yield ""
            yield "| repository | file | code | severity | confidence | message |"
            yield "|---|---|---|---|---|---|"
            for row in sorted(rows.elements()):
                yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def _without_line(row: Row) -> tuple[str, ...]:
    repository, path, _, _, *rest = astuple(row)
    return (repository, path, *rest)
