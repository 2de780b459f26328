"""From a snapshot to what the editor shows of it, by the same engine and policy as `trl-lint check`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

from trl_lint.cli.backend import Backend
from trl_lint.cli.session import Judge, Session
from trl_lint.configuration.errors import ConfigurationError
from trl_lint.dataclass import dataclass, field
from trl_lint.discover import is_excluded
from trl_lint.engine import Checked
from trl_lint.model.finding import Finding
from trl_lint.model.run import Run
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Problem, Target
from trl_lint.opening import RECIPE_LIMIT
from trl_lint.own_findings import split, unreadable
from trl_lint.server.carrying import UNPARSABLE, Change, carry, is_broken
from trl_lint.server.settings import Settings
from trl_lint.server.snapshots import Snapshot
from trl_lint.sources.gate import gate

_SUFFIXES = {
    Kind.PYTHON: ".py",
    Kind.NOTEBOOK: ".py",  # the analysed text of a notebook is Python
    Kind.YAML: ".yaml",
    Kind.JSON: ".json",
    Kind.SHELL: ".sh",
    Kind.MAKEFILE: ".mk",
    Kind.DOCKERFILE: ".dockerfile",
}


class SupersededError(BaseException):
    """The document was changed or closed while it was checked. No Exception: the engine would report it."""


@dataclass(frozen=True)
class Analysis:
    """What is known of a snapshot. `findings` are those to show on it, in order; `spared` concern older allowed
    releases alone; `elsewhere` stand in other files (a lock file that cannot be read, a recipe that this script
    is started with).

    `good` is the newest source that could be parsed as a whole, with its findings: the same unless `broken`.
    """

    snapshot: Snapshot
    findings: tuple[Finding, ...] = ()
    spared: tuple[Finding, ...] = ()
    elsewhere: tuple[Finding, ...] = ()
    runs: tuple[Run, ...] = ()
    anchors: tuple[Span, ...] = ()
    target: Target | None = None
    judge: Judge | None = None
    good: Source | None = None
    broken: bool = False


@dataclass
class Checker:
    """Checks snapshots. `renew` makes it read configuration, lock files, models and data anew.

    Not for use by several threads at a time.
    """

    settings: Settings = field(default_factory=Settings)
    backend: Backend = field(default_factory=Backend)
    _session: Session | None = None
    _settled: bool = False

    def renew(self, settings: Settings | None = None) -> None:
        """Forget everything that was read of the project."""
        self.settings = settings or self.settings
        self._session = None
        self._settled = False

    def session(self) -> Session:
        """The configurations and engines. Raises ConfigurationError where the editor's settings make no sense."""
        if self._session is None:
            self._session = Session(self.settings.arguments(), self.backend)
        return self._session

    def judge(self, path: Path) -> Judge | None:
        """What judges the file; None for one that the configuration excludes. Raises ConfigurationError."""
        session = self.session()
        configuration = session.configurations.of(str(path.parent))
        return None if is_excluded(str(path), configuration) else session.judge(configuration)

    def check(self, snapshot: Snapshot, before: Analysis | None, checkpoint: Callable[[], None]) -> Analysis:
        """All that is to be shown of `snapshot`; `before` is what was known of the document until now.

        `checkpoint` is called now and then and raises SupersededError where nobody waits for the answer any more.
        """
        analysis = self._analysis(snapshot, before, checkpoint)
        self._settle()
        return analysis

    def _settle(self) -> None:
        """Take the modules, facts and rules that every check shares out of the sight of the garbage collector: a full
        collection looks at all of them, which takes longer than most checks."""
        if not self._settled:
            self._settled = True
            gc.unfreeze()
            gc.collect()
            gc.freeze()

    def _analysis(self, snapshot: Snapshot, before: Analysis | None, checkpoint: Callable[[], None]) -> Analysis:
        try:
            judge = self.judge(snapshot.path)
        except ConfigurationError as problem:
            return Analysis(snapshot, elsewhere=(_misconfigured(problem),))
        if judge is None or not _may_hold_a_run(snapshot):
            return Analysis(snapshot)
        engine, source, folder = judge.engine, snapshot.source, snapshot.path.parent
        engine.checkpoint = checkpoint
        checked = engine.check_document(snapshot.document, folder)
        target = _target(checked, judge, source, folder)
        here = [finding for finding in checked.findings if finding.place.path == source.path]
        findings, spared = split(judge.policy.shown(here, source, snapshot.path))
        broken = is_broken(checked.findings, source)
        runs = checked.understood.runs if checked.understood is not None else ()
        if broken and before is not None and before.good is not None:
            return _carried(snapshot, before, findings)
        problems = target.problems if target is not None else ()
        return Analysis(
            snapshot,
            findings,
            spared,
            (*map(unreadable, problems), *self._in_other_files(checked)),
            runs,
            tuple(dict.fromkeys(run.anchor for run in runs)),
            target,
            judge,
            source,
            broken,
        )

    def _in_other_files(self, checked: Checked) -> Iterator[Finding]:
        """What is shown of this document's runs on a recipe, a command line or a module that makes a part of them."""
        session = self.session()
        for path, source in checked.others.items():
            found = [finding for finding in checked.elsewhere if finding.place.path == path]
            file = Path(path).absolute()
            configuration = session.configurations.of(str(file.parent))
            if not found or is_excluded(str(file), configuration):
                continue
            known = {finding.code for finding in found}
            shown = session.judge(configuration).policy.shown(found, source, file)
            yield from (finding for finding in shown if finding.code in known)


def _carried(snapshot: Snapshot, before: Analysis, findings: tuple[Finding, ...]) -> Analysis:
    """What is known of a text that does not parse: what was known before, and why it does not."""
    source = snapshot.source
    change = Change.between(before.snapshot.source.text, source.text)
    kept = carry(before.findings, change, source)
    anchors = tuple(span for anchor in before.anchors if (span := change.move(anchor)) is not None)
    unparsable = [finding for finding in findings if finding.code == UNPARSABLE]
    return Analysis(
        snapshot,
        (*unparsable, *kept),
        before.spared,
        before.elsewhere,
        (),
        anchors,
        before.target,
        before.judge,
        before.good,
        broken=True,
    )


def _may_hold_a_run(snapshot: Snapshot) -> bool:
    if snapshot.kind in (Kind.YAML, Kind.JSON) and len(snapshot.texts[0].text) > RECIPE_LIMIT:
        return False
    raw = "\n".join(text.text for text in snapshot.texts).encode("utf-8", "surrogatepass")
    return gate(raw, _SUFFIXES[snapshot.kind])


def _target(checked: Checked, judge: Judge, source: Source, folder: Path) -> Target | None:
    """The releases on which the source was judged; None where nothing in it was."""
    understood = checked.understood
    if understood is None or not understood.judged:
        return None
    return judge.engine.resolver.resolve(source, folder)


def _misconfigured(problem: ConfigurationError) -> Finding:
    return unreadable(Problem(Place(problem.path, max(1, problem.line)), problem.message, "error"))
