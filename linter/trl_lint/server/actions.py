"""Code actions: each remedy of a finding, all safe fixes at once, and a comment that silences the finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lsprotocol import types

from trl_lint.dataclass import dataclass
from trl_lint.ignoring import NOT_IGNORED
from trl_lint.model.finding import Applicability, Finding, Fix
from trl_lint.model.source import Kind
from trl_lint.model.span import Span
from trl_lint.server.checking import Analysis
from trl_lint.server.diagnostics import Diagnostics, located
from trl_lint.server.edits import replacement, workspace_edit
from trl_lint.sources.document import Document

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.trl-lint"
KINDS: tuple[types.CodeActionKind | str, ...] = (types.CodeActionKind.QuickFix, FIX_ALL)
REASON = "say why"  # what stands in the comment until somebody writes the reason
_TAKES_COMMENTS = (Kind.PYTHON, Kind.NOTEBOOK, Kind.YAML, Kind.SHELL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the client asks for. `only` are the kinds it wants (none: all of them)."""

    uri: str
    range: types.Range
    only: tuple[str, ...] = ()
    versioned: bool = False

    def wants(self, kind: str) -> bool:
        """Whether actions of this kind are asked for, by name or by a parent of it."""
        return not self.only or any(kind == each or kind.startswith(f"{each}.") for each in self.only)


def actions(analysis: Analysis, wish: Wish, diagnostics: Diagnostics) -> list[types.CodeAction]:
    """The actions there. Those that take time to work out hold `data` for `resolve` in the place of an edit."""
    found: list[types.CodeAction] = []
    if wish.wants("quickfix"):
        for number, finding in _touched(analysis, wish):
            found += _of_finding(analysis, finding, number, wish, diagnostics)
    if wish.wants(FIX_ALL) and not analysis.broken and _fixable(analysis.findings):
        title = "trl-lint: apply all safe fixes"
        found.append(types.CodeAction(title, FIX_ALL, data={"uri": analysis.snapshot.uri, "do": "fix-all"}))
    return found


def resolve(analysis: Analysis, data: Any, versioned: bool) -> types.WorkspaceEdit | None:
    """The edit of an action that was handed out without one; None where there is none (any more)."""
    if not isinstance(data, dict):
        return None
    if data.get("do") == "fix-all":
        return _fix_all(analysis, versioned)
    number = data.get("finding")
    if data.get("do") != "ignore" or not isinstance(number, int) or not 0 <= number < len(analysis.findings):
        return None
    finding = analysis.findings[number]
    if finding.name != data.get("name"):
        return None
    return _ignored(analysis, finding, data.get("reason"), versioned)


def _touched(analysis: Analysis, wish: Wish) -> Iterator[tuple[int, Finding]]:
    """The findings that the range touches, with their numbers."""
    wanted = analysis.snapshot.span(wish.uri, wish.range)
    for number, finding in enumerate(analysis.findings):
        text, where = located(analysis.snapshot, finding)
        if text.uri != wish.uri:
            continue
        span = finding.span or analysis.snapshot.span(text.uri, where)
        if wanted is not None and span is not None and _meet(span, wanted):
            yield number, finding


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _of_finding(
    analysis: Analysis, finding: Finding, number: int, wish: Wish, diagnostics: Diagnostics
) -> Iterator[types.CodeAction]:
    shown = diagnostics.on(analysis.snapshot, [finding])[wish.uri]
    for fix in finding.fixes if not analysis.broken else ():
        if _applicable(fix, analysis):
            yield types.CodeAction(
                _title(fix, finding),
                types.CodeActionKind.QuickFix,
                shown,
                is_preferred=(fix is finding.fix and fix.applicability is Applicability.SAFE) or None,
                edit=workspace_edit(analysis.snapshot, fix.edits, wish.versioned),
            )
    if analysis.snapshot.kind in _TAKES_COMMENTS and finding.code not in NOT_IGNORED:
        data = {"uri": analysis.snapshot.uri, "do": "ignore", "finding": number, "name": finding.name}
        title = f"Ignore {finding.name} here, with a reason"
        yield types.CodeAction(title, types.CodeActionKind.QuickFix, shown, data=data)


def _applicable(fix: Fix, analysis: Analysis) -> bool:
    path = analysis.snapshot.source.path
    inside = bool(fix.edits) and all(edit.span.path == path for edit in fix.edits)
    return inside and fix.applicability is not Applicability.DISPLAY


def _title(fix: Fix, finding: Finding) -> str:
    caution = ", unsafe" if fix.applicability is Applicability.UNSAFE else ""
    return f"{fix.message[:1].upper()}{fix.message[1:]} ({finding.code}{caution})"


def _fixable(findings: Iterable[Finding]) -> bool:
    from trl_lint.fixer import can_fix

    return can_fix(findings)


def _fix_all(analysis: Analysis, versioned: bool) -> types.WorkspaceEdit | None:
    from trl_lint.fixer import fix_document

    if analysis.broken:
        return None
    return _replaced(analysis, fix_document(analysis.snapshot.document, _check(analysis)).document, versioned)


def _ignored(analysis: Analysis, finding: Finding, reason: object, versioned: bool) -> types.WorkspaceEdit | None:
    from trl_lint.ignoring import add_ignores

    words = reason if isinstance(reason, str) else REASON
    try:
        done = add_ignores(analysis.snapshot.document, [finding], words, _check(analysis))
    except ValueError:
        return None  # no comment can hold this reason
    return _replaced(analysis, done.document, versioned)


def _check(analysis: Analysis) -> Callable[[Document], tuple[Finding, ...]]:
    """What is shown of another text of this document."""
    judge, path = analysis.judge, analysis.snapshot.path
    assert judge is not None  # there are findings

    def again(changed: Document) -> tuple[Finding, ...]:
        checked = judge.engine.check_document(changed, path.parent)
        return judge.policy.shown(checked.findings, changed.source, path)

    return again


def _replaced(analysis: Analysis, after: Document, versioned: bool) -> types.WorkspaceEdit | None:
    if after.raw == analysis.snapshot.document.raw:
        return None
    return replacement(analysis.snapshot, after.raw, versioned)
