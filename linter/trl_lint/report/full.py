"""The format for people: a code frame with all the places that matter, why, for which releases, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trl_lint.model.finding import Applicability, Confidence, Finding, Fix, Severity, Stage
from trl_lint.model.span import Place
from trl_lint.report.frame import Frame, Mark, location
from trl_lint.report.preview import preview
from trl_lint.report.render import Context
from trl_lint.report.text import Style, escape, wrap

SEVERITY_COLOURS = {Severity.ERROR: (1, 31), Severity.WARNING: (1, 33), Severity.INFO: (1, 36)}
_RELATED_COLOUR = (1, 34)
_STOPS = {
    Stage.IMPORT: "stops when this is imported",
    Stage.CONFIG: "stops when the config is made",
    Stage.LOAD: "stops when the model is loaded",
    Stage.TRAINER_INIT: "stops when the trainer is made",
    Stage.PREPARE_DATA: "stops while the data are prepared",
    Stage.FIRST_BATCH: "stops at the first batch",
    Stage.FIRST_STEP: "stops in the first step",
    Stage.SILENT: "",
}
_TAGS = {
    Applicability.SAFE: " [safe, `--fix`]",
    Applicability.UNSAFE: " [unsafe, `--unsafe-fixes`]",
    Applicability.DISPLAY: "",
}


def render(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """All findings, each followed by an empty line."""
    before = None
    for finding in findings:
        yield from _finding(finding, before, context)
        yield ""
        before = finding


def _finding(finding: Finding, before: Finding | None, context: Context) -> Iterator[str]:
    style = context.style
    head = style.paint(f"{in_words(finding)}[{finding.code}]", *SEVERITY_COLOURS[finding.severity])
    yield f"{head}{style.bold(f': {escape(finding.message)}')}"
    hunks = preview(finding.fix, context.texts) if finding.fix is not None else []
    rows = [finding.place.row, *(related.place.row for related in finding.related)]
    rows += [line.number for hunk in hunks for line in hunk if line.number is not None]
    frame = Frame(context.texts, style, context.width, len(str(max(rows))))
    if finding.code.startswith("TRL00") and finding.place == Place(finding.place.path, 1):
        yield f"{' ' * frame.digits}{style.gutter('-->')} {location(finding.place)}"  # the file as a whole
    else:
        yield from frame.draw(_marks(finding))
    for word, text in _notes(finding, before):
        yield from _note(word, text, frame, style)
    for number, fix in enumerate(_ordered(finding)):
        word = "then" if fix.message.startswith("then ") else "or" if number else "fix" if fix.edits else "do"
        yield from _note(word, fix.message.removeprefix("then ") + _TAGS[fix.applicability], frame, style)
        if number == 0 and hunks:
            yield frame.blank()
            for hunk in hunks:
                for line in hunk:
                    text = style.paint(escape_line(line.text), *line.colour)
                    yield (
                        frame.line(line.number, text, line.sign) if line.number else f"{frame.blank(line.sign)} {text}"
                    )
                yield frame.blank()
    if not finding.code.startswith("TRL00"):
        yield from _note("help", f"`trl-lint rule {finding.name}`", frame, style)


def in_words(finding: Finding) -> str:
    """`error`, or `possible error` where it is not certain."""
    doubtful = finding.confidence is Confidence.POSSIBLE and finding.severity is not Severity.INFO
    return f"possible {finding.severity.value}" if doubtful else finding.severity.value


def escape_line(line: str) -> str:
    """A source line as shown: tabs as spaces, the rest escaped."""
    return escape(line.rstrip().expandtabs(4))


def _marks(finding: Finding) -> list[Mark]:
    """The primary place, with the words of the related entry at the same place or what happens there."""
    here = [related.message for related in finding.related if related.place == finding.place]
    stops = finding.severity is Severity.ERROR and not finding.code.startswith("TRL0")
    label = here[0] if here else _STOPS[finding.stage] if stops else ""
    marks = [Mark(finding.place, label, SEVERITY_COLOURS[finding.severity], primary=True)]
    marks += [Mark(r.place, r.message, _RELATED_COLOUR) for r in finding.related if r.place != finding.place]
    return marks


def _notes(finding: Finding, before: Finding | None) -> Iterator[tuple[str, str]]:
    """The notes of `finding`; what the finding `before` it says in the same words is not said again."""
    if finding.why:
        yield "why", " ".join(finding.why)
    if finding.confidence is Confidence.POSSIBLE:
        yield "possible", _doubts(finding, before)
    if finding.released or finding.releases:
        same = before is not None and finding.released and finding.released == before.released
        yield "releases", "as above" if same else finding.released or f"trl {finding.releases}"
    for evidence in finding.evidence:
        yield "evidence", evidence


def _doubts(finding: Finding, before: Finding | None) -> str:
    if not finding.doubts:
        return "this depends on a value or on evidence that is not certain"
    new = [doubt for doubt in finding.doubts if before is None or doubt not in before.doubts]
    if len(new) < len(finding.doubts):
        new.append("and as above" if new else "as above")
    return "; ".join(new)


def _ordered(finding: Finding) -> list[Fix]:
    """The fix that would be applied first, then its alternatives."""
    first = finding.fix
    return [*([first] if first else []), *(fix for fix in finding.fixes if fix is not first)]


def _note(word: str, text: str, frame: Frame, style: Style) -> Iterator[str]:
    indent = frame.digits + len(word) + 5
    sign = style.gutter("=")
    for number, line in enumerate(wrap(text, max(40, frame.width - indent))):
        yield f"{' ' * frame.digits} {sign} {style.bold(f'{word}:')} {line}" if number == 0 else f"{' ' * indent}{line}"
