"""What a fix changes, line by line, as it is shown under a finding."""

from __future__ import annotations

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Edit, Fix
from trl_lint.model.source import Source
from trl_lint.report.texts import Texts, split_lines

_CONTEXT = 2
_MOST_LINES = 16


@dataclass(frozen=True, slots=True)
class Line:
    """A kept (`|`), removed (`-`) or added (`+`) line; an added one has no number."""

    sign: str
    number: int | None
    text: str
    colour: tuple[int, ...] = ()


def preview(fix: Fix, texts: Texts) -> list[list[Line]]:
    """The changed lines of a fix with a little of what stands before, piece by piece.

    Empty where the source is not at hand.
    """
    edits = sorted(fix.edits, key=lambda edit: (edit.span.path, edit.span.start, edit.span.end))
    hunks: list[list[Edit]] = []
    for edit in edits:
        source = texts.sources.get(edit.span.path)
        if source is None or edit.span.end > len(source.text):
            return []
        last = hunks[-1][-1] if hunks else None
        if last is not None and last.span.path == edit.span.path and _touch(source, last, edit):
            hunks[-1].append(edit)
        else:
            hunks.append([edit])
    return [_hunk(texts.sources[hunk[0].span.path], hunk, texts) for hunk in hunks]


def _touch(source: Source, first: Edit, second: Edit) -> bool:
    return source.line_index(second.span.start) <= source.line_index(first.span.end) + 1


def _hunk(source: Source, edits: list[Edit], texts: Texts) -> list[Line]:
    first = source.line_index(edits[0].span.start)
    last = source.line_index(max(edit.span.end for edit in edits))
    start = source.line_starts[first]
    end = source.line_starts[last + 1] if last + 1 < len(source.line_starts) else len(source.text)
    new, at = "", start
    for edit in edits:
        new += source.text[at : edit.span.start] + edit.text
        at = max(at, edit.span.end)
    old_lines = split_lines(source.text[start:end])
    new_lines = split_lines(new + source.text[at:end])
    kept = 0
    while kept < min(len(old_lines), len(new_lines)) and old_lines[kept] == new_lines[kept]:
        kept += 1
    tail = 0
    while tail < min(len(old_lines), len(new_lines)) - kept and old_lines[-1 - tail] == new_lines[-1 - tail]:
        tail += 1
    place = source.place(edits[0].span)
    row = place.row + kept  # of the first changed line
    lines = []
    for number in range(max(1, row - _CONTEXT), row):
        text = texts.line(place.path, place.cell, number)
        if text is not None:
            lines.append(Line("|", number, text))
    removed = old_lines[kept : len(old_lines) - tail]
    added = new_lines[kept : len(new_lines) - tail]
    lines += [Line("-", row + i, text, (31,)) for i, text in enumerate(removed[:_MOST_LINES])]
    lines += [Line("+", None, text, (32,)) for text in added[:_MOST_LINES]]
    if max(len(removed), len(added)) > _MOST_LINES:
        lines.append(Line("|", None, "..."))
    return lines
