"""The command line of the facts program."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from trl_lint.model.release import Release
from trl_lint_rules.facts.extract.errors import UnknownShapeError

from . import build, check, compare, real, registry, words, write

DATA = Path(__file__).resolve().parents[2] / "rules" / "trl_lint_rules" / "facts" / "data"


_FAILURES = (registry.RegistryError, real.RealError, UnknownShapeError, write.CaseClashError, OSError)


def default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "trl-lint" / "facts"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.facts", description=__doc__)
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where the read parts of wheels are kept")
    parser.add_argument("--data", type=Path, default=DATA, help="the shipped facts")
    commands = parser.add_subparsers(dest="command", required=True)
    whole = commands.add_parser("build", help="compute every release of every package")
    whole.add_argument("packages", nargs="*", metavar="PACKAGE", help="only these packages")
    again = commands.add_parser("check", help="compute some releases anew and compare")
    again.add_argument("--all", action="store_true", help="every release, not the newest and three others")
    again.add_argument("packages", nargs="*", metavar="PACKAGE", help="only these packages")
    more = commands.add_parser("add", help="compute one release, add it to the shipped facts, say what it changes")
    more.add_argument("package", choices=build.PACKAGES)
    more.add_argument("release", type=Release.parse)
    installed = commands.add_parser(
        "compare", help="install a pair of releases and compare with what importing them shows"
    )
    installed.add_argument("trl", type=Release.parse)
    installed.add_argument("transformers", type=Release.parse)
    installed.add_argument("--environment", type=Path, help="the virtual environment to use, made when it is not there")
    diff = commands.add_parser("diff", help="say what a release changes for those who use it")
    diff.add_argument("package", choices=build.PACKAGES)
    diff.add_argument("before", type=Release.parse, metavar="A")
    diff.add_argument("after", type=Release.parse, metavar="B")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. 0: done; 1: shipped facts differ (`check`, `compare`); 2: it failed."""
    options = _parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except _FAILURES as error:
        print(f"facts: {error}", file=sys.stderr)
        return 2


def _build(options: argparse.Namespace) -> int:
    build.build(options.data, options.cache, options.packages or build.PACKAGES, _report)
    return 0


def _check(options: argparse.Namespace) -> int:
    packages = options.packages or check.PACKAGES
    differences = list(check.check(options.data, options.cache, packages, options.all))
    for line in differences:
        print(line)
    for line in check.unknown(options.data, packages):
        _report(f"published but not known: {line} (add it)")
    return 1 if differences else 0


def _add(options: argparse.Namespace) -> int:
    build.add(options.data, options.cache, options.package, options.release)
    _, snapshots = build.shipped(options.data, options.package)
    before = [release for release in sorted(snapshots) if release < options.release]
    if before:
        _report(f"what {options.package} {options.release} changes, compared with {before[-1]}:")
        for line in words.changes(snapshots[before[-1]], snapshots[options.release]):
            print(line)
    return 0


def _compare(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = real.Environment(options.environment or Path(folder))
        environment.install(str(options.trl), str(options.transformers))
        differences, missing = compare.compare(environment, options.trl, options.transformers)
    for line in differences:
        print(line)
    for line in missing:
        _report(f"not compared, for want of an optional package: {line}")
    return 1 if differences else 0


def _diff(options: argparse.Namespace) -> int:
    _, snapshots = build.shipped(options.data, options.package)
    for release in (options.before, options.after):
        if release not in snapshots:
            raise registry.RegistryError(f"{options.package} {release} is not among the shipped facts")
    for line in words.changes(snapshots[options.before], snapshots[options.after]):
        print(line)
    return 0


def _report(line: str) -> None:
    print(line, file=sys.stderr)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "check": _check,
    "add": _add,
    "compare": _compare,
    "diff": _diff,
}
