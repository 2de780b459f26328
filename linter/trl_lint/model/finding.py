"""What a rule says, as the reports, the fixer and the editor read it."""

from __future__ import annotations

import enum

from trl_lint.dataclass import dataclass
from trl_lint.model.span import Place, Span


class Severity(enum.Enum):
    """`error`: the run would stop. `warning`: it would do something else than the code says. `info`: advice."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(enum.Enum):
    """`certain` holds for every possible value; `possible` for some of them, or on weaker evidence."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Stage(enum.Enum):
    """How far the run comes."""

    IMPORT = "import"
    CONFIG = "config"
    LOAD = "load"
    TRAINER_INIT = "trainer-init"
    PREPARE_DATA = "prepare-data"
    FIRST_BATCH = "first-batch"
    FIRST_STEP = "first-step"
    SILENT = "silent"


class Applicability(enum.Enum):
    """As ruff has it: `safe` fixes are applied by `--fix`, `unsafe` by `--unsafe-fixes`, `display` never."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the analysed text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding. `edits` may be empty for a `display` fix: advice in words."""

    message: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that matters, and what is to be seen there."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Spared:
    """Why a finding concerns older allowed releases only: the line that allows them, what it says, and the
    oldest allowed release of `package` from which on the code is not affected."""

    place: Place | None
    specifier: str
    needs: str
    package: str = "trl"


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic, complete: nothing of the run is needed to show it.

    `releases` is a PEP 440 specifier of the affected allowed TRL releases; `released` says the same in words,
    with the line that allows them. `why` and `evidence` are whole sentences. `spared` is set
    where the newest allowed release is not affected: such findings are not shown each, but gathered per line.
    `doubts` say why it is only possible, as phrases.
    """

    code: str
    name: str
    message: str
    severity: Severity
    confidence: Confidence
    stage: Stage
    span: Span | None
    place: Place
    releases: str = ""
    released: str = ""
    why: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    url: str = ""
    spared: Spared | None = None
    doubts: tuple[str, ...] = ()

    @property
    def fix(self) -> Fix | None:
        """The fix that `--fix` (or `--unsafe-fixes`) would apply: the first one with edits that is not for display."""
        found = (f for f in self.fixes if f.edits and f.applicability is not Applicability.DISPLAY)
        return min(found, key=lambda f: f.applicability is not Applicability.SAFE, default=None)
