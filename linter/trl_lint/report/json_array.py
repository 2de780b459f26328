"""An array of objects in ruff's shape, with trl-lint's own keys added: `findings.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from trl_lint.model.finding import Edit, Finding, Fix
from trl_lint.model.span import Place
from trl_lint.report.render import Context
from trl_lint.report.texts import Texts


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """The array. All text is ASCII: whatever is not stands there as a JSON escape."""
    if not findings:
        yield "[]"
        return
    yield "["
    for number, finding in enumerate(findings, start=1):
        text = json.dumps(as_object(finding, context.texts), indent=2)
        lines = "\n".join(f"  {line}" for line in text.split("\n"))
        yield lines if number == len(findings) else f"{lines},"
    yield "]"


def as_object(finding: Finding, texts: Texts) -> dict[str, Any]:
    """A finding as JSON data."""
    fixes = [_fix(fix, texts) for fix in finding.fixes]
    first = finding.fix
    return {
        "cell": finding.place.cell,
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "stage": finding.stage.value,
        "releases": finding.releases,
        "filename": finding.place.path,
        **_range(finding.place),
        "fix": fixes[finding.fixes.index(first)] if first is not None else None,
        "fixes": fixes,
        "why": list(finding.why),
        "evidence": list(finding.evidence),
        "doubts": list(finding.doubts),
        "related": [
            {
                "message": related.message,
                "filename": related.place.path,
                "cell": related.place.cell,
                **_range(related.place),
            }
            for related in finding.related
        ],
        "url": finding.url or None,
    }


def _fix(fix: Fix, texts: Texts) -> dict[str, Any]:
    edits = [_edit(edit, texts) for edit in fix.edits]
    return {"applicability": fix.applicability.value, "message": fix.message, "edits": [e for e in edits if e]}


def _edit(edit: Edit, texts: Texts) -> dict[str, Any] | None:
    source = texts.sources.get(edit.span.path)
    if source is None:
        return None
    place = source.place(edit.span)
    return {"content": edit.text, "filename": place.path, "cell": place.cell, **_range(place)}


def _range(place: Place) -> dict[str, dict[str, int]]:
    end = (place.end_row, place.end_column) if place.end_row and place.end_column else (place.row, place.column)
    return {
        "location": {"row": place.row, "column": place.column},
        "end_location": {"row": end[0], "column": end[1]},
    }
