"""Workflow commands: GitHub shows each finding at its line of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.finding import Finding, Severity
from trl_lint.report.frame import location
from trl_lint.report.render import Context

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:  # noqa: ARG001
    """`::error title=...,file=...,line=...,col=...,endLine=...,endColumn=...::message`."""
    for finding in findings:
        place = finding.place
        properties = {"title": f"trl-lint ({finding.code})", "file": place.path}
        if place.cell is None:
            properties |= {"line": str(place.row), "col": str(place.column)}
            if place.end_row and place.end_column:
                properties |= {"endLine": str(place.end_row), "endColumn": str(place.end_column)}
        else:
            properties["line"] = "1"  # the rows of a cell are none of the file that GitHub shows
        written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        message = f"{location(place)}: {finding.code}[{finding.name}] {finding.message}"
        yield f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
