"""What `trl-lint preview` shows, whatever the format."""

from __future__ import annotations

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Finding
from trl_lint.model.span import Place
from trl_lint.model.target import Environment
from trl_lint.model.training import TrainingView


@dataclass(frozen=True)
class Side:
    """One run in one environment. `said` are the releases in words; `errors` what the rules say would stop it;
    `others` counts the pictures that other ways through the code give."""

    environment: Environment
    said: str
    view: TrainingView
    errors: tuple[Finding, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class RunPreview:
    """One run: one side, or two to compare."""

    title: str
    place: Place
    sides: tuple[Side, ...]


@dataclass(frozen=True)
class PreviewReport:
    """All runs of the files that were named; `problems` are about files that cannot be read."""

    runs: tuple[RunPreview, ...]
    problems: tuple[Finding, ...] = ()
    files: int = 0
