"""Messages whose text does not come out of the chat template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, rendering, template
from trl_lint_rules.knowledge.boundaries import EMPTY_ROWS_DROPPED, VISION_DATA_CHECK
from trl_lint_rules.knowledge.template import Marking
from trl_lint_rules.sft import SftRule, place_of

FORMATS = Release(0, 15)
# These read the first or last token of every row while preparing, and stop at one that has none.
_FIRST_TOKEN_READ = ((Release(0, 16), Release(0, 16, 2)), (VISION_DATA_CHECK, Release(1, 0)))
_REASONING = ("reasoning_content", "thinking", "reasoning")
_KNOWN = ("role", "content")


class TemplateDropsText(SftRule):
    """Rendered row by row, and compared with what the rows say."""

    code = "TRL219"
    name = "template-drops-text"
    summary = "a chat template that leaves out, or prints as Python, what the messages say"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """At most one verdict, on the worst that the rows read show."""
        if run.trl < FORMATS or run.passed("formatting_func") is not None or run.given("dataset_kwargs") is not None:
            return
        rows = rendering.conversations(run)
        shown = rendering.of_rows(run) if rows is not None else None
        if rows is None or shown is None or len(shown) != len(rows):
            return
        if any(each.text is None for each in shown):
            return  # the rule `template-fails` says so
        pairs = [(row, each.text) for row, each in zip(rows, shown, strict=True)]
        empty = [pair for pair in pairs if not pair[1]]
        if empty:
            yield _nothing(run, pairs, len(empty))
            return
        if not _swapped(run):
            yield from _partly(run, pairs)


def _swapped(run: RunView) -> bool:
    """Whether the release renders with a training template of its own, which may put out more."""
    found = template.template(run)
    return template.asked(run) and found is not None and template.marking(run.trl, found) is Marking.PATCHED


Pair = tuple[list[dict[str, Any]], str]


def _partly(run: RunView, pairs: Sequence[Pair]) -> Iterator[Verdict]:
    printed = sum(_printed(row, text) for row, text in pairs)
    if printed:
        yield _verdict(run, "printed", f"prints the parts of {printed} of the {len(pairs)} rows read as Python source")
        return
    lost = sum(any(turn not in text for turn in _texts(row, _KNOWN)) for row, text in pairs)
    if lost:
        yield _verdict(run, "left-out", f"leaves out what messages of {lost} of the {len(pairs)} rows read say")
        return
    reasons = sum(any(turn not in text for turn in _texts(row, _REASONING)) for row, text in pairs)
    if reasons:
        yield _verdict(
            run,
            "reasoning",
            f"leaves out the reasoning of {reasons} of the {len(pairs)} rows read: it is not trained",
            Severity.INFO if _only_earlier(pairs) else Severity.WARNING,
        )
        return
    tags = sum(any(turn not in text for turn in _blocks(row)) for row, text in pairs)
    if tags:
        yield _verdict(
            run,
            "earlier-reasoning",
            f"takes the reasoning out of earlier answers of {tags} of the {len(pairs)} rows read",
            Severity.INFO,
        )


def _texts(row: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    """What the messages say under these keys, in pieces as a template may put them out: reasoning is split off."""
    for turn in row:
        for name in names:
            value = turn.get(name)
            pieces = [value] if isinstance(value, str) else _parts(value)
            for piece in pieces if name != "role" else ():
                answer = piece.rpartition("</think>")[2].strip()
                if answer:
                    yield answer


def _parts(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    texts = [part.get("text") for part in value if isinstance(part, Mapping)]
    return [text for text in texts if isinstance(text, str)]


def _blocks(row: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The reasoning that stands in the answers themselves."""
    for turn in row:
        content = turn.get("content")
        if isinstance(content, str) and "</think>" in content:
            block = content.rpartition("</think>")[0].rpartition("<think>")[2].strip()
            if block:
                yield block


def _only_earlier(pairs: Sequence[Pair]) -> bool:
    """Whether the reasoning of every last answer is there."""
    return all(turn in text for row, text in pairs for turn in _texts(row[-1:], _REASONING))


def _printed(row: Sequence[Mapping[str, Any]], text: str) -> bool:
    has_parts = any(isinstance(turn.get("content"), list) for turn in row)
    return has_parts and ("[{'type':" in text or "[{'text':" in text or '[{"type":' in text)


def _nothing(run: RunView, pairs: Sequence[Pair], empty: int) -> Verdict:
    roles = sorted({str(turn.get("role")) for row, text in pairs if not text for turn in row})
    known = run.data()
    everything = empty == len(pairs) == known.rows_total
    stopped = any(since <= run.trl < until for since, until in _FIRST_TOKEN_READ)
    dropped = run.trl >= EMPTY_ROWS_DROPPED
    stage, severity, effect = Stage.SILENT, Severity.WARNING, "they are trained as empty rows"
    if stopped:
        stage, severity, effect = Stage.PREPARE_DATA, Severity.ERROR, "{trl} stops while it prepares the data"
    elif dropped:
        effect = "{trl} drops them without a word"
        if everything and known.container == "Dataset":
            stage, severity = Stage.FIRST_BATCH, Severity.ERROR
            effect = "{trl} drops them, and stops because no row is left (num_samples=0)"
    elif everything:
        stage, severity, effect = Stage.FIRST_STEP, Severity.ERROR, "{trl} stops in the first step"
    return Verdict(
        f"nothing-{stage.value}",
        place_of(run, "train_dataset"),
        f"the chat template renders nothing for {empty} of the {len(pairs)} rows read: {effect}",
        severity,
        stage,
        why=(f"It does not know the roles of these messages: {', '.join(f'`{role}`' for role in roles[:6])}.",),
        evidence=(_origin(run), data.describe(run)),
        remedies=(
            Remedy("rewrite the roles: `human` becomes `user`, `gpt` becomes `assistant`; TRL renames the keys only"),
        ),
    )


def _verdict(run: RunView, case: str, what: str, severity: Severity = Severity.WARNING) -> Verdict:
    ways = {
        "printed": "write the content of messages as strings: this is the template of a text model",
        "left-out": "write the content as strings, with the roles and keys that this template knows",
        "reasoning": "write it into the content (`<think>...</think>`), or give a template that puts it out",
        "earlier-reasoning": "make a row of each turn, if the reasoning of earlier turns is to be trained",
    }
    return Verdict(
        case,
        place_of(run, "train_dataset"),
        f"the chat template {what}",
        severity,
        Stage.SILENT,
        why=("What is trained is what the template puts out, not what the rows say. Nothing compares the two.",),
        evidence=(_origin(run), data.describe(run)),
        remedies=(Remedy(ways[case]),),
    )


def _origin(run: RunView) -> str:
    found = template.template(run)
    return f"chat template: {found.origin}" if found is not None else "chat template"
