"""The flags of all sub-commands, named as ruff names its own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from trl_lint.configuration.keys import OUTPUT_FORMATS

EVERY = "*"  # with the flags of all commands
SHELLS = ("bash", "zsh", "fish")
MOST_ROWS = 200  # that `preview` shows
MOST_JOBS = 60  # Windows waits for no more processes at once
_SELECTORS = "SELECTOR"
# What a command without the flags of `check` has in their place.
_UNSELECTED = dict.fromkeys(
    ("select", "ignore", "extend_select", "fixable", "unfixable", "min_confidence", "unsafe_fixes")
)


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command line, with the flags of `command` alone: making them all costs milliseconds.

    `EVERY` has the flags of all commands.
    """
    top = argparse.ArgumentParser(
        prog="trl-lint",
        description="What TRL would refuse or silently do wrong with this training code, before any run.",
        epilog="Exit codes: 0 nothing found (or advice only), 1 errors or warnings found, 2 trl-lint failed.",
        allow_abbrev=False,
    )
    top.add_argument("-V", "--version", action="store_true", help="print the version and the newest releases known")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, text, fill in (
        ("check", "check files and folders", _check),
        ("runs", "show the training runs as they are understood", _runs),
        ("upgrade", "say what another release of TRL would change", _upgrade),
        ("preview", "show which tokens of the data are trained", _preview),
        ("rule", "explain a rule", _rule),
        ("completion", "print the completion script of a shell", _completion),
        ("baseline", "write down what is found now, so that only new findings are reported", _baseline),
        ("clean", "remove the verdicts that are kept", _clean),
        ("server", "serve an editor by the language server protocol", _server),
    ):
        own = commands.add_parser(name, help=text, description=text.capitalize(), allow_abbrev=False)
        if command in (name, EVERY):
            fill(own)
    return top


def with_values(words: Sequence[str]) -> list[str]:
    """`words` with an empty value for each flag whose value may be left out; it is never the next word."""
    return [f"{word}=" if word == "--add-ignore" else word for word in words]


