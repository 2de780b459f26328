"""One line for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.finding import Finding
from trl_lint.report.frame import location
from trl_lint.report.full import SEVERITY_COLOURS, in_words
from trl_lint.report.render import Context
from trl_lint.report.text import escape


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """`path:row:column: CODE[name] severity: message` (`possible error` where it is not certain), with
    `path:cell 3:row:column` in a notebook."""
    for finding in findings:
        severity = context.style.paint(in_words(finding), *SEVERITY_COLOURS[finding.severity])
        code = context.style.bold(f"{finding.code}[{finding.name}]")
        yield f"{location(finding.place)}: {code} {severity}: {escape(finding.message)}"
