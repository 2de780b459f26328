"""What trl-lint really says of the examples of the rules' pages."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trl_lint.configuration.settings import Configuration
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.engine import Engine, Options
from trl_lint.model.finding import Finding, Severity
from trl_lint.model.release import Release
from trl_lint.own_findings import order, split
from trl_lint.packs.registry import Registry
from trl_lint.policy import Policy
from trl_lint.report.render import Context, render
from trl_lint.report.texts import Texts
from trl_lint.sources.document import Document
from trl_lint.testing import Example
from trl_lint.testing.run import is_checked

from .timeline import WORST_FIRST, Affected, affected

_WIDTH = 100


@dataclass(frozen=True)
class Said:
    """The full report on an example, and in which releases the findings of one rule hold for its code."""

    report: str
    affected: Affected


def ask(example: Example, code: str, registry: Registry, known: Sequence[Release]) -> Said:
    """Checks an example as the project that it is, and once more for all `known` releases."""
    with _written(example):
        findings, documents = _check(example, Engine(registry=registry, isolated=True), registry)
        texts = Texts(documents=documents)
        report = "\n".join(render("full", findings, Context(texts, _WIDTH))).rstrip()
        everywhere = Engine(Options(target_trl=f">={known[0]}"), registry=registry, isolated=True)
        wide, _ = _check(example, everywhere, registry, gathered=False)
        severity = min(
            (Severity(each.severity) for each in example.expected if each.code == code), key=WORST_FIRST.index
        )
        return Said(report, affected([each for each in wide if each.code == code], severity, known))


@contextlib.contextmanager
def _written(example: Example) -> Iterator[None]:
    """The example on disk, as the working directory."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="trl-lint-site-") as name:
        for file, text in example.files.items():
            path = Path(name, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        os.chdir(name)
        try:
            yield
        finally:
            os.chdir(before)


def _check(
    example: Example, engine: Engine, registry: Registry, gathered: bool = True
) -> tuple[list[Finding], dict[str, Document]]:
    """The findings on all files of the example. `gathered`: as reports have them, per line where they spare the
    newest release; else each."""
    vocabulary = Vocabulary.of((entry.code, entry.name) for entry in registry.entries)
    policy = Policy(Configuration(root=Path.cwd()), lambda: vocabulary)
    findings: list[Finding] = []
    documents: dict[str, Document] = {}
    for name in sorted(example.files):
        if is_checked(name):
            checked = engine.check_file(Path(name).absolute(), name)
            findings += policy.shown(checked.findings, checked.source, Path(name).absolute())
            if checked.document is not None:
                documents[name] = checked.document
    if gathered:
        shown, spared = split(findings)
        findings = [*shown, *engine.project_findings(spared)]
    return sorted(findings, key=order), documents
