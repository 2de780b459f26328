"""Run an example of a page as the project that it is."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from trl_lint.configuration.loading import read as read_configuration
from trl_lint.configuration.settings import DEFAULT_INCLUDE, MARKDOWN, Configuration
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.dataclass import dataclass
from trl_lint.engine import Engine
from trl_lint.gathering import by_file
from trl_lint.model.finding import Confidence, Finding
from trl_lint.own_findings import split
from trl_lint.packs.registry import Registry
from trl_lint.policy import Policy
from trl_lint.sources.document import Document
from trl_lint.testing.pages import UNSAFE, Example, Expected

# What of an example is checked: the files that a check of a folder would take, and Markdown.
_CHECKED = (*DEFAULT_INCLUDE, *MARKDOWN)


@dataclass(frozen=True)
class Outcome:
    """What the linter made of an example."""

    found: tuple[Expected, ...]
    findings: tuple[Finding, ...]
    fixed: dict[tuple[str, str], str]


def run(example: Example, folder: Path, registry: Registry | None = None) -> Outcome:
    """Write the example into the empty folder `folder`, check it, and apply the fixes that it shows.

    `registry` holds the rules (by default all installed ones). Neither installed packages nor the Hugging Face
    cache of this machine have a say.
    """
    for name, text in example.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = _Project(folder, registry or Registry())
    findings = project.check([name for name in sorted(example.files) if is_checked(name)])
    shown, spared = split(findings)
    findings = [*shown, *project.engine.project_findings(spared)]
    fixed = {(name, role): project.fix(name, role == UNSAFE) for name, role in example.fixed}
    return Outcome(tuple(sorted(map(_stated, findings))), tuple(findings), fixed)


def is_checked(name: str) -> bool:
    """Whether a file of this name in an example is checked."""
    return any(fnmatchcase(Path(name).name, pattern) for pattern in _CHECKED)


class _Project:
    """An example on disk, and what looks at it: an engine and a policy, as the command line has them."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        self.folder = folder
        self.engine = Engine(root=folder, registry=registry, isolated=True)
        file = folder / "pyproject.toml"
        configured = read_configuration(file) if file.is_file() else None
        vocabulary = Vocabulary.of((entry.code, entry.name) for entry in registry.entries)
        self.policy = Policy(configured or Configuration(root=folder), lambda: vocabulary)

    def check(self, names: list[str]) -> list[Finding]:
        checked = [self.engine.check_file(self.folder / name, name) for name in names]
        found = by_file(checked, names)
        sources = {path: source for each in checked for path, source in each.others.items()}
        for name, each in zip(names, checked, strict=True):
            if each.source is not None:
                sources[name] = each.source
        shown: list[Finding] = []
        for path, findings in found.items():
            shown += self.policy.shown(findings, sources.get(path), self.folder / path)
        return shown

    def fix(self, name: str, unsafe: bool) -> str:
        from trl_lint.fixer import fix_document
        from trl_lint.sources.read import read

        path = self.folder / name
        document = read(path, name)
        if not isinstance(document, Document):
            return path.read_text(encoding="utf-8")

        def check(each: Document) -> tuple[Finding, ...]:
            checked = self.engine.check_document(each, path.parent)
            return self.policy.shown(checked.findings, checked.source, path)

        return fix_document(document, check, unsafe).document.raw.decode("utf-8")


def _stated(finding: Finding) -> Expected:
    return Expected(
        finding.place.path,
        finding.place.cell or 0,
        finding.place.row,
        finding.code,
        finding.severity.value,
        finding.confidence is Confidence.POSSIBLE,
    )


def mismatch(example: Example, outcome: Outcome) -> str | None:
    """How the outcome differs from what the page states, in words; None where it does not."""
    expected = sorted(example.expected)
    said = []
    missing = [str(each) for each in expected if each not in outcome.found]
    extra = [str(each) for each in outcome.found if each not in expected]
    if missing:
        said.append("stated and not found:\n  " + "\n  ".join(missing))
    if extra:
        said.append("found and not stated:\n  " + "\n  ".join(extra))
    for (name, role), text in example.fixed.items():
        if outcome.fixed[name, role] != text:
            said.append(f"{name} {role}:\n{outcome.fixed[name, role]}")
    return "\n".join(said) or None
