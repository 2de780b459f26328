"""A preview as one page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape as quote
from pathlib import Path

from trl_lint.model.training import Piece, TrainedRow, TrainingView, Weight
from trl_lint.preview.cells import NEWLINE, Fate, runs
from trl_lint.preview.report import PreviewReport, RunPreview, Side
from trl_lint.preview.words import ends_in_words, facts, row_in_words, share
from trl_lint.report.text import escape

_CLASSES = {Fate.TRAINED: "t", Fate.CONTEXT: "c", Fate.CUT: "x", Fate.LOST: "x l"}
_LEGEND = (
    (Fate.TRAINED, "trained: it has a label"),
    (Fate.CONTEXT, "read, not trained"),
    (Fate.CUT, "cut off"),
    (Fate.LOST, "cut off and lost to training"),
)
_KINDS = {
    Weight.STOPS: "Stops",
    Weight.TROUBLE: "Warning",
    Weight.APPROXIMATE: "Approximate",
    Weight.NOTE: "Note",
}
_MOST_UNITS = 4_000  # of one row, beyond which only stretches are marked, not tokens
_STYLE = Path(__file__).with_name("page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: PreviewReport) -> Iterator[str]:
    """The lines of the page."""
    title = "What is trained: " + (report.runs[0].place.path if report.runs else "no run")
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(title)}</title>"
    yield f"<style>{_style()}</style></head><body>"
    yield "<header><h1>What is trained</h1>"
    yield "<p>Sample rows as the trainer gets them, by <code>trl-lint preview</code>.</p>"
    yield from _legend()
    yield "</header><main>"
    for run in report.runs:
        yield from _run(run)
    for problem in report.problems:
        yield _note("Stops", f"{problem.place}: {problem.message}")
    if not report.runs:
        yield "<p>No training run was found.</p>"
    yield "</main></body></html>"


@lru_cache(maxsize=1)
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8").strip()


def _text(text: str) -> str:
    """A text of one line, with everything invisible written out."""
    return quote(escape(text))


def _legend() -> Iterator[str]:
    yield '<ul class="legend">'
    for fate, words in _LEGEND:
        yield f'<li><span class="{_CLASSES[fate]}">abc</span> {words}</li>'
    yield "</ul>"


def _run(run: RunPreview) -> Iterator[str]:
    yield "<article>"
    yield f'<h2>{_text(run.title)} <span class="place">{_text(str(run.place))}</span></h2>'
    yield f'<div class="sides n{len(run.sides)}">'
    for side in run.sides:
        yield from _head(side)
    yield "</div>"
    indexes = sorted({row.index for side in run.sides for row in side.view.rows})
    for index in indexes:
        yield f'<div class="sides n{len(run.sides)}">'
        for side in run.sides:
            found = next((row for row in side.view.rows if row.index == index), None)
            yield from _row(found, side) if found is not None else ("<section></section>",)
        yield "</div>"
    yield "</article>"


def _head(side: Side) -> Iterator[str]:
    view = side.view
    yield f'<section class="head"><h3>{_with_places(side.said)}</h3>'
    if view.totals is not None:
        yield _bar(view.totals.trained, view.totals.units)
    yield "<dl>"
    for label, value in facts(view):
        yield f"<dt>{_text(label)}</dt><dd>{_marked(value)}</dd>"
    yield "</dl>"
    for finding in side.errors:
        yield _note("Stops", f"{finding.code}: {finding.message}")
    for remark in view.remarks:
        yield _note(_KINDS[remark.weight], remark.text)
    yield "</section>"


def _with_places(said: str) -> str:
    """The releases in words, with what stands in brackets (where they are pinned) set back."""
    parts = re.split(r"(\([^()]*\))", said)
    return "".join(
        f'<span class="place">{_text(part)}</span>' if n % 2 else _text(part) for n, part in enumerate(parts)
    )


def _bar(part: int, whole: int) -> str:
    percent = 100 * part / whole if whole else 0
    label = f"{share(part, whole)} trained"
    return f'<div class="bar" role="img" aria-label="{label}"><i style="width:{percent:.1f}%"></i><b>{label}</b></div>'


def _note(kind: str, text: str) -> str:
    return f'<p class="note {kind.lower()}"><b>{kind}</b> {_marked(text)}</p>'


def _marked(text: str) -> str:
    """A text whose parts in backquotes are code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _text(text)
    return "".join(f"<code>{_text(part)}</code>" if place % 2 else _text(part) for place, part in enumerate(parts))


def _row(row: TrainedRow, side: Side) -> Iterator[str]:
    view, ends = side.view, ends_in_words(row)
    yield f'<section class="row{" out" if row.dropped else ""}"><h4>Row {row.index + 1}</h4>'
    yield f'<p class="sums">{_text(row_in_words(row, view.unit))}'
    if ends:
        good = all(end.trained for end in row.ends)
        yield f'<span class="ends {"good" if good else "bad"}">{_text(ends)}</span>'
    yield "</p>"
    if row.stops:
        yield _note("Stops", row.stops)
    if row.pieces:
        yield "<pre>" + "".join(_pieces(row, view)) + "</pre>"
    yield "</section>"


def _pieces(row: TrainedRow, view: TrainingView) -> Iterator[str]:
    """The stretches of one fate; within them each token, where there are not too many."""
    place = 0
    by_unit = view.unit == "token" and len(row.pieces) <= _MOST_UNITS
    for run in runs(row):
        own = row.pieces[place : place + run.units]
        place += run.units
        inner = "".join(map(_unit, own)) if by_unit else _shown(run.text)
        yield f'<span class="{_CLASSES[run.fate]}">{inner}</span>'


def _unit(piece: Piece) -> str:
    if not piece.text:
        return ""
    return f'<i title="{piece.id}">{_shown(piece.text)}</i>'


def _shown(text: str) -> str:
    """A text with its newlines shown and kept."""
    return f"<s>{NEWLINE}</s>\n".join(quote(escape(part)) for part in text.replace("\t", "    ").split("\n"))
