"""Applies the fixes of the files of one call, until nothing in any of them changes what is said of another."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from trl_lint.cli.session import Session
from trl_lint.cli.writing import write
from trl_lint.dataclass import dataclass, field
from trl_lint.discover import File
from trl_lint.engine import Checked
from trl_lint.fixer import can_fix, fix_document
from trl_lint.gathering import by_file
from trl_lint.model.finding import Finding
from trl_lint.report.text import escape
from trl_lint.sources.document import Document

# Each round fixes every file as far as the others stand; files that make new fixes of one another come to rest soon.
_ROUNDS = 5


@dataclass
class Fixed:
    """The files as they are found after the fixes, what was changed (before and after), and how much was mended."""

    checked: list[Checked]
    changes: list[tuple[Document, bytes]] = field(default_factory=list)
    fixed: int = 0
    failed: bool = False


def fix(session: Session, files: Sequence[File], checked: Sequence[Checked], *, writes: bool) -> Fixed:
    """Applies the fixes that were asked for to what `checked` says of `files`, and writes them to the disk if asked."""
    return _Fixing(session, files, checked, writes).run()


class _Fixing:
    def __init__(self, session: Session, files: Sequence[File], checked: Sequence[Checked], writes: bool) -> None:
        self.session = session
        self.files = files
        self.checked = list(checked)
        self.writes = writes
        self.paths = [file.shown for file in files]
        self.before: dict[int, Document] = {}
        self.given_up: set[int] = set()
        self.fixed = 0

    def run(self) -> Fixed:
        for _ in range(_ROUNDS):
            found = by_file(self.checked, self.paths)
            changed = [index for index, path in enumerate(self.paths) if self.mend(index, found[path])]
            if not changed or not any(map(_is_joined, self.checked)):
                break
            self.check_again(changed)
        changes = []
        for index, before in self.before.items():
            after = self.checked[index].document
            if after is not None and after.raw != before.raw:
                changes.append((before, after.raw))
        return Fixed(self.checked, changes, self.fixed, bool(self.given_up))

    def mend(self, index: int, found: Sequence[Finding]) -> bool:
        """Fixes one file; whether that changed it."""
        file, document = self.files[index], self.checked[index].document
        judge = self.session.judge(file.configuration)
        unsafe = judge.policy.configuration.unsafe_fixes
        if document is None or index in self.given_up:
            return False
        if not can_fix(judge.policy.shown(found, document.source, file.path), unsafe):
            return False
        giving = [i for i, each in enumerate(self.checked) if i != index and _gives(each, file.shown)]
        latest: dict[bytes, Checked] = {}

        def again(changed: Document) -> tuple[Finding, ...]:
            if giving:
                self.session.amend(file.path, changed)
            own = judge.engine.check_document(changed, file.path.parent)
            latest[changed.raw] = own
            several = [own, *map(self.check, giving)]
            together = by_file(several, [self.paths[i] for i in (index, *giving)])
            return judge.policy.shown(together[file.shown], changed.source, file.path)

        done = fix_document(document, again, unsafe)
        for note in done.notes:
            print(f"warning: {escape(note)}", file=sys.stderr)
        if done.document.raw != document.raw and self.writes and not write(file.path, document, done.document.raw):
            self.given_up.add(index)
            self.session.amend(file.path, document)
            return False
        self.session.amend(file.path, done.document)
        self.checked[index] = latest[done.document.raw]
        self.before.setdefault(index, document)
        self.fixed += done.fixed
        return done.document.raw != document.raw

    def check(self, index: int) -> Checked:
        """A file once more, as it stands now."""
        file, document = self.files[index], self.checked[index].document
        engine = self.session.judge(file.configuration).engine
        return self.checked[index] if document is None else engine.check_document(document, file.path.parent)

    def check_again(self, changed: Sequence[int]) -> None:
        for index, each in enumerate(self.checked):
            if index in changed or _is_joined(each):
                self.checked[index] = self.check(index)


def _gives(checked: Checked, path: str) -> bool:
    return any(finding.place.path == path for finding in checked.elsewhere)


def _is_joined(checked: Checked) -> bool:
    """Whether what is said of this file hangs on others, or theirs on it."""
    runs = checked.understood.runs if checked.understood is not None else ()
    return bool(checked.others) or any(run.source.others for run in runs)
