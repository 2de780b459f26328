"""How often each rule was met, the most frequent first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.model.finding import Applicability, Finding
from trl_lint.report.render import FOR_PEOPLE

_LEGEND = "[*] fixable with `--fix` ([-] some of them)"


def statistics(output_format: str, findings: Sequence[Finding]) -> Iterator[str]:
    """One line for each rule, as ruff writes it, or a JSON array. Raises ConfigurationError for another format."""
    if output_format not in FOR_PEOPLE and output_format != "json":
        raise ConfigurationError("", 0, f"--statistics cannot be written as {output_format}")
    names = {finding.code: finding.name for finding in findings}
    counts = Counter(finding.code for finding in findings)
    safe = Counter(f.code for f in findings if f.fix is not None and f.fix.applicability is Applicability.SAFE)
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    if output_format == "json":
        rows = [
            {"code": code, "name": names[code], "count": counts[code], "fixable_count": safe[code]} for code in ordered
        ]
        yield json.dumps(rows, indent=2)
        return
    width = max((len(str(count)) for count in counts.values()), default=0)
    for code in ordered:
        mark = "[*]" if safe[code] == counts[code] else "[-]" if safe[code] else "[ ]"
        yield f"{counts[code]:>{width}}\t{code}\t{f'{mark} ' if safe else ''}{names[code]}"
    if safe:
        yield _LEGEND
