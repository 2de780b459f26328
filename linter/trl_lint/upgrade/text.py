"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.finding import Finding, Severity
from trl_lint.model.upgrade import Weight
from trl_lint.report.full import SEVERITY_COLOURS, in_words
from trl_lint.report.text import Style, escape, wrap
from trl_lint.upgrade import words
from trl_lint.upgrade.report import Found, Group, UpgradeReport

_CHANGE = (1, 33)


def render(report: UpgradeReport, style: Style, width: int) -> Iterator[str]:
    """The lines of the report, without their ends."""
    page = _Page(style, width)
    for group in report.groups():
        yield from page.group(group)
    for finding in report.problems:
        yield f"{style.paint('error', 1, 31)}: {escape(str(finding.place))}: {escape(finding.message)}"
    for note in report.notes:
        yield escape(note)
    if not report.files and not report.problems:
        yield f"{style.paint('Nothing would change', 1, 32)}: {report.looked_at} file{_s(report.looked_at)}"
        return
    yield from words.summary(report)


class _Page:
    def __init__(self, style: Style, width: int) -> None:
        self.style = style
        self.width = width

    def group(self, group: Group) -> Iterator[str]:
        """One step and everything that it changes."""
        if group.step.still:
            yield from self._note("already on", words.origin(group), " ", 1)
        else:
            yield from self._note("from", words.origin(group), " ", 1)
            yield from self._note("to", group.step.aimed, " ", 3)
        yield ""
        yield from self._breaks(group)
        yield from self._changes(group)
        yield from self._findings("Would warn", group.deprecated)
        rest = (words.patched(group.runs), words.older(group), words.today(group))
        for text in filter(None, rest):
            yield from wrap(text, self.width)
        if any(rest):
            yield ""

    def _breaks(self, group: Group) -> Iterator[str]:
        lost = group.lost
        count = len(group.breaks) + sum(len(found.runs) for found in lost)
        yield from self._findings("Would break", group.breaks, count)
        for found in lost:
            error = self.style.paint("error", *SEVERITY_COLOURS[Severity.ERROR])
            yield f"{error}{self.style.bold(f': {escape(words.lost(found))}')}"
            yield from self._places(words.places([run.place_of(found.change) for run in found.runs]))
            yield from self._note("do", words.keep(found.change))
            yield ""

    def _findings(self, heading: str, findings: Sequence[Finding], count: int = 0) -> Iterator[str]:
        count = count or len(findings)
        if not count:
            return
        yield self.style.bold(f"{heading} ({count})")
        yield ""
        for each in words.merged(findings):
            yield from self._finding(each)
            yield ""

    def _finding(self, each: words.Merged) -> Iterator[str]:
        finding = each.finding
        head = self.style.paint(f"{in_words(finding)}[{finding.code}]", *SEVERITY_COLOURS[finding.severity])
        yield f"{head}{self.style.bold(f': {escape(finding.message)}')}"
        yield from self._places(words.places(each.places))
        word, remedy = words.remedy(finding)
        if remedy:
            yield from self._note(word, remedy)

    def _changes(self, group: Group) -> Iterator[str]:
        found = group.changes(Weight.MATTERS)
        smaller = words.smaller(group)
        count = len(found) + len(group.differs)
        if not count and not smaller:
            return
        yield self.style.bold(f"Would silently change ({count})" if count else "Would silently change")
        yield ""
        for each in words.merged(group.differs):
            yield from self._finding(each)
            yield ""
        for change in found:
            yield from self._change(change, group)
            yield ""
        if smaller:
            yield from wrap(f"and, of less weight: {smaller}", self.width)
            yield ""

    def _change(self, found: Found, group: Group) -> Iterator[str]:
        change = found.change
        for number, line in enumerate(wrap(words.title(change), self.width - 2)):
            yield self.style.paint(line, *_CHANGE) if number == 0 else f"  {self.style.paint(line, *_CHANGE)}"
        if found.certain:
            yield from self._places(words.where(found, group))
        if found.open:
            yield from self._places(words.unseen(found))
        if change.means:
            yield from self._note("means", change.means)
        if change.condition:
            yield from self._note("only", change.condition)
        keep = words.keep(change)
        if keep:
            yield from self._note("keep", keep + words.keep_tag(found))

    def _places(self, places: Sequence[str]) -> Iterator[str]:
        return (f"  {self.style.gutter('-->')} {escape(place)}" for place in places)

    def _note(self, word: str, text: str, sign: str = "=", pad: int = 1) -> Iterator[str]:
        start = f"  {sign} {word}:{' ' * pad}" if sign != " " else f"{word}{' ' * pad}"
        shown = start.replace(sign, self.style.gutter(sign)) if sign != " " else self.style.bold(word) + " " * pad
        for number, line in enumerate(wrap(text, max(40, self.width - len(start)))):
            yield f"{shown if number == 0 else ' ' * len(start)}{line}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
