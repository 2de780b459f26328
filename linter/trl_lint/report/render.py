"""The formats by name, and what all of them are given."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass, field
from trl_lint.model.finding import Finding
from trl_lint.report.text import Style
from trl_lint.report.texts import Texts

if TYPE_CHECKING:
    from trl_lint.packs.registry import RuleInfo

# A format is a module with `render(findings, context)`, which yields lines without their ends.
FORMATS = {
    "full": "trl_lint.report.full",
    "concise": "trl_lint.report.concise",
    "json": "trl_lint.report.json_array",
    "github": "trl_lint.report.github",
    "gitlab": "trl_lint.report.gitlab",
    "junit": "trl_lint.report.junit",
    "sarif": "trl_lint.report.sarif",
}
# Those that end with a summary for people.
FOR_PEOPLE = frozenset({"full", "concise"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a format may need besides the findings: the code, the terminal's width in columns, colours, the repository
    (formats for forges write paths relative to it) and the rules."""

    texts: Texts = field(default_factory=Texts)
    width: int = 100
    style: Style = field(default_factory=Style)
    root: Path | None = None
    rules: Callable[[], Sequence[RuleInfo]] = tuple


def render(name: str, findings: Sequence[Finding], context: Context) -> Iterator[str]:
    """The lines of the report in the format `name`, one of `FORMATS`. The findings are sorted already."""
    lines: Iterator[str] = importlib.import_module(FORMATS[name]).render(findings, context)
    return lines
