"""What a run trains on in one environment: rows cut into units, and which of them get a label.

A rule pack makes it (`training_view`), `trl-lint preview` shows it.
"""

from __future__ import annotations

import enum
from typing import Literal

from trl_lint.dataclass import dataclass

IGNORED = -100  # the label of a token that is not trained

Unit = Literal["token", "character"]


class Weight(enum.Enum):
    """What a remark is about."""

    STOPS = "stops"  # TRL raises, so that nothing is trained
    TROUBLE = "trouble"  # other tokens are trained than the code seems to ask for
    APPROXIMATE = "approximate"  # the picture may differ from the run
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know of what is shown."""

    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One unit of a row: its text, its id (None where the units are characters), whether it has a label, and
    whether it is left after truncation. `trained` of a unit that is cut off says what it would have been."""

    text: str
    id: int | None
    trained: bool
    kept: bool = True


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """The end of an assistant's turn (or of a text): the units `start` to `stop`, and whether they are trained."""

    start: int
    stop: int
    trained: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class TrainedRow:
    """One row as the trainer gets it. `index` counts the rows that were read, from 0; `dropped` says why the trainer
    leaves it out; `stops` is what TRL (or the chat template) raises at it."""

    index: int
    pieces: tuple[Piece, ...]
    ends: tuple[TurnEnd, ...] = ()
    dropped: str = ""
    stops: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Units that the trainer gets."""
        return 0 if self.dropped else sum(piece.kept for piece in self.pieces)

    @property
    def trained(self) -> int:
        """Units with a label among them."""
        return 0 if self.dropped else sum(piece.kept and piece.trained for piece in self.pieces)

    @property
    def cut(self) -> int:
        """Units that truncation takes off."""
        return sum(not piece.kept for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Part:
    """The units `start` to `stop` of the row at `row` (an `index`), as a part of a packed sequence."""

    row: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Packing:
    """What packing does. `explanation` holds whatever the order of the rows; `sequences` are those that the rows read
    fill, in the order in which they stand in the file (empty where they could not be counted)."""

    strategy: str
    length: int
    explanation: tuple[str, ...]
    sequences: tuple[tuple[Part, ...], ...] = ()
    first_unit_trained: bool = True  # of each packed sequence

    @property
    def fill(self) -> float:
        """The share of the sequences' room that is used."""
        used = sum(part.stop - part.start for sequence in self.sequences for part in sequence)
        return used / (self.length * len(self.sequences)) if self.sequences else 0.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows that were looked at."""

    rows: int
    units: int
    trained: int
    cut: int
    shortened: int  # rows that truncation shortens
    dropped: int  # rows that the trainer leaves out
    untrained: int  # rows without any label that are not left out
    ends: int
    ends_trained: int
    longest: int


@dataclass(frozen=True, slots=True)
class TrainingView:
    """What one run trains on. `rows` are some of those read; `reason` says why none can be shown.

    `loss` names in words the tokens that are asked for, `template` the chat template that renders.
    """

    unit: Unit = "token"
    rows: tuple[TrainedRow, ...] = ()
    totals: Totals | None = None
    rows_total: int | None = None
    where: str = ""
    loss: str = ""
    template: str = ""
    truncation: str = ""
    packing: Packing | None = None
    padding_free: bool = False  # the rows of a batch become one sequence
    remarks: tuple[Remark, ...] = ()
    reason: str = ""

    @property
    def approximate(self) -> bool:
        """Whether the picture may differ from the run."""
        return any(remark.weight is Weight.APPROXIMATE for remark in self.remarks)
