"""The one function behind the command line, the hook, the editor and the tests: from a file to findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trl_lint import disk
from trl_lint.dataclass import dataclass, field, replace
from trl_lint.model.finding import Finding
from trl_lint.model.source import Source
from trl_lint.model.span import Place
from trl_lint.model.target import Problem, Target
from trl_lint.opening import open_file, worth_checking
from trl_lint.own_findings import internal_error, order, repeated, unreadable
from trl_lint.packs.registry import Registry
from trl_lint.packs.rule import GatheringRule, ModuleRule
from trl_lint.understanding import Understanding, Understood

if TYPE_CHECKING:
    from trl_lint.artifacts import ArtifactFinder
    from trl_lint.judging.view import Evidences
    from trl_lint.model.module import Module
    from trl_lint.model.run import Run
    from trl_lint.report.runs import RunReport
    from trl_lint.sources.document import Document
    from trl_lint.targets.index import ReadRelease
    from trl_lint.targets.resolver import TargetResolver


class UnreadableError(Exception):
    """A file whose runs were asked for cannot be read; `problems` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asks of a check, besides the configuration."""

    target_trl: str | None = None
    target_transformers: str | None = None
    online: bool = False
    read: tuple[ReadRelease, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """All findings on one file (before selection and suppressions, sorted), and what they were found in.

    `elsewhere` are those whose place is in another file of the project, one of `others` by its path. `failed`: a
    defect of the linter was met; only who checks many files says so here.
    """

    findings: tuple[Finding, ...] = ()
    document: Document | None = None
    runs: int = 0
    understood: Understood | None = None
    elsewhere: tuple[Finding, ...] = ()
    others: Mapping[str, Source] = field(default_factory=dict)
    failed: bool = False

    @property
    def source(self) -> Source | None:
        """The analysed source, None where the file could not be read or cannot hold a run."""
        return self.document.source if self.document is not None else None


class Engine:
    """Checks files against the rules of a registry. Never raises on account of a file: `failed` says so instead.

    `isolated`: neither installed packages nor the Hugging Face cache of this machine have a say. `checkpoint` is
    called between the steps of a check; a BaseException that it raises ends the check. `repeats`: each check names the
    problems of its target, not only the first that meets them.
    """

    def __init__(
        self,
        options: Options | None = None,
        root: Path | None = None,
        configured: Mapping[str, tuple[str, Place | None]] | None = None,
        registry: Registry | None = None,
        isolated: bool = False,
    ) -> None:
        self.options = options or Options()
        self.root = root or Path.cwd()
        self.registry = registry or Registry()
        self.failed = False
        self.repeats = False
        self.checkpoint: Callable[[], None] = lambda: None
        self._isolated = isolated
        self._configured = dict(configured or {})
        self._said: set[Problem] = set()
        self._understanding = Understanding(self.registry)

    def on(self, trl: str | None, transformers: str | None, read: tuple[ReadRelease, ...] = ()) -> Engine:
        """An engine that differs from this one in its targets alone: specifiers, or None for what the project says,
        and releases that were read from a folder."""
        options = replace(self.options, target_trl=trl, target_transformers=transformers, read=read)
        return type(self)(options, self.root, self._configured, self.registry, self._isolated)

    @cached_property
    def resolver(self) -> TargetResolver:
        """Where the targeted releases come from."""
        from trl_lint.targets.index import Overrides, ReleaseIndex
        from trl_lint.targets.resolver import TargetResolver

        known: dict[str, Any] = {}
        requires = patcher_requires = None
        for index in self.registry.release_indexes():
            known.update(index.known)
            requires = requires or index.requires
            patcher_requires = patcher_requires or index.patcher_requires
        if requires is None:
            raise RuntimeError("no installed rule pack knows any release")
        trl = self._configured.get("target-trl", (None, None))
        transformers = self._configured.get("target-transformers", (None, None))
        overrides = Overrides(
            trl=self.options.target_trl,
            transformers=self.options.target_transformers,
            configured_trl=trl[0],
            trl_place=trl[1],
            configured_transformers=transformers[0],
            transformers_place=transformers[1],
            read={read.package: read for read in self.options.read},
        )
        installed = () if self._isolated else None
        releases = ReleaseIndex(known, requires, patcher_requires)
        return TargetResolver(releases, overrides, root=self.root, environment=installed)

    @cached_property
    def finder(self) -> ArtifactFinder:
        """Where model metadata comes from."""
        from trl_lint.artifacts import ArtifactFinder

        nothing_cached = {"HF_HUB_CACHE": os.devnull} if self._isolated else None
        return ArtifactFinder(online=self.options.online, environ=nothing_cached)

    def amend(self, path: Path, document: Document) -> None:
        """From now on the file at `path` is `document`, whatever the disk says: fixes have changed it."""
        self._understanding.amend(path, document)

    @property
    def given(self) -> str:
        """All that it was made with: two engines of which this is the same say the same."""
        return repr((self.options, self.root, sorted(self._configured.items()), self._isolated))

    def raw(self, path: Path, shown: str) -> bytes | Problem | None:
        """The bytes of the file at `path`, or why it cannot be read; None where `check_file` has nothing to look at."""
        return worth_checking(path, shown, self._understanding.importing)

    def check_file(self, path: Path, shown: str) -> Checked:
        """All findings on the file at `path`, which reports call `shown`."""
        disk.checking()
        document = open_file(path, shown, self._understanding.importing)
        if document is None:
            return Checked()
        if isinstance(document, tuple):
            return Checked(tuple(unreadable(problem) for problem in document))
        return self.check_document(document, path.parent)

    def check_document(self, document: Document, folder: Path) -> Checked:
        """All findings on `document`, whose relative paths are looked up from `folder`."""
        disk.checking()
        try:
            understood = self._understanding.of(document.source, folder)
            self.checkpoint()
            problems = (*document.problems, *understood.problems)
            findings = [unreadable(problem) for problem in problems]
            findings += (repeated(document.source, *each) for each in understood.repeated)
            if understood.judged:
                findings += self._judge(document.source, understood, folder)
        except Exception as error:
            self.failed = True
            return Checked((internal_error(document.source.path, error),), document)
        findings = sorted(map(self._linked, findings), key=order)
        others = understood.module.source.others if understood.module is not None else {}
        here = tuple(finding for finding in findings if finding.place.path not in others)
        elsewhere = tuple(finding for finding in findings if finding.place.path in others)
        return Checked(here, document, len(understood.runs), understood, elsewhere, others)

    def understand(self, source: Source, folder: Path) -> Understood:
        """The runs of `source`, which lies in `folder`, as the project around it makes them."""
        return self._understanding.of(source, folder)

    def _judge(self, source: Source, understood: Understood, folder: Path) -> Iterator[Finding]:
        from trl_lint.judging.view import Evidences

        if understood.module is not None:
            source = understood.module.source
        target = self.resolver.resolve(source, folder)
        yield from (unreadable(problem) for problem in target.problems if self.repeats or problem not in self._said)
        self._said.update(target.problems)
        evidences = Evidences(self.finder, folder, source, lambda: self._understanding.started(source, folder))
        seen: set[tuple[object, ...]] = set()
        for finding in self._of_parts(source, understood, target, evidences):
            key = (finding.code, finding.span, finding.message)
            if key not in seen:
                seen.add(key)
                yield finding

    def _of_parts(
        self, source: Source, understood: Understood, target: Target, evidences: Evidences
    ) -> Iterator[Finding]:
        from trl_lint.judging.view import Evidences

        for run in understood.runs:
            if run.folder is None:
                yield from self.judge_run(run, target, evidences)
                continue
            found = self.judge_run(run, target, Evidences(self.finder, run.folder, run.source))
            # Of a command line and its recipe, each file is told what stands in it.
            yield from (finding for finding in found if finding.place.path == source.path)
        if understood.module is not None:
            yield from self._judge_module(source, _of_this_file(understood.module), target)
        for written in understood.written:
            yield from self._judge_module(written.source, _of_this_file(written), target)

    def _judge_module(self, source: Source, module: Module, target: Target) -> Iterator[Finding]:
        from trl_lint.judging.judge import judge_module
        from trl_lint.judging.merge import to_finding

        for entry in self.registry.about("module"):
            try:
                rule = self.registry.rule(entry)
                assert isinstance(rule, ModuleRule)
                affected = judge_module(module, target, rule)
            except Exception as error:
                self.failed = True
                yield internal_error(source.path, error, None, entry.name)
                continue
            for each in affected:
                yield to_finding(each, source, target)

    def judge_run(self, run: Run, target: Target, evidences: Evidences) -> Iterator[Finding]:
        """What the rules say of one run."""
        from trl_lint.judging.judge import judge
        from trl_lint.judging.merge import to_finding

        for entry in self.registry.for_run(run):
            self.checkpoint()
            try:
                affected = judge(run, target, evidences, [self.registry.rule(entry)])
            except Exception as error:
                self.failed = True
                yield internal_error(run.source.path, error, run.source.place(run.anchor), entry.name)
                continue
            for each in affected:
                yield to_finding(each, run.source, target)

    def runs(self, path: Path, shown: str) -> tuple[RunReport, ...]:
        """The runs of the file at `path` as they were understood, for `trl-lint runs`."""
        from trl_lint.sources.read import read

        document = read(path, shown)
        if isinstance(document, tuple):
            raise UnreadableError(document)
        return self.explain(document.source, self._understanding.of(document.source, path.parent).runs, path.parent)

    def explain(self, source: Source, runs: Sequence[Run], folder: Path) -> tuple[RunReport, ...]:
        """`runs` of `source`, which lies in `folder`, with their target and what is found of model and data."""
        from trl_lint import explain
        from trl_lint.judging.view import Evidences

        reports = []
        for run in runs:
            evidences = Evidences(self.finder, run.folder or folder, run.source)
            name = explain.artifact_name(run)
            artifact = evidences.artifact(name, None) if name is not None else None
            data = evidences.data(run.train_dataset) if run.trainer_call is not None else None
            reports.append(explain.report(run, self.resolver.resolve(source, folder), artifact, data))
        return tuple(reports)

    def project_findings(self, spared: Iterable[Finding]) -> tuple[Finding, ...]:
        """What is said once for the whole project of the findings that spare the newest allowed release."""
        by_line: dict[object, list[Finding]] = {}
        for finding in spared:
            older = finding.spared
            if older is not None:
                by_line.setdefault((older.package, older.place, older.specifier), []).append(finding)
        findings: list[Finding] = []
        for entry in self.registry.about("gather"):
            for group in by_line.values():
                first = min(group, key=order)
                try:
                    rule = self.registry.rule(entry)
                    assert isinstance(rule, GatheringRule)
                    findings += rule.gather(sorted(group, key=order))
                except Exception as error:
                    self.failed = True
                    findings.append(internal_error(first.place.path, error, first.place, entry.name))
        return tuple(sorted(map(self._linked, findings), key=order))

    def _linked(self, finding: Finding) -> Finding:
        """`finding`, with the address of its rule's documentation where the pack gives one."""
        url = self.registry.urls.get(finding.code)
        return finding if url is None or finding.url else replace(finding, url=url)


def _of_this_file(module: Module) -> Module:
    """`module` with its own calls, and those of other modules that it calls into: what stands there at the level of
    the module is judged when that file is checked."""
    own = module.source.path
    if not module.source.others:
        return module
    return replace(module, calls=tuple(call for call in module.calls if call.span.path == own or call.scope))
