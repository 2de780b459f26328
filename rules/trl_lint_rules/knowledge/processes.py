"""What depends on how many processes a run is started with, which no script says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from trl_lint.api import RunView, Severity, dataclass

# One machine, and the sizes of clusters of such machines.
COMMON: Final = (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256)


@dataclass(frozen=True, slots=True)
class Start:
    """A number of processes with which a run is refused. `place`: the command line that starts as many; None where
    none says how many, and it is one that is looked at."""

    processes: int
    place: str | None = None

    @property
    def shown(self) -> str:
        """It in words."""
        return "one process" if self.processes == 1 else f"{self.processes} processes"

    @property
    def why(self) -> tuple[str, ...]:
        """Where the number comes from."""
        return (f"{self.place} starts it with {self.shown}.",) if self.place is not None else ()


def severity(run: RunView, start: Start, refused: Callable[[int], bool]) -> Severity:
    """Of what is refused so: a recipe is written for as many processes as its launcher starts, whatever that is."""
    written_for_many = start.place is None and (run.run.recipe or run.run.assumed is not None)
    return Severity.INFO if written_for_many and not all(map(refused, COMMON)) else Severity.ERROR


def refused_start(run: RunView, refused: Callable[[int], bool]) -> Start | None:
    """The start of this run that is refused: one of those that its command lines say, else one process; the verdict
    is possible then where another usual number would do."""
    known = run.processes()
    if known:
        bad = [(count, place) for count, place in known if refused(count)]
        if not bad:
            return None
        fine = [count for count, _ in known if not refused(count)]
        if fine:
            run.weaken(f"other command lines start it with {either(fine)} processes, which would work")
        return Start(bad[0][0], str(bad[0][1]))
    if not refused(1):
        return None
    fine = [count for count in COMMON if not refused(count)]
    if fine:
        run.weaken(f"it depends on the number of processes; it would work with {either(fine[:4])}")
    return Start(1)


def either(numbers: Sequence[int]) -> str:
    """`2, 4 or 8`."""
    *before, last = [str(number) for number in numbers]
    return f"{', '.join(before)} or {last}" if before else last
