"""The command line of the coverage program."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from ecosystem.checkout import PINNED, checkout, pinned

from .measure import Counts, Reach, measure_folder

_HEADINGS = (
    "repository",
    "files",
    "trainer calls",
    "give a run",
    "config known",
    "model named",
    "or from an argument",
    "processing class known",
    "data known",
)
_MOST_REASONS = 12
_BEGIN, _END = "<!-- reach -->", "<!-- /reach -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. 0: done; 2: a folder is not there."""
    parser = argparse.ArgumentParser(prog="python -m tools.reach", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="a checked-out repository")
    parser.add_argument("--work", type=Path, help="measure the pinned repositories, whose files go into this folder")
    parser.add_argument("--clones", type=Path, help="a folder with clones (owner+name); default: clone from GitHub")
    parser.add_argument("--page", type=Path, help="a Markdown file whose part between `reach` marks is made anew")
    parser.add_argument("--reasons", action="store_true", help="also print why what is not known is not")
    options = parser.parse_args(arguments)
    folders: list[tuple[str, Path]] = [(each.name.replace("+", "/", 1), each) for each in options.folders]
    for _, folder in folders:
        if not folder.is_dir():
            parser.error(f"{folder}: no such folder")
    if options.work is not None:
        found = pinned(PINNED)
        folders += [(each.name, checkout(each, options.work, options.clones)) for each in found]
    measured = [(name, measure_folder(folder)) for name, folder in folders]
    lines = list(table(measured))
    if options.reasons or options.page is not None:
        lines += ["", *reasons(sum((each for _, each in measured), Reach()))]
    if options.page is None:
        print("\n".join(lines))
    else:
        before = options.page.read_text(encoding="utf-8")
        options.page.write_text(with_tables(before, lines, date.today()), encoding="utf-8")
    return 0


def table(measured: Sequence[tuple[str, Reach]]) -> Iterator[str]:
    """One row a repository that has trainer calls, and one for all."""
    yield f"| {' | '.join(_HEADINGS)} |"
    yield "|---" * len(_HEADINGS) + "|"
    yield from (row(name, each.counts) for name, each in measured if each.counts.calls)
    yield row("all", sum((each for _, each in measured), Reach()).counts)


def with_tables(page: str, lines: Sequence[str], day: date) -> str:
    """`page` with the part between its marks replaced. Raises ValueError where it has none."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the page has no part between `{_BEGIN}` and `{_END}`")
    made = [
        f"Measured on {day.isoformat()} with `python -m tools.reach --work ../eco --page docs/reach.md`:",
        "",
        *lines,
    ]
    return "\n".join([before + _BEGIN, "", *made, "", _END + after])


def row(name: str, counts: Counts) -> str:
    """One line of the table: shares of the calls that give a run, of the runs that know a part."""
    parts = (counts.config, counts.model, counts.traced, counts.processing, counts.data)
    shares = [_share(part, counts.runs) for part in parts]
    cells = [name, str(counts.files), str(counts.calls), _share(counts.runs, counts.calls), *shares]
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "-"


def reasons(measured: Reach) -> Iterator[str]:
    """A table of why parts of runs are not known, the most frequent reasons first."""
    yield "| not known | calls | why |"
    yield "|---|---|---|"
    by_part: dict[str, Counter[str]] = {}
    for (part, reason), count in measured.reasons.items():
        by_part.setdefault(part.partition(" ")[0] if part.startswith("setting") else part, Counter())[reason] += count
    for part, found in sorted(by_part.items()):
        for reason, count in found.most_common(_MOST_REASONS):
            yield f"| {part} | {count} | {reason} |"
