"""The command line of the ecosystem program."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .checkout import PINNED, checkout, pinned
from .fixes import try_fixes
from .precision import read_verdicts, report, with_report
from .scan import Row, difference, read, scan, write
from .upgrades import try_upgrade


def main(arguments: Sequence[str] | None = None) -> int:
    """0: done; 1: a repository made the linter fail, or a fix did harm."""
    parser = argparse.ArgumentParser(prog="python -m tools.ecosystem", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("scan", "lint the pinned repositories and store the findings"),
        ("fixes", "apply all fixes to copies of the pinned repositories and look at the result"),
        ("upgrades", "say what another TRL changes, apply the safe fixes to copies, and look at what is left"),
    ):
        each = commands.add_parser(name, help=what, description=what)
        each.add_argument("--work", type=Path, required=True, help="a folder for the files of the repositories")
        each.add_argument("--clones", type=Path, help="a folder with clones (owner+name); default: clone from GitHub")
        each.add_argument("--repositories", type=Path, default=PINNED, help="the list (default: %(default)s)")
        if name == "upgrades":
            each.add_argument("--to", default="1.16", help="the release to move to (default: %(default)s)")
        if name == "scan":
            each.add_argument("--output", type=Path, required=True, help="the findings, as JSON lines")
    compare = commands.add_parser("compare", help="show how two stored scans differ, as Markdown")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    precision = commands.add_parser("precision", help="count what the verdicts say of a stored scan")
    precision.add_argument("findings", type=Path)
    precision.add_argument("--page", type=Path, help="a Markdown file whose part between marks is made anew")
    options = parser.parse_args(arguments)
    if options.command == "precision":
        return _precision(options)
    if options.command == "compare":
        print("\n".join(difference(read(options.before), read(options.after))))
        return 0
    return {"scan": _scan, "fixes": _fixes, "upgrades": _upgrades}[options.command](options)


def _precision(options: argparse.Namespace) -> int:
    lines = list(report(read(options.findings), read_verdicts()))
    if options.page is None:
        print("\n".join(lines))
    else:
        page = options.page.read_text(encoding="utf-8")
        options.page.write_text(with_report(page, lines), encoding="utf-8")
    return 0


def _scan(options: argparse.Namespace) -> int:
    rows: list[Row] = []
    failed = False
    print("| repository | seconds | errors | warnings | infos | failure |\n|---|---|---|---|---|---|")
    for repository in pinned(options.repositories):
        done = scan(repository, checkout(repository, options.work, options.clones))
        rows += done.rows
        failed |= done.failure is not None
        counts = Counter(row.severity for row in done.rows)
        numbers = " | ".join(str(counts[severity]) for severity in ("error", "warning", "info"))
        print(f"| {repository.name} | {done.seconds:.1f} | {numbers} | {done.failure or ''} |", flush=True)
    write(options.output, rows)
    return 1 if failed else 0


def _fixes(options: argparse.Namespace) -> int:
    harmed = False
    print("| repository | files changed | findings fixed | complaints |\n|---|---|---|---|")
    for repository in pinned(options.repositories):
        folder = checkout(repository, options.work, options.clones)
        with tempfile.TemporaryDirectory() as work:
            tried = try_fixes(folder, Path(work) / repository.folder)
        harmed |= bool(tried.complaints)
        said = "<br>".join(tried.complaints)
        print(f"| {repository.name} | {tried.changed} | {tried.fixed} | {said} |", flush=True)
    return 1 if harmed else 0


def _upgrades(options: argparse.Namespace) -> int:
    failed = False
    print("| repository | would break | silently change | warn | fixed | names left | of these fixable |")
    print("|---|---|---|---|---|---|---|")
    for repository in pinned(options.repositories):
        folder = checkout(repository, options.work, options.clones)
        with tempfile.TemporaryDirectory() as work:
            done = try_upgrade(folder, Path(work) / repository.folder, options.to)
        failed |= bool(done.failure or done.fixable)
        left = ", ".join(f"{code} {count}" for code, count in sorted(done.left.items())) or "none"
        said = done.failure or "<br>".join(done.fixable) or "none"
        numbers = f"{done.breaks} | {done.changes} | {done.warns} | {done.fixed}"
        print(f"| {repository.name} | {numbers} | {left} | {said} |", flush=True)
    return 1 if failed else 0
