"""A preview's numbers in words, the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.model.training import Packing, Totals, TrainedRow, TrainingView, Unit


def facts(view: TrainingView) -> Iterator[tuple[str, str]]:
    """What the run trains, by a short label each."""
    if view.reason:
        yield "nothing", f"is shown: {view.reason}"
        return
    yield "trained", view.loss
    if view.template:
        yield "template", view.template
    yield "length", view.truncation
    if view.totals is not None:
        yield "rows", totals_in_words(view, view.totals)
    if view.packing is not None:
        yield "packing", " ".join(packing_in_words(view.packing))
    elif view.padding_free:
        yield "batches", "are padding-free: their rows are put end to end into one sequence"


def totals_in_words(view: TrainingView, totals: Totals) -> str:
    """The sums over all rows that were looked at."""
    unit = view.unit
    rows = _many(totals.rows, "row")
    if view.rows_total is not None and view.rows_total > totals.rows:
        rows += f" of {view.rows_total:,}"
    if view.where:
        rows += f" of {view.where}" if view.rows_total in (None, totals.rows) else f" in {view.where}"
    if not totals.units and not totals.dropped:
        return rows
    said = [f"{rows}: {_many(totals.units, unit)}, {totals.trained:,} trained ({share(totals.trained, totals.units)})"]
    if totals.cut:
        said.append(f"{_many(totals.cut, unit)} cut off {_many(totals.shortened, 'row')}")
    if totals.dropped:
        said.append(f"{_many(totals.dropped, 'row')} left out")
    if totals.ends:
        said.append(f"{totals.ends_trained:,} of {_many(totals.ends, 'end')} of turn trained")
    return "; ".join(said)


def packing_in_words(packing: Packing) -> Iterator[str]:
    """What packing joins."""
    yield f'"{packing.strategy}".'
    if packing.sequences:
        yield (
            f"The rows read fill {_many(len(packing.sequences), 'sequence')} of {packing.length:,} tokens "
            f"({packing.fill:.0%} full)."
        )
    yield from packing.explanation


def row_in_words(row: TrainedRow, unit: Unit) -> str:
    """The sums of one row."""
    if row.dropped:
        return f"left out: {row.dropped} ({_many(len(row.pieces), unit)})"
    words = f"{_many(row.total, unit)}, {row.trained:,} trained ({share(row.trained, row.total)})"
    return words + (f", {row.cut:,} cut off" if row.cut else "")


def ends_in_words(row: TrainedRow) -> str:
    """Whether the ends of turns are trained."""
    if not row.ends or row.dropped:
        return ""
    trained, cut = sum(end.trained for end in row.ends), sum(not end.kept for end in row.ends)
    if trained == len(row.ends):
        return "end of turn trained" if trained == 1 else f"{trained} of {trained} ends of turn trained"
    words = "end of turn not trained" if len(row.ends) == 1 else f"{trained} of {len(row.ends)} ends of turn trained"
    return words + (f" ({cut} cut off)" if cut else "")


def share(part: int, whole: int) -> str:
    """A share in percent; only all is 100%, and only nothing 0%."""
    if not whole or part in (0, whole):
        return "100%" if whole and part == whole else "0%"
    return f"{min(99, max(1, round(100 * part / whole)))}%"


def _many(count: int, name: str) -> str:
    if count == 1:
        return f"1 {name}"
    return f"{count:,} {name}s"
