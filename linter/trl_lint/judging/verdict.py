"""What a rule says of one run in one environment and one possible world."""

from __future__ import annotations

from collections.abc import Callable

from trl_lint.dataclass import dataclass
from trl_lint.model.finding import Applicability, Edit, Severity, Stage
from trl_lint.model.span import Place, Span
from trl_lint.model.target import Environment


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out. `right_in` says for which environments it is right (None: all in which the verdict is given,
    and harmless elsewhere); where the project allows another one, a safe remedy is shown as unsafe. So is that of
    a finding which is only possible, unless the edit is right in any case (`regardless`)."""

    message: str
    applicability: Applicability = Applicability.DISPLAY
    edits: tuple[Edit, ...] = ()
    right_in: Callable[[Environment], bool] | None = None
    regardless: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Another place that matters: a span of the analysed source, or a place in any file."""

    at: Span | Place
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`case` names the regime: verdicts of several releases with the same case and span become one finding.

    `{trl}` and `{transformers}` in `message` and `why` stand for the affected releases, in words. `doubts` make this
    verdict alone `possible`; what weakens all verdicts of a rule is told to `RunView.weaken`.
    """

    case: str
    at: Span
    message: str
    severity: Severity
    stage: Stage
    why: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    doubts: tuple[str, ...] = ()
