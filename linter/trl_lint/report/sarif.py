"""SARIF 2.1.0, which code scanning on forges and many viewers read: rules from their pages, fixes as replacements."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from trl_lint import __version__
from trl_lint.model.finding import Edit, Finding, Fix, Severity
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place, Span
from trl_lint.packs.page import parse
from trl_lint.packs.registry import RuleInfo
from trl_lint.report.identity import fingerprints
from trl_lint.report.places import Places, Region
from trl_lint.report.render import Context
from trl_lint.report.text import escape
from trl_lint.report.texts import Texts
from trl_lint.sources.document import Document

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """One log with one run. All text is ASCII: whatever is not stands there as a JSON escape."""
    yield json.dumps(as_object(findings, context), indent=2)


def as_object(findings: Sequence[Finding], context: Context) -> dict[str, Any]:
    """The log as JSON data."""
    places = Places(context.texts, context.root)
    codes = sorted({finding.code for finding in findings})
    marks = fingerprints(findings, context.texts, places.path)
    rules = {info.code: info for info in context.rules()} if codes else {}
    urls = {finding.code: finding.url for finding in findings}
    names = {finding.code: finding.name for finding in findings}
    driver = {
        "name": "trl-lint",
        "version": __version__,
        "rules": [_rule(code, names[code], rules.get(code), urls[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": [
            _result(finding, codes.index(finding.code), mark, places, context.texts)
            for finding, mark in zip(findings, marks, strict=True)
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, name: str, info: RuleInfo | None, url: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code, "name": "".join(part.capitalize() for part in name.split("-"))}
    if info is not None:
        page = parse(info.page())
        rule["shortDescription"] = {"text": _sentence(info.summary)}
        rule["fullDescription"] = {"text": _sentence(" ".join(page.summary.split()) or info.summary)}
        text = page.explanation
        rule["help"] = {"text": _sentence(f"{text}\n\n`trl-lint rule {name}` shows examples"), "markdown": text}
    if url:
        rule["helpUri"] = url
    rule["properties"] = {"tags": [name]}
    return rule


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _result(finding: Finding, rule_index: int, mark: str, places: Places, texts: Texts) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _sentence(escape(_words(finding)))},
        "locations": [_location(places.region(finding.place))],
        "partialFingerprints": {"trlLint/v1": mark},
        "properties": {
            "confidence": finding.confidence.value,
            "stage": finding.stage.value,
            "releases": finding.releases,
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_location(places.region(related.place)),
                "message": {"text": _sentence(escape(related.message))},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    fixes = [written for fix in finding.fixes if (written := _fix(fix, places, texts)) is not None]
    if fixes:
        result["fixes"] = fixes
    return result


def _words(finding: Finding) -> str:
    """The message, with the advice that no replacement could express."""
    advice = [fix.message for fix in finding.fixes]
    return f"{finding.message}." + (f" What to do: {'; or '.join(advice)}" if advice else "")


def _location(region: Region) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(region.path), "region": _region(region)}}


def _artifact(path: str) -> dict[str, str]:
    if path.startswith("/"):
        return {"uri": f"file://{quote(os.fsencode(path))}"}
    return {"uri": quote(os.fsencode(path)), "uriBaseId": _ROOT}


def _region(region: Region) -> dict[str, int]:
    written = {"startLine": region.row}
    if region.column is not None:
        written["startColumn"] = region.column
    if region.end_row is not None and region.end_column is not None:
        written |= {"endLine": region.end_row, "endColumn": region.end_column}
    return written


def _fix(fix: Fix, places: Places, texts: Texts) -> dict[str, Any] | None:
    """None for advice, and where the text that would be replaced is not at hand."""
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.path, []).append(edit)
    changes = []
    for path, edits in by_file.items():
        document = texts.documents.get(path)
        if document is None:
            return None
        try:
            replaced = _replacements(document, edits)
        except ValueError:  # it cannot be written in the file's encoding
            return None
        changes.append({"artifactLocation": _artifact(places.path(path)), "replacements": replaced})
    description = {"text": f"{_sentence(escape(fix.message))} ({fix.applicability.value})"}
    return {"description": description, "artifactChanges": changes} if changes else None


def _replacements(document: Document, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    from trl_lint.edits.apply import apply, with_newlines

    source = document.source
    if source.kind is not Kind.NOTEBOOK:
        ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
        return [_replacement(source.place(edit.span), with_newlines(source.text, edit).text) for edit in ordered]
    # In a notebook the JSON around the code changes too: what differs is replaced as a whole.
    before = document.raw.decode(document.encoding).removeprefix("\ufeff")
    after = apply(document, edits).decode(document.encoding).removeprefix("\ufeff")
    start, limit = 0, min(len(before), len(after))
    while start < limit and before[start] == after[start]:
        start += 1
    end = 0
    while end < limit - start and before[-1 - end] == after[-1 - end]:
        end += 1
    file = Source(source.path, Kind.JSON, before)
    span = Span(source.path, start, len(before) - end)
    return [_replacement(file.place(span), after[start : len(after) - end])]


def _replacement(place: Place, text: str) -> dict[str, Any]:
    deleted = _region(Region(place.path, place.row, place.column, place.end_row, place.end_column))
    return {"deletedRegion": deleted, "insertedContent": {"text": text}}