def _check(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    _fixing(parser)
    _rules(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=OUTPUT_FORMATS, help="default: full")
    output.add_argument("--statistics", action="store_true", help="how often each rule was met, instead of findings")
    output.add_argument("--baseline", metavar="FILE", help="report only what this file of known findings lacks")
    output.add_argument("-q", "--quiet", action="store_true", help="no summary")
    output.add_argument("-e", "--exit-zero", action="store_true", help="exit 0 even where something is found")
    output.add_argument("-w", "--watch", action="store_true", help="check again whenever a file changes")
    _effort(parser)
    _sources(parser).add_argument(
        "--affected", action="store_true", help="check scripts that import a named module too: for hooks"
    )


def _baseline(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--update", action="store_true", help="add what is new, and remove what is stale")
    how.add_argument("--prune", action="store_true", help="remove what is stale, and add nothing")
    parser.add_argument(
        "--baseline", metavar="FILE", help="the file (default: the configured one, else trl-lint-baseline.json)"
    )
    _rules(parser)
    _effort(parser)
    _sources(parser)
    parser.set_defaults(fix=False, diff=False, unsafe_fixes=None, output_format=None, add_ignore=None, watch=False)


def _fixing(parser: argparse.ArgumentParser) -> None:
    fixing = parser.add_argument_group("fixes")
    fixing.add_argument("--fix", action="store_true", help="apply the safe fixes")
    fixing.add_argument(
        "--unsafe-fixes", action=argparse.BooleanOptionalAction, help="with --fix or --diff: unsafe fixes too"
    )
    fixing.add_argument("--diff", action="store_true", help="print what --fix would change, and write nothing")
    fixing.add_argument(
        "--add-ignore",
        metavar="=REASON",
        help="add a suppression comment to everything that is found; the reason may be left out",
    )


def _rules(parser: argparse.ArgumentParser) -> None:
    rules = parser.add_argument_group("rules", "A selector is a code, the start of a code, a rule's name, or ALL.")
    for flag, text in (
        ("--select", "only these rules"),
        ("--ignore", "not these rules"),
        ("--extend-select", "these rules as well"),
        ("--fixable", "only fixes of these rules"),
        ("--unfixable", "no fixes of these rules"),
    ):
        rules.add_argument(flag, action="append", metavar=_SELECTORS, help=text)
    rules.add_argument(
        "--min-confidence", choices=("certain", "possible"), help="hide what is less sure (default: possible)"
    )


def _runs(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument("--output-format", choices=("text", "json"), help="default: text")
    _sources(parser)
    parser.set_defaults(**_UNSELECTED)


def _upgrade(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    releases = parser.add_argument_group("releases", "A release such as 1.16 or 0.19.1, or a specifier.")
    releases.add_argument("--to", metavar="SPEC", help="the TRL release to move to")
    releases.add_argument(
        "--facts-from",
        action="append",
        metavar="PATH",
        help="move to the TRL or transformers in this folder: a site-packages folder or a checkout",
    )
    releases.add_argument(
        "--from", dest="from_trl", metavar="SPEC", help="the one to come from (default: what the project has today)"
    )
    releases.add_argument(
        "--target-transformers",
        dest="to_transformers",
        metavar="SPEC",
        help="the transformers release that goes with --to (default: the newest that it allows)",
    )
    releases.add_argument("--from-transformers", metavar="SPEC", help="the same for --from")
    fixing = parser.add_argument_group("changes")
    fixing.add_argument("--fix", action="store_true", help="apply the safe fixes for the new release")
    fixing.add_argument("--pin-defaults", action="store_true", help="write out the defaults that would change")
    fixing.add_argument("--diff", action="store_true", help="print what would be changed, and write nothing")
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=("text", "json", "markdown"), help="default: text")
    _online(parser)
    _files(parser)
    parser.set_defaults(**_UNSELECTED, target_trl=None, target_transformers=None, stdin_filename=None)


def _preview(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument("--rows", type=_count, default=3, metavar="N", help="how many rows to show (default: 3)")
    releases = parser.add_argument_group("releases", "A release such as 1.16 or 0.19.1, or a specifier.")
    which = releases.add_mutually_exclusive_group()
    which.add_argument("--release", metavar="SPEC", help="of TRL (default: what the project has today)")
    which.add_argument("--compare", nargs=2, metavar="SPEC", help="two releases of TRL, side by side")
    releases.add_argument(
        "--target-transformers", metavar="SPEC", help="of transformers (default: the newest that goes with TRL)"
    )
    releases.add_argument(
        "--facts-from",
        action="append",
        metavar="PATH",
        help="take TRL's training templates (and, if no release is named, the release) from this folder",
    )
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=("text", "json", "html"), help="default: text")
    output.add_argument("-o", "--output", metavar="FILE", help="write to this file")
    _online(parser)
    _files(parser)
    parser.set_defaults(**_UNSELECTED, target_trl=None, stdin_filename=None)


def _count(text: str) -> int:
    return _number(text, MOST_ROWS)


def _jobs(text: str) -> int:
    return _number(text, MOST_JOBS)


def _number(text: str, most: int) -> int:
    number = int(text)
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"a number from 1 to {most}")
    return number


def _effort(parser: argparse.ArgumentParser) -> None:
    effort = parser.add_argument_group("effort")
    effort.add_argument(
        "-j", "--jobs", type=_jobs, metavar="N", help="check in N processes (default: one for each core, where it pays)"
    )
    effort.add_argument("-n", "--no-cache", action="store_true", help="neither use nor keep verdicts of other calls")
    effort.add_argument("--cache-dir", metavar="DIR", help="where verdicts are kept (default: .trl_lint_cache)")


def _rule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", metavar="NAME", help="a rule's name or code")
    parser.add_argument("--all", action="store_true", help="all rules")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")


def _completion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def _clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cache-dir", metavar="DIR", help="where verdicts are kept (default: .trl_lint_cache)")


def _server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stdio", action="store_true", help="over standard input and output (always; editors say so)")
    parser.add_argument("--verbose", action="store_true", help="log every message on standard error")


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders, `-` for standard input (default: .)"
    )


def _sources(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    target = parser.add_argument_group("target")
    target.add_argument(
        "--target-trl", metavar="SPEC", help="the TRL releases to check against, such as 1.9.2 or >=0.22"
    )
    target.add_argument("--target-transformers", metavar="SPEC", help="the same for transformers")
    target.add_argument(
        "--facts-from",
        action="append",
        metavar="PATH",
        help="check against the TRL or transformers in this folder: a site-packages folder or a checkout",
    )
    _online(target)
    files = _files(parser)
    files.add_argument("--stdin-filename", metavar="PATH", help="the name of what comes on standard input")
    return files


def _online(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--online", action=argparse.BooleanOptionalAction, help="ask the Hub for model metadata (default: never)"
    )


def _files(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    files = parser.add_argument_group("files")
    files.add_argument("--exclude", action="append", metavar="PATTERN", help="instead of the default exclusions")
    files.add_argument("--extend-exclude", action="append", metavar="PATTERN", help="besides the others")
    files.add_argument(
        "--respect-gitignore", action=argparse.BooleanOptionalAction, help="leave out what git ignores (default)"
    )
    files.add_argument(
        "--markdown", action=argparse.BooleanOptionalAction, help="check commands in Markdown files too (default: no)"
    )
    files.add_argument(
        "--force-exclude", action=argparse.BooleanOptionalAction, help="exclude even files that are named"
    )
    files.add_argument("--config", metavar="FILE", help="this configuration file and no other")
    files.add_argument("--isolated", action="store_true", help="no configuration file")
    return files
