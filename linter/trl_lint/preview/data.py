"""A preview as JSON data. `docs/preview.schema.json` describes it; `version` grows when that changes incompatibly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trl_lint.model.finding import Finding
from trl_lint.model.span import Place
from trl_lint.model.training import IGNORED, Packing, Totals, TrainedRow, TrainingView
from trl_lint.preview.report import PreviewReport, RunPreview, Side

VERSION = 1


def render(report: PreviewReport) -> Iterator[str]:
    """The lines of one JSON object."""
    yield from json.dumps(as_data(report), indent=2, ensure_ascii=False).splitlines()


def as_data(report: PreviewReport) -> dict[str, Any]:
    """The object itself."""
    return {
        "version": VERSION,
        "runs": [_run(run) for run in report.runs],
        "problems": [_finding(problem) for problem in report.problems],
    }


def _run(run: RunPreview) -> dict[str, Any]:
    return {
        "title": run.title,
        **_place(run.place),
        "sides": [_side(side) for side in run.sides],
    }


def _side(side: Side) -> dict[str, Any]:
    view = side.view
    return {
        "trl": str(side.environment.trl),
        "transformers": str(side.environment.transformers),
        "unit": view.unit,
        "reason": view.reason or None,
        "loss": view.loss or None,
        "template": view.template or None,
        "truncation": view.truncation or None,
        "approximate": view.approximate,
        "remarks": [{"kind": remark.weight.value, "text": remark.text} for remark in view.remarks],
        "errors": [_finding(finding) for finding in side.errors],
        "data": view.where or None,
        "rows_total": view.rows_total,
        "totals": None if view.totals is None else _totals(view.totals),
        "packing": None if view.packing is None else _packing(view.packing),
        "padding_free": view.padding_free,
        "rows": [_row(row, view) for row in view.rows],
    }


def _totals(totals: Totals) -> dict[str, int]:
    return {
        "rows": totals.rows,
        "units": totals.units,
        "trained": totals.trained,
        "cut": totals.cut,
        "shortened": totals.shortened,
        "dropped": totals.dropped,
        "untrained": totals.untrained,
        "ends": totals.ends,
        "ends_trained": totals.ends_trained,
        "longest": totals.longest,
    }


def _row(row: TrainedRow, view: TrainingView) -> dict[str, Any]:
    tokens = view.unit == "token"
    left = [] if row.dropped else [piece for piece in row.pieces if piece.kept]
    return {
        "row": row.index + 1,
        "total": row.total,
        "trained": row.trained,
        "cut": row.cut,
        "dropped": row.dropped or None,
        "stops": row.stops or None,
        "remarks": list(row.remarks),
        "input_ids": [piece.id for piece in left] if tokens else None,
        "labels": [piece.id if piece.trained else IGNORED for piece in left] if tokens else None,
        "spans": list(_spans(row)),
        "ends": [{"start": end.start, "stop": end.stop, "trained": end.trained, "kept": end.kept} for end in row.ends],
    }


def _spans(row: TrainedRow) -> Iterator[dict[str, Any]]:
    """Neighbouring units with the same fate, as one text."""
    start = 0
    for place in range(1, len(row.pieces) + 1):
        first = row.pieces[start]
        if place < len(row.pieces):
            piece = row.pieces[place]
            if (piece.trained, piece.kept) == (first.trained, first.kept):
                continue
        text = "".join(piece.text for piece in row.pieces[start:place])
        yield {"text": text, "trained": first.trained, "kept": first.kept, "units": place - start}
        start = place


def _packing(packing: Packing) -> dict[str, Any]:
    return {
        "strategy": packing.strategy,
        "length": packing.length,
        "explanation": list(packing.explanation),
        "first_unit_trained": packing.first_unit_trained,
        "fill": round(packing.fill, 4),
        "sequences": [
            [{"row": part.row + 1, "start": part.start, "stop": part.stop} for part in sequence]
            for sequence in packing.sequences
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "name": finding.name, "message": finding.message, **_place(finding.place)}


def _place(place: Place) -> dict[str, Any]:
    return {
        "filename": place.path,
        "cell": place.cell,
        "location": {"row": place.row, "column": place.column},
    }
