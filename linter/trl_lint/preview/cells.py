"""A row as lines of a given width: every character with its fate, long stretches shortened in their middle."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.training import Piece, TrainedRow
from trl_lint.report.text import escape, width

NEWLINE = "\u21b5"
_WORD = regex(r" +|[^ ]+ ?")


class Fate(enum.Enum):
    """What becomes of a unit: it has a label, it is only read, or it is not even that. `LOST` would have had one."""

    TRAINED = "trained"
    CONTEXT = "context"
    CUT = "cut"
    LOST = "cut, and would have been trained"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring units of one fate: their text, and how many they are."""

    text: str
    fate: Fate
    units: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line of one fate, ready to be shown. `gap` marks what stands for text that is left out."""

    text: str
    fate: Fate
    gap: bool = False


def fate_of(piece: Piece, dropped: bool) -> Fate:
    """The fate of one unit, in a row that may be left out as a whole."""
    if dropped or not piece.kept:
        return Fate.LOST if piece.trained else Fate.CUT
    return Fate.TRAINED if piece.trained else Fate.CONTEXT


def runs(row: TrainedRow) -> list[Run]:
    """The row in stretches of one fate."""
    found: list[Run] = []
    start = 0
    fates = [fate_of(piece, bool(row.dropped)) for piece in row.pieces]
    for place in range(1, len(fates) + 1):
        if place == len(fates) or fates[place] is not fates[start]:
            text = "".join(piece.text for piece in row.pieces[start:place])
            found.append(Run(text, fates[start], place - start))
            start = place
    return found


def lines(row: TrainedRow, room: int, unit: str, longest: int) -> list[list[Stretch]]:
    """The row in lines of up to `room` columns and a space; of a stretch at most `longest` characters are shown."""
    made: list[list[Stretch]] = [[]]
    used = 0
    for shown in _shortened(runs(row), unit, longest):
        for text, ends in _broken(shown.text):
            for part in _cut(text, room, used):
                if part is None:
                    made.append([])
                    used = 0
                    continue
                made[-1].append(Stretch(part, shown.fate, shown.gap))
                used += width(part)
            if ends:
                made.append([])
                used = 0
    return [line for number, line in enumerate(made) if line or number < len(made) - 1]


def _shortened(found: Sequence[Run], unit: str, longest: int) -> Iterator[Stretch]:
    for run in found:
        if len(run.text) <= longest:
            yield Stretch(run.text, run.fate)
            continue
        half = longest // 2
        share = round(run.units * (len(run.text) - 2 * half) / len(run.text))
        yield Stretch(run.text[:half], run.fate)
        yield Stretch(f" \u2026 about {share} more {unit}s \u2026 ", run.fate, gap=True)
        yield Stretch(run.text[-half:], run.fate)


def _broken(text: str) -> Iterator[tuple[str, bool]]:
    """The text at its newlines, each shown; and whether a line ends there."""
    parts = text.split("\n")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        shown = escape(part.replace("\t", "    ")) + ("" if last else NEWLINE)
        if shown:
            yield shown, not last


def _cut(text: str, room: int, used: int) -> Iterator[str | None]:
    """The text in parts that fit, broken between words where that is possible; None where a new line begins."""
    left = room - used
    part = ""
    for word in _WORD.findall(text):
        size = width(word.rstrip(" "))
        if left < size <= room and left < room:
            if part:
                yield part
            yield None
            part, left = "", room
        for char in word:
            size = width(char)
            if size > left and char != " ":
                if part:
                    yield part
                yield None
                part, left = "", room
            part += char
            left -= size
    if part:
        yield part
