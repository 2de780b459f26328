"""Findings of the last text that parsed, moved to where they stand in a text that does not."""

from __future__ import annotations

from collections.abc import Iterable

from trl_lint.dataclass import dataclass, replace
from trl_lint.model.finding import Finding
from trl_lint.model.source import Source
from trl_lint.model.span import Span

UNPARSABLE = "TRL001"


@dataclass(frozen=True, slots=True)
class Change:
    """The one range in which two texts differ: [start, old_end) became [start, new_end)."""

    start: int
    old_end: int
    new_end: int

    @classmethod
    def between(cls, old: str, new: str) -> Change:
        """The smallest such range."""
        shorter = min(len(old), len(new))
        start = _common(old, new, shorter)
        rest = _common(old[::-1], new[::-1], shorter - start)
        return cls(start, len(old) - rest, len(new) - rest)

    def move(self, span: Span) -> Span | None:
        """Where a span of the old text stands in the new one; None where what it covered was changed at its ends."""
        end = self._end(span.end)
        start = self._start(span.start) if span.start < span.end else end
        return Span(span.path, start, end) if start is not None and end is not None and start <= end else None

    def _start(self, offset: int) -> int | None:
        """What is inserted right before a span is no part of it."""
        if offset >= self.old_end:
            return offset + self.new_end - self.old_end
        return offset if offset < self.start else None

    def _end(self, offset: int) -> int | None:
        if offset <= self.start:
            return offset
        return offset + self.new_end - self.old_end if offset >= self.old_end else None


def is_broken(findings: Iterable[Finding], source: Source) -> bool:
    """Whether a part of `source` does not parse."""
    return any(finding.code == UNPARSABLE and finding.place.path == source.path for finding in findings)


def carry(findings: Iterable[Finding], change: Change, new: Source) -> tuple[Finding, ...]:
    """`findings` as they stand in `new`, which came of `change`, without their fixes: those were made for the old
    text."""
    moved = []
    for finding in findings:
        if finding.code == UNPARSABLE:
            continue
        span = change.move(finding.span) if finding.span is not None else None
        if finding.span is None or span is not None:
            place = new.place(span) if span is not None else finding.place
            moved.append(replace(finding, span=span, place=place, fixes=()))
    return tuple(moved)


def _common(one: str, other: str, limit: int) -> int:
    """How many characters from the start on are the same."""
    low, high = 0, limit
    while low < high:  # comparing slices is faster than comparing characters
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
