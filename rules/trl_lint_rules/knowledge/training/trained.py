"""The rows of one run, prepared and labelled."""

from __future__ import annotations

from trl_lint.api import TrainedRow, dataclass
from trl_lint_rules.knowledge.training.examples import Example
from trl_lint_rules.knowledge.training.labels import Recipe
from trl_lint_rules.knowledge.training.settings import Settings
from trl_lint_rules.knowledge.training.templates import Rendering
from trl_lint_rules.knowledge.training.units import Cutter


@dataclass(frozen=True)
class Trained:
    """The rows of a run with their labels, and everything that led to them."""

    rows: tuple[TrainedRow, ...]
    examples: tuple[Example, ...]
    recipe: Recipe
    settings: Settings
    cutter: Cutter
    rendering: Rendering | None
    pairs: bool
