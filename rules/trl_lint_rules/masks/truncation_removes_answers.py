"""A maximum length that cuts off what should be trained."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, supervision, truncation
from trl_lint_rules.knowledge.boundaries import EMPTY_ROWS_DROPPED
from trl_lint_rules.knowledge.supervision import Regime, Supervised
from trl_lint_rules.sft import SftRule, place_of

# Long rows are cut in most runs, and on purpose; from this share on the cut shapes what is learned.
_NOTABLE = 0.2


class TruncationRemovesAnswers(SftRule):
    """Counted in tokens, on the rows that were read."""

    code = "TRL212"
    name = "truncation-removes-answers"
    summary = "a maximum length that cuts the answers, or their ends, off the rows"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows and the tokenizer are at hand and show the loss."""
        length = truncation.kept(run)
        decides = supervision.regime(run)
        rows = run.data().rows
        if length is None or not rows:
            return
        if decides is None:
            previewed = _as_previewed(run)
            if previewed:
                yield from _masked(run, previewed, length)
            return
        if not data.vision(run) and supervision.shorter_than(rows, length):
            return
        trained = [row for row in supervision.counted(run) or () if row.trained]
        if not trained:
            return
        if decides is Regime.WHOLE:
            yield from _cut(run, trained, length)
        else:
            yield from _masked(run, trained, length)


def _as_previewed(run: RunView) -> list[Supervised]:
    """Packed and tokenised rows, of which the preview knows more; none where something about them is not known."""
    columns = data.columns(run)
    if run.given("max_length") is None or data.vision(run) is not False or columns is None:
        return []
    if run.passed("data_collator") is not None or (run.setting("packing") is not True and "input_ids" not in columns):
        return []
    from trl_lint_rules.knowledge.training.view import trained

    found = trained(run)
    if isinstance(found, str) or found.settings.doubts or found.recipe.splits or found.cutter.unit != "token":
        return []
    if found.rendering is not None and found.rendering.unmarked:
        return []
    return [
        Supervised(len(row.pieces), tuple(place for place, piece in enumerate(row.pieces) if piece.trained), ())
        for row in found.rows
        if not row.stops and any(piece.trained for piece in row.pieces)
    ]


def _masked(run: RunView, rows: list[Supervised], length: int) -> Iterator[Verdict]:
    lost = [row for row in rows if row.lost(length)]
    endless = [row for row in rows if row.ends_lost(length)]
    if lost:
        yield _nothing_left(run, rows, lost, length)
    elif len(endless) >= _NOTABLE * len(rows):
        yield Verdict(
            "ends",
            place_of(run, "max_length", "assistant_only_loss"),
            f"{truncation.shown(run, length)} cuts every end of turn off {len(endless)} of the {len(rows)} rows read: "
            "they do not train the model to stop",
            Severity.WARNING,
            Stage.SILENT,
            why=("Truncation stops inside an answer, and the token that ends it is not trained. Nothing says so.",),
            evidence=(_evidence(rows), data.describe(run)),
            remedies=tuple(_ways_out(rows)),
        )


def _nothing_left(run: RunView, rows: list[Supervised], lost: list[Supervised], length: int) -> Verdict:
    known = run.data()
    dropped = run.trl >= EMPTY_ROWS_DROPPED and not data.vision(run) and run.setting("packing") is not True
    everything = len(lost) == len(rows) == known.rows_total and known.container in ("Dataset", "IterableDataset")
    effect = "drops such rows without a word" if dropped else "trains on them with a loss of 0.0"
    if dropped and everything:
        said = "num_samples=0" if known.container == "Dataset" else "StopIteration"
        effect = f"drops them, and stops because no row is left ({said})"
    return Verdict(
        "empty" if dropped and everything else "dropped" if dropped else "zero",
        place_of(run, "max_length", "assistant_only_loss", "completion_only_loss"),
        f"{truncation.shown(run, length)} leaves nothing to train in {len(lost)} of the {len(rows)} rows read: "
        f"{{trl}} {effect}",
        Severity.ERROR if dropped and everything else Severity.WARNING,
        Stage.FIRST_BATCH if dropped and everything else Stage.SILENT,
        why=("Rows are cut at their end, which is where the answer stands.",),
        evidence=(_evidence(rows), data.describe(run)),
        remedies=tuple(_ways_out(rows)),
    )


def _cut(run: RunView, rows: list[Supervised], length: int) -> Iterator[Verdict]:
    """Every token is trained: what is lost is the end of long rows. Where the code names the length, it asks for it."""
    long = [row for row in rows if row.length > length]
    if len(long) < _NOTABLE * len(rows):
        return
    asked = run.given("max_length") is not None
    yield Verdict(
        "cut-as-asked" if asked else "cut-by-default",
        place_of(run, "max_length"),
        f"{truncation.shown(run, length)} cuts {len(long)} of the {len(rows)} rows read: their ends, with the token "
        "that stops the model, are not trained",
        Severity.INFO if asked else Severity.WARNING,
        Stage.SILENT,
        why=("Rows are cut at their end, and nothing says so.",),
        evidence=(_evidence(rows), data.describe(run)),
        remedies=tuple(_ways_out(rows)),
    )


def _evidence(rows: list[Supervised]) -> str:
    lengths = sorted(row.length for row in rows)
    return f"{len(rows)} rows read, {lengths[0]} to {lengths[-1]} tokens long"


def _ways_out(rows: list[Supervised]) -> Iterator[Remedy]:
    needed = max(row.length for row in rows)
    yield Remedy(f"raise `max_length` (the longest row read has {needed} tokens), or `max_length=None`")
    yield Remedy("or shorten the prompts before training")
