"""Runs a program and says what it cost, its children included."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PERIOD = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and of processor time (of all processes), and memory in MB.

    `largest` is the peak of the largest process; `total` that of all of them together, where pages that several
    share count once (0 where the system does not say).
    """

    wall: float
    processor: float
    largest: float
    total: float
    code: int


def cheapest(command: Sequence[str], folder: Path, rounds: int, codes: Sequence[int] = (0, 1)) -> Cost:
    """The least of each figure in some rounds: what disturbs a measurement only ever adds to it."""
    costs = [run(command, folder, codes) for _ in range(rounds)]
    return Cost(
        min(each.wall for each in costs),
        min(each.processor for each in costs),
        min(each.largest for each in costs),
        min(each.total for each in costs),
        costs[0].code,
    )


def run(command: Sequence[str], folder: Path, codes: Sequence[int] = (0, 1)) -> Cost:
    """What one run costs. Raises SystemExit where it ends with another exit code than `codes`."""
    with open(os.devnull, "wb") as nowhere:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=subprocess.PIPE)
        watch = _Watch(process.pid)
        watch.start()
        complaint = process.stderr.read() if process.stderr is not None else b""
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        watch.ended.set()
        watch.join()
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in codes:
        raise SystemExit(f"{' '.join(command)} ended with {code}: {complaint.decode(errors='replace')[-800:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, watch.most / 1024, code)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children now and then (Linux alone tells)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(_PERIOD):
            self.most = max(self.most, sum(map(_proportional, self._family(self.pid))))

    def _family(self, pid: int) -> list[int]:
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [pid, *(each for child in children for each in self._family(int(child)))]


def _proportional(pid: int) -> int:
    """Kilobytes of a process; of pages that several processes share, its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
