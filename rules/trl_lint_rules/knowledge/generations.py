"""How GRPOTrainer and RLOOTrainer cut batches into groups of generations.

Source: `__post_init__` of `GRPOConfig` (0.18 and newer) and `RLOOConfig` (0.22 and newer), and before that
`GRPOTrainer.__init__`, in the published wheels, patch release by patch release.
"""

from __future__ import annotations

from typing import Any, Final

from trl_lint.api import ABSENT, UNKNOWN, Release, RunView, Stage, dataclass
from trl_lint_rules.knowledge import defaults

CHECKED: Final = Release(0, 15)  # by the trainer: the batch of one step, without accumulation
ACCUMULATION_COUNTS: Final = Release(0, 17)
CHECKED_BY_CONFIG: Final = Release(0, 18)  # `generation_batch_size`, `steps_per_generation`
PROCESSES_COUNT_FOR_GIVEN: Final = Release(0, 19, 1)  # before, operator precedence left them out
EVAL_UNCHECKED: Final = (Release(0, 20), Release(0, 22))
RLOO_LIKE_GRPO: Final = Release(0, 22)
EVAL_GENERATIONS: Final = Release(0, 26, 1)
OLD_RLOO_NAMES_GONE: Final = Release(0, 25)

CONFIGS: Final = frozenset({"GRPOConfig", "RLOOConfig"})
TRAINERS: Final = frozenset({"GRPOTrainer", "RLOOTrainer"})

_OLD_NAMES: Final = {"num_generations": "rloo_k", "steps_per_generation": "num_mini_batches"}


def stage(run: RunView) -> Stage | None:
    """Where this release checks the arithmetic; None: nowhere, or in a trainer that is not to be seen here."""
    if run.run.config == "RLOOConfig":
        return Stage.CONFIG if run.trl >= RLOO_LIKE_GRPO else None
    if run.trl >= CHECKED_BY_CONFIG:
        return Stage.CONFIG
    return Stage.TRAINER_INIT if run.trl >= CHECKED and run.run.trainer is not None else None


def _given(run: RunView, name: str) -> Any:
    """As `defaults.made_with`; RLOO 0.22 to 0.24 still reads older names, which win."""
    older = _OLD_NAMES.get(name)
    if older is not None and run.run.config == "RLOOConfig" and run.trl < OLD_RLOO_NAMES_GONE:
        found = defaults.made_with(run, older)
        if found is not ABSENT and found is not None:
            return found
    return defaults.made_with(run, name)


def _whole(found: Any) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def generations(run: RunView) -> int | None:
    """`num_generations`, None where it is not known."""
    return _whole(_given(run, "num_generations"))


def eval_generations(run: RunView) -> int | None:
    """How many generations an evaluation makes for each prompt, None where it is not known."""
    if run.trl >= EVAL_GENERATIONS:
        own = defaults.made_with(run, "num_generations_eval")
        if own is not None and own != 0:
            return _whole(own)
    return generations(run)


@dataclass(frozen=True, slots=True)
class Batch:
    """The batch of prompts and generations between two calls of the generation."""

    per_device: int
    steps: int = 1
    given: int | None = None

    def size(self, processes: int) -> int:
        """How many completions it holds."""
        return self.per_device * processes * self.steps if self.given is None else self.given

    def shown(self, processes: int = 1) -> str:
        """It, with so many processes, in words."""
        if self.given is not None:
            return f"`generation_batch_size={self.given}`"
        steps = f" x {self.steps} {'step' if self.steps == 1 else 'steps'}" if self.steps != 1 else ""
        many = f" x {processes} processes" if processes != 1 else ""
        return f"a generation batch of {self.size(processes)} ({self.per_device} per device{many}{steps})"


def both_given(run: RunView) -> bool:
    """Whether the batch is given in two ways at once."""
    found = (defaults.made_with(run, "generation_batch_size"), _given(run, "steps_per_generation"))
    return not any(value is None or value is ABSENT or value is UNKNOWN for value in found)


def batch(run: RunView) -> Batch | None:
    """The batch of this run, None where a part of it is not known or it is refused for other reasons."""
    per_device = defaults.whole(run, "per_device_train_batch_size")
    steps = defaults.whole(run, "gradient_accumulation_steps")
    if per_device is None or per_device < 1:
        return None
    if run.run.config == "GRPOConfig" and run.trl < ACCUMULATION_COUNTS:
        return Batch(per_device)
    if run.run.config == "RLOOConfig" or run.trl >= CHECKED_BY_CONFIG:
        size = defaults.made_with(run, "generation_batch_size")
        own = _given(run, "steps_per_generation")
        if size is not None:
            return Batch(per_device, 1, size) if _whole(size) and size > 0 and own is None else None
        steps = steps if own is None else _whole(own)
    return Batch(per_device, steps) if steps is not None and steps > 0 else None


def given_batch_refused(run: RunView, found: Batch, processes: int) -> bool:
    """Whether a given `generation_batch_size` is no multiple of the batch of one step."""
    if found.given is None:
        return False
    unit = found.per_device * (processes if run.trl >= PROCESSES_COUNT_FOR_GIVEN else 1)
    return found.given % unit != 0


def divisors(number: int) -> list[int]:
    """The numbers of generations that a batch of this size can be split into."""
    return [count for count in range(2, number + 1) if number % count == 0]
