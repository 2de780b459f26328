"""What was found in a file, as JSON. Whatever else a cache may hold is refused: it decides nothing but a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import (
    Applicability,
    Confidence,
    Edit,
    Finding,
    Fix,
    Related,
    Severity,
    Spared,
    Stage,
)
from trl_lint.model.span import Place, Span

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a file: the findings in it and in others, how many runs it makes, whether its text is needed to
    report them, and a digest of the text of each of the others. `world` names the answers that all of it hangs on."""

    world: str
    findings: tuple[Finding, ...]
    elsewhere: tuple[Finding, ...]
    runs: int
    has_text: bool
    others: tuple[tuple[str, str], ...]


def encode(kept: Kept) -> bytes:
    """JSON text."""
    data = [
        kept.world,
        [_plain(finding) for finding in kept.findings],
        [_plain(finding) for finding in kept.elsewhere],
        kept.runs,
        kept.has_text,
        kept.others,
    ]
    return json.dumps(data, separators=(",", ":")).encode("ascii")


def decode(raw: bytes) -> Kept | None:
    """What `encode` was given; None for anything that it does not give."""
    try:
        world, findings, elsewhere, runs, has_text, others = _of(list, json.loads(raw))
        return Kept(
            _text(world),
            _several(findings, _finding),
            _several(elsewhere, _finding),
            _number(runs),
            _of(bool, has_text),
            _several(others, _other),
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _plain(finding: Finding) -> list[Any]:
    return [
        finding.code,
        finding.name,
        finding.message,
        finding.severity.value,
        finding.confidence.value,
        finding.stage.value,
        _span_data(finding.span),
        _place_data(finding.place),
        finding.releases,
        finding.released,
        finding.why,
        finding.evidence,
        [[_place_data(related.place), related.message] for related in finding.related],
        [
            [fix.message, fix.applicability.value, [[_span_data(edit.span), edit.text] for edit in fix.edits]]
            for fix in finding.fixes
        ],
        finding.url,
        _spared_data(finding.spared),
        finding.doubts,
    ]


def _span_data(span: Span | None) -> list[Any] | None:
    return None if span is None else [span.path, span.start, span.end]


def _place_data(place: Place | None) -> list[Any] | None:
    if place is None:
        return None
    return [place.path, place.row, place.column, place.end_row, place.end_column, place.cell]


def _spared_data(spared: Spared | None) -> list[Any] | None:
    return None if spared is None else [_place_data(spared.place), spared.specifier, spared.needs, spared.package]


def _finding(data: Any) -> Finding:
    code, name, message, severity, confidence, stage, span, place, releases, released, *rest = _of(list, data)
    why, evidence, related, fixes, url, spared, doubts = rest
    return Finding(
        _text(code),
        _text(name),
        _text(message),
        Severity(severity),
        Confidence(confidence),
        Stage(stage),
        _optional(span, _span),
        _place(place),
        _text(releases),
        _text(released),
        _several(why, _text),
        _several(evidence, _text),
        _several(related, _related),
        _several(fixes, _fix),
        _text(url),
        _optional(spared, _spared),
        _several(doubts, _text),
    )


def _span(data: Any) -> Span:
    path, start, end = _of(list, data)
    return Span(_text(path), _number(start), _number(end))


def _place(data: Any) -> Place:
    path, row, column, end_row, end_column, cell = _of(list, data)
    numbers = (_number(row), _number(column), _number(end_row), _number(end_column))
    return Place(_text(path), *numbers, _optional(cell, _number))


def _related(data: Any) -> Related:
    place, message = _of(list, data)
    return Related(_place(place), _text(message))


def _fix(data: Any) -> Fix:
    message, applicability, edits = _of(list, data)
    return Fix(_text(message), Applicability(applicability), _several(edits, _edit))


def _edit(data: Any) -> Edit:
    span, text = _of(list, data)
    return Edit(_span(span), _text(text))


def _spared(data: Any) -> Spared:
    place, specifier, needs, package = _of(list, data)
    return Spared(_optional(place, _place), _text(specifier), _text(needs), _text(package))


def _other(data: Any) -> tuple[str, str]:
    path, digest = _of(list, data)
    return _text(path), _text(digest)


def _several(data: Any, each: Callable[[Any], _T]) -> tuple[_T, ...]:
    return tuple(map(each, _of(list, data)))


def _optional(data: Any, made: Callable[[Any], _T]) -> _T | None:
    return None if data is None else made(data)


def _text(data: Any) -> str:
    return _of(str, data)


def _number(data: Any) -> int:
    number = _of(int, data)
    if number < 0:
        raise ValueError
    return number


def _of(kind: type[_T], data: Any) -> _T:
    if type(data) is not kind:  # True is no number here
        raise TypeError
    return data
