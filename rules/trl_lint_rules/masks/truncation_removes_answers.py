"""A maximum length that cuts off what should be trained."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, defaults, supervision, template
from trl_lint_rules.knowledge.boundaries import EMPTY_ROWS_DROPPED, MASK_KEPT_WHEN_PACKED
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.supervision import Supervised
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import SftRule, place_of

# Long rows are cut in most runs, and on purpose; from this share on the cut shapes what is learned.
_NOTABLE = 0.2


class TruncationRemovesAnswers(SftRule):
    """Counted in tokens, on the rows that were read."""

    code = "TRL212"
    name = "truncation-removes-answers"
    summary = "a maximum length that cuts the assistant's turns, or their ends, off the rows"
    needs = frozenset({"assistant_only_loss"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the rows and the tokenizer are at hand and show the loss."""
        length = _length(run)
        rows = run.data().rows
        if length is None or not rows or supervision.shorter_than(rows, length):
            return
        found = template.template(run)
        if found is None or template.marking(run.trl, found) is not Marking.NATIVE:
            return
        counted = supervision.by_markers(run, found, "messages")
        trained = [row for row in counted or () if row.trained]
        if trained:
            yield from _verdicts(run, trained, length)


def _length(run: RunView) -> int | None:
    """The length that rows of text are cut to, from their beginning; None where they are not, or it is not known."""
    if not template.asked(run) or data.conversational(run) is not True or data.vision(run) is not False:
        return None
    if data.prompt_completion(run) or processing(run).kind not in (Kind.TOKENIZER, Kind.PROCESSOR):
        return None
    if run.setting("packing") not in (ABSENT, False) or run.setting("truncation_mode") not in (ABSENT, "keep_start"):
        return None
    if run.trl < MASK_KEPT_WHEN_PACKED and run.setting("max_seq_length") is not ABSENT:
        return None
    length = defaults.value(run, "max_length")
    return length if isinstance(length, int) and not isinstance(length, bool) and length > 0 else None


def _verdicts(run: RunView, rows: list[Supervised], length: int) -> Iterator[Verdict]:
    lost = [row for row in rows if row.lost(length)]
    endless = [row for row in rows if row.ends_lost(length)]
    if lost:
        yield _nothing_left(run, rows, lost, length)
    elif len(endless) >= _NOTABLE * len(rows):
        yield Verdict(
            "ends",
            place_of(run, "max_length", "assistant_only_loss"),
            f"`max_length={length}` cuts every end of turn off {len(endless)} of the {len(rows)} rows read: "
            "they do not train the model to stop",
            Severity.WARNING,
            Stage.SILENT,
            why=("Truncation stops inside an answer, and the token that ends it is not trained. Nothing says so.",),
            evidence=(_evidence(rows), data.describe(run)),
            remedies=tuple(_ways_out(rows)),
        )


def _nothing_left(run: RunView, rows: list[Supervised], lost: list[Supervised], length: int) -> Verdict:
    dropped = run.trl >= EMPTY_ROWS_DROPPED
    everything = len(lost) == len(rows) and run.data().rows_total == len(rows)
    effect = "drops such rows without a word" if dropped else "trains on them with a loss of 0.0"
    if dropped and everything:
        effect = "drops them, and stops because no row is left (num_samples=0)"
    return Verdict(
        "empty" if dropped and everything else "dropped" if dropped else "zero",
        place_of(run, "max_length", "assistant_only_loss"),
        f"`max_length={length}` leaves nothing to train in {len(lost)} of the {len(rows)} rows read: {{trl}} {effect}",
        Severity.ERROR if dropped and everything else Severity.WARNING,
        Stage.FIRST_BATCH if dropped and everything else Stage.SILENT,
        why=("Rows are cut at their end, which is where the assistant's answer stands.",),
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
