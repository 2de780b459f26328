"""Findings as diagnostics of the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from trl_lint.model.finding import Confidence, Finding, Related, Severity
from trl_lint.model.span import Place
from trl_lint.server.links import Links, file_uri
from trl_lint.server.positions import Lines
from trl_lint.server.snapshots import Snapshot, Text

SOURCE = "trl-lint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_UNUSED = "TRL010"
_LARGEST = 1 << 20


class Diagnostics:
    """Makes diagnostics. `deprecations` are the rules whose findings say that something is to go."""

    def __init__(self, links: Links, deprecations: frozenset[str] = frozenset()) -> None:
        self._links = links
        self._deprecations = deprecations

    def on(self, snapshot: Snapshot, findings: Iterable[Finding]) -> dict[str, list[types.Diagnostic]]:
        """Those on a snapshot, by the URI of each of its texts; a text without any has an empty list."""
        found: dict[str, list[types.Diagnostic]] = {text.uri: [] for text in snapshot.texts}
        for finding in findings:
            text, where = located(snapshot, finding)
            related = [self._related(snapshot, each) for each in finding.related]
            found[text.uri].append(self._diagnostic(finding, where, related))
        return found

    def elsewhere(self, finding: Finding, encoding: str) -> types.Diagnostic:
        """One on a file that is not checked itself (a lock file, a configuration file), as it is on the disk."""
        return self._diagnostic(finding, range_in_file(finding.place, encoding), [])

    def _diagnostic(
        self, finding: Finding, where: types.Range, related: list[types.DiagnosticRelatedInformation]
    ) -> types.Diagnostic:
        page = self._links.page(finding)
        tags = []
        if finding.code in self._deprecations:
            tags.append(types.DiagnosticTag.Deprecated)
        if finding.code == _UNUSED:
            tags.append(types.DiagnosticTag.Unnecessary)
        return types.Diagnostic(
            where,
            message(finding),
            _SEVERITIES[finding.severity],
            finding.code,
            types.CodeDescription(page) if page else None,
            SOURCE,
            tags or None,
            related or None,
        )

    def _related(self, snapshot: Snapshot, related: Related) -> types.DiagnosticRelatedInformation:
        place = related.place
        if place.path == snapshot.source.path:
            text, where = placed(snapshot, place)
            return types.DiagnosticRelatedInformation(types.Location(text.uri, where), related.message)
        location = types.Location(file_uri(place.path), range_in_file(place, snapshot.encoding))
        return types.DiagnosticRelatedInformation(location, related.message)


def message(finding: Finding) -> str:
    """The sentence, and whether it only may be so."""
    doubt = " (possible)" if finding.confidence is Confidence.POSSIBLE else ""
    return f"{finding.message}{doubt}"


def located(snapshot: Snapshot, finding: Finding) -> tuple[Text, types.Range]:
    """Where a finding on this snapshot stands."""
    if finding.span is not None and finding.span.path == snapshot.source.path:
        return snapshot.locate(finding.span)
    return placed(snapshot, finding.place)


def placed(snapshot: Snapshot, place: Place) -> tuple[Text, types.Range]:
    """The text and the range of rows and columns in it; those of the whole line where there are no columns."""
    number = (place.cell or 1) - 1
    text = snapshot.texts[number if number < len(snapshot.texts) else 0]
    return text, _range(snapshot.lines[text.uri], place)


def range_in_file(place: Place, encoding: str) -> types.Range:
    """A place in a file on the disk."""
    try:
        with Path(place.path).open("rb") as file:
            raw = file.read(_LARGEST)
    except (OSError, ValueError):
        raw = b""
    return _range(Lines(raw.decode("utf-8-sig", "replace"), encoding), place)


def _range(lines: Lines, place: Place) -> types.Range:
    start = lines.at(place.row, place.column)
    if place.end_row and place.end_column:
        return lines.range(start, lines.at(place.end_row, place.end_column))
    return lines.range(start, lines.at(place.row, None))
