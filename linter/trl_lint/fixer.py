"""Applies the fixes of one document until nothing more can be fixed, and never leaves it worse than it was."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Applicability, Edit, Finding, Fix
from trl_lint.model.source import Kind, Source
from trl_lint.sources.document import Document

# Each round applies all fixes that do not touch one another; more rounds than this is a cycle.
_ROUNDS = 50
# A fix after which one of these appears has broken the file, or the linter.
_BROKEN = frozenset({"TRL001", "TRL002"})

Check = Callable[[Document], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A document after its fixes, what remains to be said of it, and how many findings were fixed.

    `notes` say which fixes were left out, and why.
    """

    document: Document
    findings: tuple[Finding, ...]
    fixed: int = 0
    notes: tuple[str, ...] = ()


def fix_document(document: Document, check: Check, unsafe: bool = False) -> Fixed:
    """Applies the safe fixes (with `unsafe` also the others) of what `check` finds, again and again.

    A fix whose result does not parse is left out. Where the fixes do not come to rest the document stays as it was.
    Nothing is written.
    """
    return _Fixing(document, check, unsafe).run()


def can_fix(findings: Iterable[Finding], unsafe: bool = False) -> bool:
    """Whether any of the findings has a fix that would be applied."""
    return any(_usable(finding, unsafe) is not None for finding in findings)


def _usable(finding: Finding, unsafe: bool) -> Fix | None:
    fix = finding.fix
    # What spares the newest allowed release is said of the project: mending it for older ones can undo other fixes.
    if fix is None or finding.spared is not None or not (unsafe or fix.applicability is Applicability.SAFE):
        return None
    return fix


@dataclass(frozen=True, slots=True)
class _State:
    document: Document
    findings: tuple[Finding, ...]


class _Fixing:
    def __init__(self, document: Document, check: Check, unsafe: bool) -> None:
        self.check = check
        self.unsafe = unsafe
        self.first = _State(document, check(document))
        self.refused: set[tuple[object, ...]] = set()
        self.notes: list[str] = []

    def run(self) -> Fixed:
        state, fixed = self.first, 0
        seen = {state.document.raw}
        for _ in range(_ROUNDS):
            chosen = self.choose(state)
            if not chosen:
                return Fixed(state.document, state.findings, fixed, tuple(self.notes))
            reached = self.round(state, chosen)
            if reached is None:
                continue
            state, count = reached
            fixed += count
            if state.document.raw in seen:
                break
            seen.add(state.document.raw)
        path = self.first.document.source.path
        note = f"{path}: the fixes undo one another, so none was applied (please report this)"
        return Fixed(self.first.document, self.first.findings, 0, (note,))

    def choose(self, state: _State) -> list[Finding]:
        """The findings whose fixes can be applied together, in the order of their places."""
        path = state.document.source.path
        found = [
            (min(edit.span.start for edit in fix.edits), finding.code, number, finding)
            for number, finding in enumerate(state.findings)
            if (fix := _usable(finding, self.unsafe)) is not None
            and _identity(finding) not in self.refused
            and all(edit.span.path == path for edit in fix.edits)
        ]
        chosen: list[Finding] = []
        taken: list[Edit] = []
        for _, _, _, finding in sorted(found, key=lambda item: item[:3]):
            edits = finding.fix.edits if finding.fix else ()
            if not any(_touch(edit, other) for edit in edits for other in taken):
                chosen.append(finding)
                taken += edits
        return chosen

    def round(self, state: _State, chosen: Sequence[Finding]) -> tuple[_State, int] | None:
        """What the chosen fixes lead to together; where that is broken, what the first sound one leads to."""
        if (together := self.attempt(state, chosen)) is not None:
            return together, len(chosen)
        for finding in chosen:
            alone = self.attempt(state, [finding]) if len(chosen) > 1 else None
            if alone is not None:
                return alone, 1
            self.refused.add(_identity(finding))
            self.notes.append(f"{finding.place}: the fix of {finding.code} was left out: its result does not parse")
        return None

    def attempt(self, state: _State, chosen: Sequence[Finding]) -> _State | None:
        """The document with these fixes, checked again; None where they broke it."""
        from trl_lint.edits.apply import apply
        from trl_lint.sources.read import from_bytes

        old = state.document.source
        edits = [edit for finding in chosen if finding.fix for edit in finding.fix.edits]
        try:
            raw = apply(state.document, edits)
        except ValueError:
            return None
        document = from_bytes(raw, old.path, old.kind)
        if not isinstance(document, Document) or not _still_parses(old, document.source):
            return None
        findings = self.check(document)
        if _count_broken(findings) > _count_broken(state.findings):
            return None
        return _State(document, findings)


def _identity(finding: Finding) -> tuple[object, ...]:
    """The same for the same finding before and after other fixes moved it."""
    fix = finding.fix
    texts = tuple(edit.text for edit in fix.edits) if fix else ()
    return (finding.code, finding.message, fix.message if fix else "", texts)


def _touch(first: Edit, second: Edit) -> bool:
    """Whether two edits overlap or meet, so that their order would matter."""
    return first.span.start <= second.span.end and second.span.start <= first.span.end


def _count_broken(findings: Iterable[Finding]) -> int:
    return sum(finding.code in _BROKEN for finding in findings)


def _still_parses(old: Source, new: Source) -> bool:
    """Whether every script or cell that parsed still does. Other kinds are judged by what reading them says."""
    if old.kind not in (Kind.PYTHON, Kind.NOTEBOOK):
        return True
    if len(old.units) != len(new.units):
        return False
    before = (old.text[unit.start : unit.end] for unit in old.units)
    after = (new.text[unit.start : unit.end] for unit in new.units)
    return all(b == a or _parses(a) or not _parses(b) for b, a in zip(before, after, strict=True))


def _parses(code: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
