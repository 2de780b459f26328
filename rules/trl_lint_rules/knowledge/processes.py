"""What depends on how many processes a run is started with, which no script says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from trl_lint.api import RunView, Severity

# One machine, and the sizes of clusters of such machines.
COMMON: Final = (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256)


def severity(run: RunView, refused: Callable[[int], bool]) -> Severity:
    """Of what is refused with one process: a recipe is written for as many as its launcher starts."""
    written_for_many = run.run.recipe or run.run.assumed is not None
    return Severity.INFO if written_for_many and not all(map(refused, COMMON)) else Severity.ERROR


def refused_alone(run: RunView, refused: Callable[[int], bool]) -> bool:
    """Whether `refused` holds for one process; where another usual number would do, the verdict is only possible."""
    if not refused(1):
        return False
    fine = [count for count in COMMON if not refused(count)]
    if fine:
        run.weaken(f"it depends on the number of processes; it would work with {either(fine[:4])}")
    return True


def either(numbers: Sequence[int]) -> str:
    """`2, 4 or 8`."""
    *before, last = [str(number) for number in numbers]
    return f"{', '.join(before)} or {last}" if before else last
