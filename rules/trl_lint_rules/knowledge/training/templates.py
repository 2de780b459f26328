"""The chat template that really renders in training: the run's own, or the training one that TRL swaps in."""

from __future__ import annotations

from trl_lint.api import RunView, dataclass
from trl_lint_rules import facts
from trl_lint_rules.knowledge import template
from trl_lint_rules.knowledge.template import Marking, Template


@dataclass(frozen=True)
class Rendering:
    """A template's text, and in words where it comes from. `approximate` says why another one may render."""

    text: str
    origin: str
    approximate: str = ""
    stops: str = ""
    unmarked: bool = False  # it stands for a template that marks the assistant's turns, and does not itself


def rendering(run: RunView, found: Template) -> Rendering | str:
    """The template that renders the rows of a run; a text says why there is none."""
    if found.text is None:
        return f"there is no chat template: {found.origin}"
    own = Rendering(found.text, found.origin)
    if not template.asked(run):
        return own
    marking = template.marking(run.trl, found)
    if marking is Marking.REFUSED:
        return Rendering(found.text, found.origin, stops="ValueError: the chat template is not training-compatible")
    if marking is not Marking.PATCHED:
        return own
    name = facts.patched_templates(run.trl)[template.fingerprint(found.text)]
    swapped = f"TRL {run.trl} swaps the template of {found.origin} (`{name}`) for a training one of its own"
    training = facts.training_template(run.trl, template.fingerprint(found.text), run.folder)
    if training is None:
        return Rendering(
            found.text,
            found.origin,
            f"{swapped}, which is not at hand: shown is the template of {found.origin}, and the assistant's words with "
            "the token behind them as trained. Name a TRL that has it: `--facts-from PATH`",
            unmarked=True,
        )
    if training.release != run.trl:
        doubt = f"{swapped}; shown is that of TRL {training.release} ({training.path})"
        return Rendering(training.text, f"{training.name} of TRL {training.release}", doubt)
    return Rendering(training.text, f"{training.name} of TRL {training.release}, in the place of {found.origin}")
