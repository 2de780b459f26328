"""Which file a finding belongs to: runs of one file may have findings in another, and several files the same one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trl_lint.engine import Checked
from trl_lint.model.finding import Confidence, Finding, Severity
from trl_lint.model.span import Place
from trl_lint.own_findings import order

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def by_file(checked: Sequence[Checked], paths: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
    """The findings of every file in order, those included that the check of another file found there.

    `paths` are those of the checked files, as their findings have them. Of a finding that several of them have, the
    one stays that is worse or surer: it was judged with more of the run in sight.
    """
    found = {path: each.findings for path, each in zip(paths, checked, strict=True)}
    arrived: dict[str, list[Finding]] = {}
    for each in checked:
        for finding in each.elsewhere:
            arrived.setdefault(finding.place.path, []).append(finding)
    for path, findings in arrived.items():
        found[path] = tuple(sorted(_together(found.get(path, ()), findings), key=order))
    return found


def _together(own: Iterable[Finding], arrived: Iterable[Finding]) -> Iterator[Finding]:
    best: dict[tuple[str, Place], Finding] = {}
    for finding in arrived:
        other = best.setdefault((finding.code, finding.place), finding)
        if _rank(finding) < _rank(other):
            best[finding.code, finding.place] = finding
    for finding in own:
        other = best.get((finding.code, finding.place), finding)
        if _rank(finding) <= _rank(other):
            best.pop((finding.code, finding.place), None)
            yield finding
    yield from best.values()


def _rank(finding: Finding) -> tuple[bool, int, bool]:
    spared = finding.spared is not None
    return (spared, _SEVERITIES.index(finding.severity), finding.confidence is Confidence.POSSIBLE)
