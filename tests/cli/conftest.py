"""A stand-in for the analysis: the engine's shape with findings at marker words, so that the shell is tested alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from trl_lint.cli.backend import Backend
from trl_lint.cli.main import main
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.engine import Checked, Engine, Options
from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Fix, Severity, Stage
from trl_lint.model.span import Place, Span
from trl_lint.own_findings import internal_error, unreadable
from trl_lint.packs.registry import Registry
from trl_lint.report.runs import RunLine, RunReport, RunRow
from trl_lint.sources.document import Document
from trl_lint.sources.read import read

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
# word: code, name, severity, confidence, what a fix puts in its place
WORDS: dict[str, tuple[str, str, Severity, Confidence, tuple[Applicability, str] | None]] = {
    "bad": ("TRL201", "bad-word", Severity.ERROR, Confidence.CERTAIN, (SAFE, "good")),
    "meh": ("TRL202", "meh-word", Severity.WARNING, Confidence.POSSIBLE, (UNSAFE, "fine")),
    "tip": ("TRL301", "tip-word", Severity.INFO, Confidence.CERTAIN, None),
    "ping": ("TRL401", "ping-word", Severity.ERROR, Confidence.CERTAIN, (SAFE, "pong")),
    "pong": ("TRL402", "pong-word", Severity.ERROR, Confidence.CERTAIN, (SAFE, "ping")),
    "worse": ("TRL501", "worse-word", Severity.ERROR, Confidence.CERTAIN, (SAFE, ")(")),
    "chain": ("TRL601", "chain-word", Severity.WARNING, Confidence.CERTAIN, (SAFE, "bad")),
}
_WORD = re.compile(rf"\b({'|'.join(WORDS)})\b")


class WordEngine(Engine):
    """Finds words."""

    def weigh(self, path: Path, shown: str) -> int:
        return 1

    def check_file(self, path: Path, shown: str) -> Checked:
        document = read(path, shown)
        if not isinstance(document, Document):
            return Checked(tuple(map(unreadable, document)))
        return self.check_document(document, path.parent)

    def check_document(self, document: Document, folder: Path) -> Checked:
        source = document.source
        if "crash" in source.text:
            self.failed = True
            return Checked((internal_error(source.path, raised()),), document)
        findings = []
        for match in _WORD.finditer(source.text):
            code, name, severity, confidence, fix = WORDS[match[0]]
            span = Span(source.path, match.start(), match.end())
            fixes = (Fix(f"write {fix[1]}", fix[0], (Edit(span, fix[1]),)),) if fix else ()
            message = f"`{match[0]}` is used"
            if self.options.target_trl or self._configured:
                message += f" with {self.options.target_trl or self._configured['target-trl']}"
            stage = Stage.CONFIG
            findings.append(
                Finding(code, name, message, severity, confidence, stage, span, source.place(span), fixes=fixes)
            )
        return Checked(tuple(findings), document, len(findings))

    def project_findings(self, spared: Iterable[Finding]) -> tuple[Finding, ...]:
        place = Place("requirements.txt", 1)
        if not Path("requirements.txt").exists():
            return ()
        message = "the lower bound is not real"
        return (Finding("TRL801", "bound", message, Severity.INFO, Confidence.CERTAIN, Stage.SILENT, None, place),)

    def runs(self, path: Path, shown: str) -> tuple[RunReport, ...]:
        document = read(path, shown)
        if not isinstance(document, Document) or "run" not in document.source.text:
            return ()
        return (
            RunReport("a run", Place(shown, 1), (RunRow("model", "'m'", trail=(RunLine("line 1", Place(shown, 1)),)),)),
        )


def raised() -> Exception:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        return error


class WordBackend(Backend):
    """The stand-in's rules."""

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary.of([*((word[0], word[1]) for word in WORDS.values()), ("TRL801", "bound")])

    def engine(self, options: Options, root: Path, configured: Mapping[str, tuple[str, Place | None]]) -> Engine:
        return WordEngine(options, root, configured, Registry([]))


@dataclass(frozen=True)
class Result:
    """What a call printed and answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Call = Callable[..., Result]


@pytest.fixture
def trl_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the real entry point in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Result:
        code = main(arguments, WordBackend())
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call
