"""Code frames: the lines that matter, with what matters in them underlined and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place
from trl_lint.report.text import Style, cells, escape, width, wrap
from trl_lint.report.texts import Texts

_LABEL_ROOM = 30  # a label gets a line of its own rather than less room than this


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a frame, its words, and the SGR codes of its colour. The primary one is underlined with `^`."""

    place: Place
    label: str
    colour: tuple[int, ...]
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Draws frames with line numbers of at most `digits` digits, in lines of about `width` columns."""

    texts: Texts
    style: Style
    width: int
    digits: int

    def blank(self, sign: str = "|") -> str:
        """A line of the frame without code."""
        return self.style.gutter(f"{' ' * self.digits} {sign}")

    def line(self, number: int, text: str, sign: str = "|") -> str:
        """A line of code. `text` has been escaped."""
        return f"{self.style.gutter(f'{number:>{self.digits}} {sign}')} {text}".rstrip()

    def draw(self, marks: Iterable[Mark]) -> Iterator[str]:
        """The frames of all marks: file by file, that of the first mark first."""
        groups: dict[tuple[str, int | None], list[Mark]] = {}
        for mark in marks:
            groups.setdefault((mark.place.path, mark.place.cell), []).append(mark)
        for number, group in enumerate(groups.values()):
            arrow = "-->" if number == 0 else ":::"
            yield f"{' ' * self.digits}{self.style.gutter(arrow)} {location(group[0].place)}"
            yield from self._group(group)

    def _group(self, marks: list[Mark]) -> Iterator[str]:
        rows: dict[int, list[Mark]] = {}
        for mark in marks:
            rows.setdefault(mark.place.row, []).append(mark)
        path, cell = marks[0].place.path, marks[0].place.cell
        shown = [(row, text) for row in sorted(rows) if (text := self.texts.line(path, cell, row)) is not None]
        if not shown:
            return
        yield self.blank()
        before: int | None = None
        for row, text in shown:
            if before is not None and row == before + 2:
                between = self.texts.line(path, cell, row - 1) or ""
                yield self.line(row - 1, self._window(between, 0, 0)[0])
            elif before is not None and row > before + 2:
                yield self.style.gutter("...")
            yield from self._row(row, text, sorted(rows[row], key=lambda mark: not mark.primary))
            before = row
        yield self.blank()

    def _row(self, row: int, text: str, marks: list[Mark]) -> Iterator[str]:
        bounds = [_bounds(mark.place, text) for mark in marks]
        code, shift, columns = self._window(text, *bounds[0])
        yield self.line(row, code)
        limit = width(code)
        for mark, (start, end) in zip(marks, bounds, strict=True):
            begin = min(max(0, columns[start] - shift), limit)
            length = max(1, min(columns[end] - shift, limit) - begin)
            yield from self._mark(mark, begin, length)

    def _mark(self, mark: Mark, begin: int, length: int) -> Iterator[str]:
        paint = self.style.paint
        under = f"{self.blank()} {' ' * begin}{paint(('^' if mark.primary else '-') * length, *mark.colour)}"
        if not mark.label:
            yield under
            return
        room = self.width - self.digits - 3
        indent = begin + length + 1
        if room - indent < _LABEL_ROOM:
            yield under
            indent = min(begin, max(0, room - 2 * _LABEL_ROOM))
            under = f"{self.blank()} {' ' * max(0, indent - 1)}".rstrip() if indent == 0 else ""
            first = ""
        else:
            first = f"{under} "
        for number, line in enumerate(wrap(mark.label, room - indent)):
            start = first if number == 0 and first else f"{self.blank()} {' ' * indent}"
            yield f"{start}{paint(line, *mark.colour)}"

    def _window(self, line: str, start: int, end: int) -> tuple[str, int, list[int]]:
        """A line as shown, cut to the width around the given code points; what was cut left; all columns."""
        budget = max(40, self.width - self.digits - 3)
        line = line[: start + 4 * budget] + ("" if len(line) <= start + 4 * budget else " ")
        shown, columns = cells(line.rstrip())
        columns += [columns[-1]] * (len(line) + 2 - len(columns))
        if columns[-1] <= budget:
            return "".join(shown), 0, columns
        first = 0
        if columns[min(end, len(columns) - 1)] > budget - 3:
            first = max(0, start - budget // 4)
        last = first
        while last < len(shown) and columns[last + 1] - columns[first] <= budget - 6:
            last += 1
        left, right = "..." if first else "", "..." if last < len(shown) else ""
        return f"{left}{''.join(shown[first:last])}{right}", columns[first] - len(left), columns


def _bounds(place: Place, line: str) -> tuple[int, int]:
    """The code points of `line` that the place covers: to the end of the line, where it goes on below or has no end."""
    content = len(line.rstrip())
    start = min(max(0, place.column - 1), content)
    end = content
    if place.end_row == place.row and place.end_column:
        end = min(max(start, place.end_column - 1), content)
    return start, max(start, end)


def location(place: Place) -> str:
    """`path:row:column`, `path:cell 3:row:column` in a notebook, safe to print."""
    return f"{escape(str(place))}:{place.column}"
