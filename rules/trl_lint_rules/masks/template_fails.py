"""A chat template that raises at a row, or that never ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from trl_lint.api import Note, Remedy, RunView, Severity, Stage, Verdict, analyse, probe
from trl_lint_rules.knowledge import data, rendering, template
from trl_lint_rules.knowledge.boundaries import VISION_DATA_CHECK
from trl_lint_rules.knowledge.formatting import prepared
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.knowledge.template import Marking, Template
from trl_lint_rules.sft import SftRule, place_of

if TYPE_CHECKING:
    from trl_lint.api import Rendered

_ROWS = 8
# A key that is missing in the file may be there, as None, once the rows are a table: what that does is not told.
_NOT_TOLD: Final = "UndefinedError: 'dict object' has no attribute"
_ASKED = "Two and two?"
_TOLD = "Four."


class TemplateFails(SftRule):
    """Tried on the rows that were read, else on a plain conversation, in a process with limits."""

    code = "TRL221"
    name = "template-fails"
    summary = "a chat template that raises at the rows, or that does not end"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the template that the run renders with is known and fails."""
        if (data.conversational(run) is not True and not rendering.sharegpt(run)) or _rendered_elsewhere(run):
            return
        found = template.template(run)
        if found is None or found.text is None or _not_used(run, found):
            return
        analysis = analyse(found.text)
        if analysis.unread:
            yield _unread(run, found)
        elif analysis.syntax_error is not None:
            where = f" (line {analysis.syntax_line})" if analysis.syntax_line else ""
            yield _raises(run, found, f"Jinja cannot parse it: {analysis.syntax_error}{where}", "every row", "syntax")
            return
        failed, rows = _failure(run, found.text)
        if failed is not None:
            error = failed.error or ""
            yield _endless(run, found, error) if failed.endless else _raises(run, found, error, rows)


def _rendered_elsewhere(run: RunView) -> bool:
    """Whether the rows are left to the user's collator, or the run stops before it renders them."""
    return not prepared(run) or (processing(run).kind is Kind.PROCESSOR and run.trl < VISION_DATA_CHECK)


def _not_used(run: RunView, found: Template) -> bool:
    """Whether the release swaps the template for another one, or stops at it before it renders."""
    return template.asked(run) and template.marking(run.trl, found) in (Marking.PATCHED, Marking.REFUSED)


def _failure(run: RunView, text: str) -> tuple[Rendered | None, str]:
    """The rendering that fails, and at which rows it does."""
    from trl_lint_rules.knowledge.training import trained  # it weighs much

    found = trained(run, _ROWS, by_characters=True)
    if isinstance(found, str):
        return _on_plain_words(text), "two short messages"
    failing = [
        (row.index, example.failed)
        for row, example in zip(found.rows, found.examples, strict=True)
        if example.failed is not None and not example.failed.untried and _NOT_TOLD not in (example.failed.error or "")
    ]
    if not failing:
        return None, ""
    index, failed = failing[0]
    return failed, "every row that was read" if len(failing) == len(found.rows) else f"row {index + 1} of the data"


def _on_plain_words(text: str) -> Rendered | None:
    """What a conversation of two messages meets, as text and as parts. What the template itself raises then tells
    nothing of the rows, which are not known."""
    words: list[list[dict[str, Any]]] = [
        [{"role": "user", "content": _ASKED}, {"role": "assistant", "content": _TOLD}],
        [
            {"role": "user", "content": [{"type": "text", "text": _ASKED}]},
            {"role": "assistant", "content": [{"type": "text", "text": _TOLD}]},
        ],
    ]
    shown = probe(text, words)
    if any(each.error is None for each in shown):
        return None
    first = shown[0]
    return first if first.endless or (first.error or "").startswith("SecurityError") else None


def _raises(run: RunView, found: Template, error: str, rows: str, case: str = "raises") -> Verdict:
    at_rows = ("train_dataset",) if case == "raises" else ()
    why = "Rows of messages are rendered with it before they are tokenised; the first that it raises at stops the run."
    way = "change the rows (roles, their order, a system message), or give another template"
    if case == "raises" and error.startswith("TypeError") and _has_parts(run):
        why = f"It takes the content of a message for a text, and here it is a list of parts. {why}"
        way = "write the content of messages as strings, or give a template that takes parts"
    return Verdict(
        case,
        place_of(run, "chat_template_path", *at_rows),
        f"the chat template fails at {rows}, and {{trl}} stops there: {error}",
        Severity.ERROR,
        Stage.FIRST_BATCH if data.vision(run) else Stage.PREPARE_DATA,
        why=(why,),
        evidence=(f"chat template: {found.origin}", data.describe(run)),
        notes=_notes(found),
        remedies=(Remedy(way),),
    )


def _has_parts(run: RunView) -> bool:
    rows = rendering.conversations(run) or []
    return any(isinstance(turn.get("content"), list) for row in rows for turn in row)


def _endless(run: RunView, found: Template, error: str) -> Verdict:
    named = processing(run).artifact
    whose = f" of {named.name}" if named is not None and found.span is None else ""
    return Verdict(
        "endless",
        place_of(run, "chat_template_path"),
        f"the chat template{whose} does not end within the limits that it is tried in ({error}): a run would hang or "
        "run out of memory",
        Severity.WARNING,
        Stage.PREPARE_DATA,
        why=("Templates are programs. This one needs more time, memory or text than any that renders a conversation.",),
        evidence=(f"chat template: {found.origin}",),
        notes=_notes(found),
        remedies=(Remedy("look at the template before you use it: nothing that is published needs this much"),),
    )


def _unread(run: RunView, found: Template) -> Verdict:
    return Verdict(
        "unread",
        place_of(run, "chat_template_path"),
        f"the chat template has {len(found.text or ''):,} characters, many times more than any that is published: it "
        "is tried, but not looked into",
        Severity.INFO,
        Stage.SILENT,
        evidence=(f"chat template: {found.origin}",),
        notes=_notes(found),
        remedies=(Remedy("look at the template before you use it"),),
    )


def _notes(found: Template) -> tuple[Note, ...]:
    return (Note(found.span, "the template that the run uses"),) if found.span is not None else ()
