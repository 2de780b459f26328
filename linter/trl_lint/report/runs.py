"""What was understood of each run: every value, and the lines it came through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place, Span
from trl_lint.report.frame import location
from trl_lint.report.text import Style, escape, shown_width, width, wrap

_VALUES: Final = 34  # columns that values get before the lines they came through
_LONGEST: Final = 160  # characters of a value; what is longer is cut, and says how long it is
_LONG_PATH: Final = 18  # from there on a path is shown by its last part, and written out below the run
_ELLIPSIS: Final = "..."


@dataclass(frozen=True, slots=True)
class RunLine:
    """A line that a value came through, and what stands there in words ("" where that is plain)."""

    what: str
    place: Place
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Instead:
    """A value that counted, were it not for another one: a recipe's key that a flag overrides."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class RunRow:
    """One thing that a run says: its name, its value in words, how sure that is, and where it came from.

    `group`: the class whose argument it is, "" for what is said of the run as a whole.
    """

    label: str
    value: str
    certainty: str = ""  # "", "one of", "unknown", "default" ...
    trail: tuple[RunLine, ...] = ()
    instead: tuple[Instead, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run as it was understood."""

    title: str
    place: Place
    rows: tuple[RunRow, ...] = ()


def render_text(reports: Sequence[RunReport], style: Style, columns: int) -> Iterator[str]:
    """The runs for people, each followed by an empty line."""
    for report in reports:
        paths = _Paths(report)
        yield f"{style.bold(escape(report.title))} {style.gutter('-->')} {location(report.place)}"
        general = [row for row in report.rows if not row.group]
        given = [row for row in report.rows if row.group]
        tables = (_Table(general, 2, paths, style, columns), _Table(given, 4, paths, style, columns))
        group = ""
        for row in (*general, *given):
            if row.group != group:
                group = row.group
                yield f"  {style.bold(escape(group))}"
            yield from tables[1 if group else 0].row(row)
        yield from paths.legend(style)
        yield ""


class _Paths:
    """Short names for the files of a report: long paths are shown by their last parts, as far as those differ."""

    def __init__(self, report: RunReport) -> None:
        places = [line.place for row in report.rows for line in row.trail]
        places += [each.place for row in report.rows for each in row.instead]
        self.own = report.place.path
        self.used: set[str] = set()
        self.short: dict[str, str] = {}
        for path in dict.fromkeys(place.path for place in places):
            if len(path) > _LONG_PATH:
                name = path.rpartition("/")[2]
                parts = path.split("/")
                taken = {other for known, other in self.short.items() if known != path}
                name = name if name not in taken else "/".join(parts[-2:])
                self.short[path] = name if name not in taken else path

    def name(self, path: str) -> str:
        self.used.add(path)
        return self.short.get(path, path)

    def legend(self, style: Style) -> Iterator[str]:
        for path, short in self.short.items():
            if short != path and path in self.used:
                yield f"  {style.gutter(f'{escape(short)}:')} {escape(path)}"


class _Table:
    """Names, values and chains of lines in three columns; what does not fit goes on below its column."""

    def __init__(self, rows: Sequence[RunRow], indent: int, paths: _Paths, style: Style, columns: int) -> None:
        self.paths, self.style, self.columns, self.indent = paths, style, columns, indent
        self.names = max((width(escape(row.label)) for row in rows), default=0)
        values = [width(_value(row)) for row in rows if row.trail]
        self.values = max((found for found in values if found <= _VALUES), default=0)

    def row(self, row: RunRow) -> Iterator[str]:
        label, value = escape(row.label), _value(row)
        start = f"{' ' * self.indent}{self.style.gutter(label)}{' ' * (self.names - width(label))}  "
        here = self.indent + self.names + 2
        links = self.links(row)
        at = here + max(self.values, width(value)) + 2
        fits = links and self.columns - at >= max(width(links[0]), 24)
        if fits or (not links and width(value) <= self.columns - here):
            lines = _filled(links, self.columns - at)
            yield f"{start}{value}{' ' * (at - here - width(value))}{lines[0] if lines else ''}".rstrip()
            yield from (f"{' ' * at}{line}" for line in lines[1:])
            return
        room = max(30, self.columns - here)
        first, *more = _broken(wrap(value, room), room)
        yield f"{start}{first}".rstrip()
        yield from (f"{' ' * here}{line}" for line in (*more, *_filled(links, room)))

    def links(self, row: RunRow) -> list[str]:
        """`<- run.sh:3`, `<- train.py:7 (seed)` for each line, and what would hold without it."""
        found: list[str] = []
        last = self.paths.own
        for line in row.trail:
            said = f" ({escape(line.what)})" if line.what else ""
            found.append(f"<- {self.place(line.place, last)}{said}")
            last = line.place.path
        before = (f"instead of {_cut(escape(each.value), 40)}, {self.place(each.place)}" for each in row.instead)
        return list(dict.fromkeys((*found, *before)))

    def place(self, place: Place, last: str | None = None) -> str:
        """The row, and the file where that is another one than `last`."""
        row = f"cell {place.cell}:{place.row}" if place.cell is not None else str(place.row)
        if place.path == last:
            return row if place.cell is not None else f":{row}"
        return f"{escape(self.paths.name(place.path))}:{row}"


def _broken(lines: Sequence[str], room: int) -> Iterator[str]:
    """The lines, with those broken that hold a word which is longer than any line."""
    for line in lines:
        if width(line) <= room:
            yield line
        else:
            yield from (line[start : start + room] for start in range(0, len(line), room))


def _filled(links: Sequence[str], room: int) -> list[str]:
    """The links in lines of at most `room` columns; one that is longer is broken."""
    lines: list[str] = []
    for link in links:
        if lines and width(lines[-1]) + 1 + width(link) <= room:
            lines[-1] += f" {link}"
        else:
            lines += wrap(link, room)
    return lines


def _value(row: RunRow) -> str:
    certainty = f" ({row.certainty})" if row.certainty else ""
    return (_cut(escape(row.value), _LONGEST) if row.group else escape(row.value)) + certainty


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    shown, room = "", longest - 30
    for char in text:
        if room <= 0:
            break
        shown += char
        room -= shown_width(char)
    return f"{shown.rstrip()}{_ELLIPSIS} ({len(text):,} characters)"


def as_data(reports: Sequence[RunReport]) -> list[dict[str, Any]]:
    """The runs as JSON data (`docs/schemas/runs.schema.json`)."""
    return [
        {"title": report.title, **_at(report.place), "values": [_row_data(row) for row in report.rows]}
        for report in reports
    ]


def _row_data(row: RunRow) -> dict[str, Any]:
    return {
        "name": row.label,
        "argument_of": row.group or None,
        "value": row.value,
        "certainty": row.certainty or None,
        "trail": [{"what": line.what or None, **_at(line.place)} for line in row.trail],
        "instead_of": [{"value": each.value, **_at(each.place)} for each in row.instead],
    }


def _at(place: Place) -> dict[str, Any]:
    return {
        "filename": place.path,
        "cell": place.cell,
        "location": {"row": place.row, "column": place.column},
    }
