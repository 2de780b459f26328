"""A preview on a terminal: colours where there are any, else marks below the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.training import Remark, TrainedRow, TrainingView, Weight
from trl_lint.preview.cells import Fate, Stretch, lines
from trl_lint.preview.report import PreviewReport, RunPreview, Side
from trl_lint.preview.words import ends_in_words, facts, row_in_words
from trl_lint.report.frame import location
from trl_lint.report.text import Style, escape, width
from trl_lint.report.text import wrap as wrapped

_NARROW = 100  # columns below which two releases stand one below the other
_LONGEST = 1200  # characters of one stretch that are shown
# White on a dark green that both dark and light terminals show (of the 256 colours).
_CODES = {Fate.TRAINED: (38, 5, 231, 48, 5, 22), Fate.CONTEXT: (), Fate.CUT: (2, 9), Fate.LOST: (31, 9)}
_MARKS = {Fate.TRAINED: "\u2501", Fate.CONTEXT: " ", Fate.CUT: "\u00b7", Fate.LOST: "\u00d7"}
_WORDS = {
    Weight.STOPS: ("stops", (1, 31)),
    Weight.TROUBLE: ("warning", (1, 33)),
    Weight.APPROXIMATE: ("approximate", (1, 35)),
    Weight.NOTE: ("note", (1, 34)),
}

Line = tuple[str, int]  # as it is printed, and the columns that it takes


def render(report: PreviewReport, style: Style, columns: int) -> Iterator[str]:
    """The lines of the report."""
    for run in report.runs:
        yield from _run(run, style, columns)
        yield ""
    for problem in report.problems:
        yield f"{location(problem.place)}: {escape(problem.message)}"
    if not report.runs:
        yield f"No training run in {report.files} file{'s' if report.files != 1 else ''}."
    elif any(side.view.rows for run in report.runs for side in run.sides):
        yield _legend(style)


def _legend(style: Style) -> str:
    words = {Fate.TRAINED: "trained", Fate.CUT: "cut off", Fate.LOST: "cut off and lost to training"}
    if style.on:
        return "  ".join(style.paint(f" {word} ", *_CODES[fate]) for fate, word in words.items())
    return "   ".join(f"{_MARKS[fate] * 3} {word}" for fate, word in words.items())


def _run(run: RunPreview, style: Style, columns: int) -> Iterator[str]:
    yield f"{style.bold(escape(run.title))} {style.gutter('-->')} {location(run.place)}"
    sides = run.sides
    if len(sides) == 1:
        for line, _ in (*_head(sides[0], style, columns), *_rows(sides[0], style, columns)):
            yield line
        return
    if columns < _NARROW:
        for side in sides:
            for line, _ in (*_head(side, style, columns), *_rows(side, style, columns)):
                yield line
            yield ""
        return
    yield from _beside(sides[0], sides[1], style, columns)


def _beside(left: Side, right: Side, style: Style, columns: int) -> Iterator[str]:
    room = (columns - 3) // 2
    yield from _joined(list(_head(left, style, room)), list(_head(right, style, room)), style, room)
    rows = [{row.index: row for row in side.view.rows} for side in (left, right)]
    for index in sorted(rows[0].keys() | rows[1].keys()):
        blocks = [
            list(_row(own[index], side.view, style, room, bar="")) if index in own else [("", 0)]
            for own, side in zip(rows, (left, right), strict=True)
        ]
        yield from _joined(blocks[0], blocks[1], style, room)


def _joined(left: Sequence[Line], right: Sequence[Line], style: Style, room: int) -> Iterator[str]:
    bar = style.gutter("\u2502")
    for number in range(max(len(left), len(right))):
        one = left[number] if number < len(left) else ("", 0)
        other = right[number] if number < len(right) else ("", 0)
        yield f"{one[0]}{' ' * max(0, room - one[1])} {bar} {other[0]}".rstrip()


def _head(side: Side, style: Style, room: int) -> Iterator[Line]:
    for line in wrap(side.said, room):
        yield style.bold(line), width(line)
    yield "", 0
    for label, value in facts(side.view):
        yield from _labelled(label, value, style, room)
    for finding in side.errors:
        yield from _remark("stops", (1, 31), f"{finding.code}: {finding.message}", style, room)
    for remark in side.view.remarks:
        yield from _said(remark, style, room)


def wrap(text: str, room: int) -> Iterator[str]:
    """As reports wrap it; a word that is longer than a line, such as a path, is broken too."""
    for line in wrapped(text, room):
        part = ""
        for char in line:
            if width(part) + width(char) > room:
                yield part
                part = ""
            part += char
        yield part


def _labelled(label: str, value: str, style: Style, room: int) -> Iterator[Line]:
    for number, line in enumerate(wrap(value, max(20, room - 12))):
        name = f"{label:<10}" if number == 0 else " " * 10
        yield f"  {style.gutter(name)}{line}", 12 + width(line)


def _said(remark: Remark, style: Style, room: int) -> Iterator[Line]:
    word, codes = _WORDS[remark.weight]
    yield from _remark(word, codes, remark.text, style, room)


def _remark(word: str, codes: tuple[int, ...], text: str, style: Style, room: int) -> Iterator[Line]:
    for number, line in enumerate(wrap(f"{word}: {text}", max(20, room - 2))):
        shown = line
        if number == 0:
            shown = style.paint(line[: len(word)], *codes) + line[len(word) :]
        yield f"  {shown}", 2 + width(line)


def _rows(side: Side, style: Style, room: int) -> Iterator[Line]:
    for row in side.view.rows:
        yield from _row(row, side.view, style, room)


def _row(row: TrainedRow, view: TrainingView, style: Style, room: int, bar: str = "\u2502 ") -> Iterator[Line]:
    """A row; `bar` stands before its lines, where no column beside it bounds them."""
    yield "", 0
    title = f"row {row.index + 1}:"
    words = row_in_words(row, view.unit)
    ends = ends_in_words(row)
    first = True
    for line in wrap(f"{title} {words}" + (f"; {ends}" if ends else ""), room):
        shown = style.bold(line[: len(title)]) + line[len(title) :] if first else line
        first = False
        yield shown, width(line)
    if row.stops:
        yield from _remark("stops", (1, 31), row.stops, style, room)
    for stretches in lines(row, max(20, room - len(bar) - 1), view.unit, _LONGEST):
        yield from _text(stretches, style, bar)


def _text(stretches: Sequence[Stretch], style: Style, bar: str) -> Iterator[Line]:
    """One line of a row, and without colours the marks below it."""
    size = len(bar) + sum(width(stretch.text) for stretch in stretches)
    if style.on:
        yield style.gutter(bar) + "".join(style.paint(each.text, *_CODES[each.fate]) for each in stretches), size
        return
    yield bar + "".join(each.text for each in stretches), size
    marks = "".join(_MARKS[each.fate] * width(each.text) for each in stretches).rstrip()
    if marks:
        yield bar + marks, len(bar) + len(marks)
