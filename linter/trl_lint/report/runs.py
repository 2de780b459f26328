"""What was understood of each run: every value, and the lines it came through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place
from trl_lint.report.frame import location
from trl_lint.report.text import Style, escape, width, wrap


@dataclass(frozen=True, slots=True)
class RunRow:
    """One thing that a run says: its name, its value in words, how sure that is, and where it came from."""

    label: str
    value: str
    certainty: str = ""  # "", "one of", "unknown", "default" ...
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run as it was understood."""

    title: str
    place: Place
    rows: tuple[RunRow, ...] = ()


def render_text(reports: Sequence[RunReport], style: Style, columns: int) -> Iterator[str]:
    """The runs for people, each followed by an empty line."""
    for report in reports:
        yield f"{style.bold(escape(report.title))} {style.gutter('-->')} {location(report.place)}"
        indent = max((width(escape(row.label)) for row in report.rows), default=0)
        for row in report.rows:
            yield from _row(row, indent, style, columns)
        yield ""


def _row(row: RunRow, indent: int, style: Style, columns: int) -> Iterator[str]:
    label = escape(row.label)
    certainty = f" ({row.certainty})" if row.certainty else ""
    lines = wrap(row.value + certainty, max(40, columns - indent - 4))
    padding = " " * (indent - width(label))
    yield f"  {style.gutter(label)}{padding}  {lines[0]}".rstrip()
    for line in lines[1:]:
        yield f"{' ' * (indent + 4)}{line}"
    for step in row.trail:
        for number, line in enumerate(wrap(step, max(40, columns - indent - 7))):
            yield f"{' ' * (indent + 4)}{'<- ' if number == 0 else '   '}{line}"


def as_data(reports: Sequence[RunReport]) -> list[dict[str, Any]]:
    """The runs as JSON data."""
    return [
        {
            "title": report.title,
            "filename": report.place.path,
            "cell": report.place.cell,
            "location": {"row": report.place.row, "column": report.place.column},
            "values": [
                {"name": row.label, "value": row.value, "certainty": row.certainty or None, "trail": list(row.trail)}
                for row in report.rows
            ],
        }
        for report in reports
    ]
