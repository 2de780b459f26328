"""`trl-lint server`: the language server, over standard input and output."""

from __future__ import annotations

import argparse
import logging
import sys

FAILED = 2


def server(arguments: argparse.Namespace) -> int:
    """Serves one client until it leaves; 2 where the extra is not installed."""
    try:
        from trl_lint.server.features import make_server
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        print("error: the language server needs pygls: pip install 'trl-lint[server]'", file=sys.stderr)
        return FAILED
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG if arguments.verbose else logging.WARNING)
    if not arguments.verbose:
        logging.getLogger("pygls").setLevel(logging.ERROR)  # it warns of every answer that came before its cancellation
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever else is printed would break the protocol
    make_server().start_io(sys.stdin.buffer, output)
    return 0
