"""The entry point: parses the command line, calls the sub-command, and answers with an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from trl_lint.cli.backend import Backend
from trl_lint.cli.plain import plain
from trl_lint.configuration.errors import ConfigurationError

FAILED = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None, backend: Backend | None = None) -> int:
    """Runs `trl-lint` with these arguments (those of the process by default) and returns the exit code.

    0: nothing found, or advice only; 1: errors or warnings found; 2: trl-lint failed, or was called wrongly.
    """
    try:
        try:
            backend = backend or Backend()
            code = _dispatch(argv, backend)
            for problem in backend.problems():
                code = _fail(problem)
        except SystemExit as leaving:  # argparse: 0 after --help, 2 after a wrong flag
            code = leaving.code if isinstance(leaving.code, int) else FAILED
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; without this Python complains once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except ConfigurationError as problem:
        return _fail(str(problem))
    except Exception:
        import traceback

        traceback.print_exc()
        return _fail("this is a defect of trl-lint, please report it")
    return code


def _dispatch(argv: Sequence[str] | None, backend: Backend) -> int:
    from trl_lint.cli.terminal import make_printable

    make_printable(sys.stdout, sys.stderr)
    # A check makes objects by the hundred thousand, keeps most of them, and next to none of the others form cycles:
    # looking for these after every 700 objects takes a tenth of its time.
    gc.set_threshold(100_000, 20, 50)
    words = sys.argv[1:] if argv is None else list(argv)
    arguments = plain(words)
    if arguments is not None:
        from trl_lint.cli.check import check

        return check(arguments, backend)
    return _dispatch_parsed(words, backend)


def _dispatch_parsed(words: list[str], backend: Backend) -> int:
    from trl_lint.cli.arguments import parser, with_values

    parse = parser(next((word for word in words if not word.startswith("-")), None))
    arguments = parse.parse_args(with_values(words))
    if arguments.version:
        return _version(backend)
    if arguments.command == "check":
        from trl_lint.cli.check import check

        return check(arguments, backend)
    if arguments.command == "runs":
        from trl_lint.cli.runs import runs

        return runs(arguments, backend)
    if arguments.command == "upgrade":
        from trl_lint.cli.upgrade import upgrade

        return upgrade(arguments, backend)
    if arguments.command == "preview":
        from trl_lint.cli.preview import preview

        return preview(arguments, backend)
    if arguments.command == "rule":
        from trl_lint.cli.rule import rule

        return rule(arguments, backend)
    if arguments.command == "completion":
        from trl_lint.cli.completion import completion

        return completion(arguments)
    if arguments.command == "baseline":
        from trl_lint.cli.baseline import baseline

        return baseline(arguments, backend)
    if arguments.command == "clean":
        from trl_lint.cli.clean import clean

        return clean(arguments)
    if arguments.command == "server":
        from trl_lint.cli.server import server

        return server(arguments)
    parse.print_help()
    return FAILED


def _version(backend: Backend) -> int:
    from trl_lint import __version__

    known = backend.registry.facts_summary()
    print(f"trl-lint {__version__}" + (f" ({known})" if known else ""))
    return 0


def _fail(message: str) -> int:
    from trl_lint.report.text import escape

    print(f"error: {escape(message)}", file=sys.stderr)
    return FAILED
