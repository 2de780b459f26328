"""`trl-lint runs`: each run as it was understood."""

from __future__ import annotations

import argparse
import sys

from trl_lint.cli.backend import Backend
from trl_lint.cli.inputs import files
from trl_lint.cli.session import Session
from trl_lint.cli.terminal import Progress, style_for, width_of
from trl_lint.engine import UnreadableError
from trl_lint.report.runs import RunReport, as_data, render_text
from trl_lint.report.text import escape


def runs(arguments: argparse.Namespace, backend: Backend) -> int:
    """Prints the runs of the files that the command line names; exit 2 where trl-lint failed."""
    session = Session(arguments, backend)
    found = files(session)
    for problem in found.problems:
        print(f"error: {escape(str(problem.place))}: {escape(problem.message)}", file=sys.stderr)
    reports: list[RunReport] = []
    unreadable: list[str] = []
    progress = Progress(len(found.files))
    try:
        for file in found.files:
            progress.step(file.shown)
            try:
                reports += session.judge(file.configuration).engine.runs(file.path, file.shown)
            except UnreadableError as error:
                unreadable.append(escape(str(error)))
    finally:
        progress.close()
    for message in unreadable:
        print(f"error: {message}", file=sys.stderr)
    if arguments.output_format == "json":
        import json

        print(json.dumps(as_data(reports), indent=2))
    else:
        reports = list(dict.fromkeys(reports))  # a recipe's run is that of the script which reads it
        for line in render_text(reports, style_for(sys.stdout), width_of(sys.stdout)):
            print(line)
        many = f"{len(found.files)} file{'s' if len(found.files) != 1 else ''}"
        if not reports:
            print(f"No runs found in {many}.")
        elif len(reports) > 1:
            print(f"{len(reports)} runs in {many}.")
    return 2 if session.failed or found.problems or unreadable else 0
