"""`trl-lint completion`: a script that completes the command line in a shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from trl_lint.cli.arguments import EVERY, parser


def completion(arguments: argparse.Namespace) -> int:
    """Prints the script for the shell that was named."""
    import shtab

    whole = parser(EVERY)
    for action in _actions(whole):
        if action.metavar in ("PATH", "FILE"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(whole, arguments.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for own in action.choices.values():
                yield from _actions(own)
