"""JUnit XML: a suite for each file, a failed test case for each finding. What is only advice does not fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from trl_lint.model.finding import Finding, Severity
from trl_lint.report.frame import location
from trl_lint.report.full import in_words
from trl_lint.report.places import Places
from trl_lint.report.render import Context
from trl_lint.report.text import escape

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """One document. All text is ASCII: whatever is not stands there as a character reference."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    places = Places(context.texts, context.root)
    failures = sum(map(_fails, findings))
    attributes = {"name": "trl-lint", "tests": str(max(1, len(findings))), "failures": str(failures), "errors": "0"}
    root = Element("testsuites", attributes)
    if not findings:
        suite = SubElement(root, "testsuite", {**attributes, "skipped": "0"})
        SubElement(suite, "testcase", {"name": "nothing found", "classname": "trl-lint"})
    for path, group in groupby(findings, key=lambda finding: finding.place.path):
        _suite(root, escape(places.path(path)), list(group), places)
    indent(root)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")


def _fails(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO


def _suite(root: Element, path: str, findings: Sequence[Finding], places: Places) -> None:
    from xml.etree.ElementTree import SubElement

    failures = str(sum(map(_fails, findings)))
    counts = {"tests": str(len(findings)), "failures": failures, "errors": "0", "skipped": "0"}
    suite = SubElement(root, "testsuite", {"name": path, **counts})
    for finding in findings:
        region = places.region(finding.place)
        where = {"classname": path, "file": path, "line": str(region.row)}
        case = SubElement(suite, "testcase", {"name": f"{finding.code} {finding.name}", **where})
        text = f"{location(finding.place)}: {in_words(finding)}: {escape(finding.message)}"
        if _fails(finding):
            failure = {"message": escape(finding.message), "type": finding.severity.value}
            SubElement(case, "failure", failure).text = text
        else:
            SubElement(case, "system-out").text = text
