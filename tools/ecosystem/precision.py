"""How many findings on real code are right: each was read by a person, and the verdicts are kept beside this file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from .scan import Row

VERDICTS = Path(__file__).with_name("verdicts.jsonl")
KINDS = ("right", "wrong", "open", "unread")
_BEGIN, _END = "<!-- precision -->", "<!-- /precision -->"

Key = tuple[str, str, int, str, str]  # repository, path, cell, code, message


def key_of(row: Row) -> Key:
    """What names a finding, wherever its line moves."""
    return row.repository, row.path, row.cell, row.code, row.message


def read_verdicts(path: Path = VERDICTS) -> dict[Key, tuple[str, str]]:
    """By finding: `right`, `wrong` or `open` (the repository does not say what would tell), and a note."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        key = each["repository"], each["path"], each["cell"], each["code"], each["message"]
        found[key] = each["verdict"], each.get("note", "")
    return found


def report(rows: Iterable[Row], verdicts: Mapping[Key, tuple[str, str]]) -> Iterator[str]:
    """For errors and for warnings: a table by rule, then what is not right."""
    rows = list(rows)
    for severity in ("error", "warning"):
        found = [row for row in rows if row.severity == severity]
        yield f"### {severity.capitalize()}s"
        yield ""
        yield from _table(found, verdicts)
        yield ""
        doubtful = [row for row in found if _verdict(row, verdicts)[0] in ("wrong", "open")]
        if doubtful:
            yield "| finding | said | verdict |"
            yield "|---|---|---|"
            for row in sorted(doubtful):
                verdict, note = _verdict(row, verdicts)
                place = f"{row.repository}: {row.path}" + (f", cell {row.cell}" if row.cell else "")
                yield f"| {row.code} in {_cell(place)}:{row.line} | {_cell(row.message)} | {verdict}: {_cell(note)} |"
            yield ""


def _table(rows: Sequence[Row], verdicts: Mapping[Key, tuple[str, str]]) -> Iterator[str]:
    yield "| rule | findings | certain | right | wrong | open | not read |"
    yield "|---|---|---|---|---|---|---|"
    codes = sorted({row.code for row in rows})
    for code in [*codes, None]:
        mine = [row for row in rows if code is None or row.code == code]
        counts = Counter(_verdict(row, verdicts)[0] for row in mine)
        certain = sum(row.confidence == "certain" for row in mine)
        numbers = [len(mine), certain, *(counts[kind] for kind in KINDS)]
        yield f"| {code or 'all'} | {' | '.join(map(str, numbers))} |"


def _verdict(row: Row, verdicts: Mapping[Key, tuple[str, str]]) -> tuple[str, str]:
    return verdicts.get(key_of(row), ("unread", ""))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def with_report(page: str, lines: Sequence[str]) -> str:
    """`page` with the part between its marks replaced. Raises ValueError where it has none."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the page has no part between `{_BEGIN}` and `{_END}`")
    return "\n".join([before + _BEGIN, "", *lines, _END + after])
