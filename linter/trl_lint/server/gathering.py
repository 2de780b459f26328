"""What is said of files that nobody has to have open: a lock file that cannot be read, a lower bound that is not
real."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from trl_lint.cli.session import Judge
from trl_lint.model.finding import Finding
from trl_lint.server.checking import Analysis


def gather(analyses: Iterable[Analysis]) -> Mapping[str, tuple[Finding, ...]]:
    """The findings on other files than the analysed ones, by path, from what is known of all open documents."""
    spared: dict[int, tuple[Judge, list[Finding]]] = {}
    found: list[Finding] = []
    for analysis in analyses:
        found += analysis.elsewhere
        if analysis.judge is not None:
            spared.setdefault(id(analysis.judge), (analysis.judge, []))[1].extend(analysis.spared)
    for judge, findings in spared.values():
        for finding in judge.engine.project_findings(findings):
            found += judge.policy.shown((finding,), None, Path(finding.place.path).absolute())
    by_path: dict[str, list[Finding]] = {}
    for finding in dict.fromkeys(found):
        by_path.setdefault(finding.place.path, []).append(finding)
    return {path: tuple(findings) for path, findings in by_path.items()}
