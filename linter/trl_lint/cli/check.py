"""`trl-lint check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trl_lint.cli.backend import Backend
from trl_lint.cli.collect import Outcome, collect
from trl_lint.cli.inputs import uses_standard_input
from trl_lint.cli.session import Session
from trl_lint.cli.terminal import style_for, width_of
from trl_lint.model.finding import Severity
from trl_lint.paths import repository
from trl_lint.report.render import FOR_PEOPLE, Context, render
from trl_lint.report.summary import Tally, summary
from trl_lint.report.texts import Texts

if TYPE_CHECKING:
    import argparse

CLEAN, FOUND, FAILED = 0, 1, 2


def check(arguments: argparse.Namespace, backend: Backend) -> int:
    """Checks what the command line names, reports, and returns the exit code."""
    if arguments.watch:
        from trl_lint.cli.watch import watch

        return watch(arguments, backend, _check)
    return _check(arguments, backend)


def _check(arguments: argparse.Namespace, backend: Backend) -> int:
    session = Session(arguments, backend)
    outcome = collect(session)
    if arguments.diff:
        return _report_diff(outcome)
    if arguments.add_ignore is not None:
        from trl_lint.cli.ignores import add

        return add(session, outcome)
    known = _leave_out_known(session, outcome)
    if arguments.statistics:
        from trl_lint.report.statistics import statistics

        _print(statistics(session.main_configuration.output_format, outcome.findings), sys.stdout)
    else:
        _report(session, outcome, known)
    if outcome.failed:
        return FAILED
    counts = any(finding.severity is not Severity.INFO for finding in outcome.findings)
    return FOUND if counts and not arguments.exit_zero else CLEAN


def _leave_out_known(session: Session, outcome: Outcome) -> int:
    """How many findings are known already, and not reported."""
    if session.arguments.baseline is None and session.main_configuration.baseline is None:
        return 0
    from trl_lint.cli.baseline import leave_out

    return leave_out(session, outcome)


def _report(session: Session, outcome: Outcome, known: int) -> None:
    name = session.main_configuration.output_format
    fixed_to_stdout = session.arguments.fix and uses_standard_input(session)
    stream = sys.stderr if fixed_to_stdout else sys.stdout
    texts = Texts(outcome.sources, outcome.documents)
    rules = session.backend.all_rules
    context = Context(texts, width_of(stream), style_for(stream), repository(Path.cwd()), rules)
    if outcome.findings or name not in FOR_PEOPLE:
        _print(render(name, outcome.findings, context), stream)
    if name in FOR_PEOPLE and not session.arguments.quiet:
        tally = Tally(len(outcome.checked), outcome.runs, outcome.fixed, known)
        _print(summary(outcome.findings, tally, context.style, session.main_configuration.unsafe_fixes), stream)


def _report_diff(outcome: Outcome) -> int:
    """Prints the changes and nothing else, as ruff does: what cannot be fixed is for a run without --diff."""
    from trl_lint.report.diff import diff

    style = style_for(sys.stdout)
    for document, after in outcome.changes:
        _print(diff(document, after, style, sys.stdout.isatty()), sys.stdout)
    words = f"{outcome.fixed} finding{'s' if outcome.fixed != 1 else ''}"
    print(f"Would fix {words}." if outcome.fixed else "No fixes to make.", file=sys.stderr)
    if outcome.failed:
        return FAILED
    return FOUND if outcome.changes else CLEAN


def _print(lines: Iterable[str], stream: TextIO) -> None:
    stream.write("".join(f"{line}\n" for line in lines))
