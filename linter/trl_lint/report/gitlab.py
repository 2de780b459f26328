"""GitLab's code quality report: findings beside the changes of a merge request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from trl_lint.model.finding import Finding, Severity
from trl_lint.report.identity import fingerprints
from trl_lint.report.places import Places
from trl_lint.report.render import Context
from trl_lint.report.text import escape

# GitLab knows info, minor, major, critical and blocker.
_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """An array of issues. All text is ASCII: whatever is not stands there as a JSON escape."""
    places = Places(context.texts, context.root)
    marks = fingerprints(findings, context.texts, places.path)
    issues = [_issue(finding, mark, places) for finding, mark in zip(findings, marks, strict=True)]
    yield json.dumps(issues, indent=2)


def _issue(finding: Finding, fingerprint: str, places: Places) -> dict[str, Any]:
    region = places.region(finding.place)
    lines = {"begin": region.row}
    if region.end_row is not None:
        lines["end"] = region.end_row
    return {
        "description": escape(f"{finding.code} {finding.name}: {finding.message}"),
        "check_name": finding.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": region.path, "lines": lines},
    }
