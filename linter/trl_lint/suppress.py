"""Suppressions: `# trl-lint: ignore[rule-name, TRL201] reason` on a line of the finding, `ignore-file[...]` anywhere.

A suppression that matches nothing, or names no rule, is a finding itself.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

from trl_lint.comments import Comment, Comments, comments
from trl_lint.configuration.vocabulary import MARK, OWN_RULES, Vocabulary
from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Fix, Severity, Stage
from trl_lint.model.source import Source
from trl_lint.model.span import Span

INTERNAL = "TRL002"
UNUSED = "TRL010"
UNKNOWN = "TRL011"
_DIRECTIVE = regex(r"#\s*trl-lint:\s*(?P<word>[A-Za-z-]*)(?:\s*\[(?P<names>[^\]#]*)\])?[^#]*")
_NAME = regex(r"[^\s,]+")


@dataclass(slots=True)
class _Name:
    """One rule that a suppression names."""

    text: str
    span: Span
    code: str | None
    used: bool = False


@dataclass(slots=True)
class _Suppression:
    comment: Comment
    span: Span  # the directive, without white space at its end
    word: str
    names: list[_Name] = field(default_factory=list)
    bracketed: bool = False

    @property
    def whole_file(self) -> bool:
        return self.word == "ignore-file"


def apply(
    findings: Sequence[Finding],
    source: Source,
    vocabulary: Callable[[], Vocabulary],
    enabled: Container[str],
) -> tuple[Finding, ...]:
    """`findings` without the suppressed ones, with those about the suppressions themselves.

    `findings` must hold everything that the enabled rules said of this source, or suppressions seem unused.
    """
    found = comments(source)
    if not any(MARK in comment.text for comment in found.items):
        return tuple(findings)
    suppressions = list(_suppressions(source, found.items, vocabulary()))
    kept = _filtered(findings, source, found, suppressions)
    about = [finding for s in suppressions for finding in _unknown(source, s, vocabulary())]
    about += [f for s in suppressions for f in _unused(source, s, enabled)]
    about = _filtered([finding for finding in about if finding.code in enabled], source, found, suppressions)
    return (*kept, *about)


def _suppressions(source: Source, found: Iterable[Comment], vocabulary: Vocabulary) -> Iterable[_Suppression]:
    for comment in found:
        if MARK not in comment.text:
            continue
        for match in _DIRECTIVE.finditer(comment.text):
            start = comment.start + match.start()
            span = Span(source.path, start, start + len(match[0].rstrip()))
            suppression = _Suppression(comment, span, match["word"], bracketed=match["names"] is not None)
            for name in _NAME.finditer(match["names"] or ""):
                begin = comment.start + match.start("names") + name.start()
                suppression.names.append(
                    _Name(name[0], Span(source.path, begin, begin + len(name[0])), vocabulary.code(name[0]))
                )
            yield suppression


def _filtered(
    findings: Iterable[Finding], source: Source, found: Comments, suppressions: Sequence[_Suppression]
) -> list[Finding]:
    kept = []
    for finding in findings:
        lines = lines_of(finding, source, found)
        suppressed = False
        for suppression in suppressions:
            if suppression.word not in ("ignore", "ignore-file"):
                continue
            if suppression.whole_file or suppression.comment.line in lines:
                for name in suppression.names:
                    if name.code == finding.code and name.code != INTERNAL:
                        name.used = suppressed = True
        if not suppressed:
            kept.append(finding)
    return kept


def lines_of(finding: Finding, source: Source, found: Comments) -> set[int]:
    """The 0-based lines on which a suppression of `finding` may stand."""
    if finding.place.path != source.path:
        return set()
    if finding.span is not None and finding.span.path == source.path:
        first = source.line_index(finding.span.start)
        last = source.line_index(max(finding.span.start, finding.span.end - 1))
    else:
        unit = next((unit for unit in source.units if unit.cell == finding.place.cell), source.units[0])
        first = source.line_index(unit.start) + finding.place.row - 1
        last = first + max(0, finding.place.end_row - finding.place.row)
    return {*range(first, last + 1), *found.statement(first), *found.statement(last), *found.lines_above(first)}


def _finding(code: str, source: Source, span: Span, message: str, fixes: tuple[Fix, ...] = ()) -> Finding:
    return Finding(
        code,
        OWN_RULES[code],
        message,
        Severity.WARNING,
        Confidence.CERTAIN,
        Stage.SILENT,
        span,
        source.place(span),
        fixes=fixes,
    )


def _unknown(source: Source, suppression: _Suppression, vocabulary: Vocabulary) -> Iterable[Finding]:
    word = suppression.word
    if word not in ("ignore", "ignore-file"):
        what = f"`{word}` is no directive" if word else "this directive is empty"
        yield _finding(UNKNOWN, source, suppression.span, f"{what}; write `# trl-lint: ignore[rule-name] reason`")
    elif not suppression.names:
        message = f"a bare `{word}` suppresses nothing; name the rules: `# trl-lint: {word}[rule-name] reason`"
        yield _finding(UNKNOWN, source, suppression.span, message)
    for name in suppression.names:
        if name.code is None:
            near = vocabulary.nearest(name.text)
            hint = f"; did you mean `{near}`?" if near else ""
            yield _finding(UNKNOWN, source, name.span, f"this suppression names no rule: `{name.text}`{hint}")


def _unused(source: Source, suppression: _Suppression, enabled: Container[str]) -> Iterable[Finding]:
    if suppression.word not in ("ignore", "ignore-file"):
        return
    # One about the suppressions themselves is judged by nobody: it may silence this very finding.
    unused = [
        name
        for name in suppression.names
        if name.code is not None and not name.used and name.code in enabled and name.code not in (UNUSED, UNKNOWN)
    ]
    if not unused:
        return
    listed = ", ".join(f"`{name.text}`" for name in unused)
    where = "in this file" if suppression.whole_file else "on this line"
    every = len(unused) == len(suppression.names)
    edit = _removal(source, suppression) if every else _without(source, suppression, unused)
    message = "remove the suppression" if every else f"remove {listed} from the suppression"
    # In a magic line the analysed text is blanked: there is nothing that an edit could replace.
    readable = source.text.startswith("#", suppression.span.start)
    fixes = (Fix(message, Applicability.SAFE, (edit,)),) if readable else ()
    span = suppression.span if every else unused[0].span
    yield _finding(UNUSED, source, span, f"nothing {where} is suppressed by {listed}", fixes)


def _without(source: Source, suppression: _Suppression, unused: Sequence[_Name]) -> Edit:
    span = Span(source.path, suppression.names[0].span.start, suppression.names[-1].span.end)
    return Edit(span, ", ".join(name.text for name in suppression.names if name not in unused))


def _removal(source: Source, suppression: _Suppression) -> Edit:
    """Removes the directive: with the white space before it, and with its line where nothing else stands on it."""
    comment, start, end = suppression.comment, suppression.span.start, suppression.span.end
    ends_comment = end == comment.start + len(comment.text.rstrip())
    if comment.alone and start == comment.start and ends_comment:
        start = source.line_starts[comment.line]
        following = comment.line + 1
        limit = source.unit_at(suppression.span.start).end
        end = min(source.line_starts[following], limit) if following < len(source.line_starts) else limit
    elif ends_comment:
        end = comment.start + len(comment.text)
        while start > 0 and source.text[start - 1] in " \t":
            start -= 1
    else:
        while end < comment.start + len(comment.text) and source.text[end] in " \t":
            end += 1
    return Edit(Span(source.path, start, end), "")
