"""One file of an analysis: its text, its names, and what is noted of it alone."""

from __future__ import annotations

from trl_lint.dataclass import dataclass, field
from trl_lint.model.source import Source
from trl_lint.python.atoms import Frame
from trl_lint.python.offsets import Offsets

BRANCHES = 1 << 32  # branches are named by their offsets: those of each file have their own range


@dataclass(slots=True)
class File:
    """`number` 0 is the file that is checked; the others are modules of the project that it imports.

    `open`: it may bind more names than were seen. `bound` counts how often each name was given a value; `stars` are
    the modules of its star imports, and whether they are libraries.
    """

    source: Source
    frame: Frame
    number: int = 0
    name: str = ""
    open: bool = False
    bound: dict[str, int] = field(default_factory=dict)
    stars: list[tuple[str, bool]] = field(default_factory=list)
    guard_names: dict[str, str] = field(default_factory=dict)
    _offsets: Offsets | None = None

    @property
    def offsets(self) -> Offsets:
        """Where the nodes of its tree stand."""
        if self._offsets is None:
            self._offsets = Offsets(self.source)
        return self._offsets
