"""The command line of the coverage program."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .measure import Counts, measure_folder

_HEADINGS = (
    "repository",
    "files",
    "trainer calls",
    "give a run",
    "config known",
    "model named",
    "or from an argument",
    "processing class known",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. 0: done; 2: a folder is not there."""
    parser = argparse.ArgumentParser(prog="python -m tools.reach", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a checked-out repository")
    folders: list[Path] = parser.parse_args(arguments).folders
    for folder in folders:
        if not folder.is_dir():
            parser.error(f"{folder}: no such folder")
    print(f"| {' | '.join(_HEADINGS)} |")
    print("|---" * len(_HEADINGS) + "|")
    total = Counts()
    for folder in folders:
        counts = measure_folder(folder)
        total += counts
        if counts.calls:
            print(row(folder.name.replace("+", "/", 1), counts), flush=True)
    print(row("all", total))
    return 0


def row(name: str, counts: Counts) -> str:
    """One line of the table: shares of the calls that give a run, of the runs that know a part."""
    shares = [_share(part, counts.runs) for part in (counts.config, counts.model, counts.traced, counts.processing)]
    cells = [name, str(counts.files), str(counts.calls), _share(counts.runs, counts.calls), *shares]
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "-"
