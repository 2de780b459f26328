"""Workflow commands: GitHub shows each finding at its line of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.finding import Finding, Severity
from trl_lint.report.frame import location
from trl_lint.report.places import Places
from trl_lint.report.render import Context

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """`::error title=...,file=...,line=...,col=...,endLine=...,endColumn=...::message`."""
    places = Places(context.texts, context.root)
    for finding in findings:
        region, place = places.region(finding.place), finding.place
        properties = {"title": f"trl-lint ({finding.code})", "file": region.path, "line": str(region.row)}
        if region.column is not None:
            properties["col"] = str(region.column)
        if region.end_row is not None and region.end_column is not None:
            properties |= {"endLine": str(region.end_row), "endColumn": str(region.end_column)}
        written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        message = f"{location(place)}: {finding.code}[{finding.name}] {finding.message}"
        yield f"::{_COMMANDS[finding.severity]} {written}::{_data(message)}"


def _data(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
