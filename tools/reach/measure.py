"""Counts over files: how many trainer calls give a run, and what is known of those runs."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from trl_lint.model.run import How, Run
from trl_lint.model.source import Kind
from trl_lint.model.value import Known, OneOf, Unknown
from trl_lint.python.offsets import Offsets
from trl_lint.python.parse import parse_units
from trl_lint.sources.document import kind_of
from trl_lint.sources.read import read
from trl_lint.understanding import understand

from .calls import trainer_calls

SUFFIXES = (".py", ".ipynb")
# The reasons that the front end gives for what the user of a script chooses.
_ARGUMENTS = ("the parameter", "parsed by", "the environment variable", "the command line")


@dataclass(frozen=True, slots=True)
class Counts:
    """`calls` are trainer calls that their names give away, `runs` those that the linter makes a run of; the others
    count calls of which some run knows that part. `traced`: the model's name is known, or comes from an argument."""

    files: int = 0
    calls: int = 0
    runs: int = 0
    config: int = 0
    model: int = 0
    traced: int = 0
    processing: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)))


def measure_folder(folder: Path) -> Counts:
    """The counts of all scripts and notebooks below `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return sum((measure_file(path) for path in files), Counts())


def measure_file(path: Path) -> Counts:
    """The counts of one file; nothing for one that cannot be read or holds no trainer call."""
    raw = path.read_bytes()
    if b"trl" not in raw or b"Trainer" not in raw:
        return Counts()
    document = read(path, str(path))
    if isinstance(document, tuple) or kind_of(path) not in (Kind.PYTHON, Kind.NOTEBOOK):
        return Counts()
    source = document.source
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in strings of other people
        calls = trainer_calls([unit.tree for unit in parse_units(source) if unit.tree is not None])
    if not calls:
        return Counts()
    offsets = Offsets(source)
    starts = {offsets.start(call) for call in calls}
    by_call: dict[int, list[Run]] = {}
    for run in understand(source).runs:
        if run.trainer_call is not None and run.trainer_call.span.start in starts:
            by_call.setdefault(run.trainer_call.span.start, []).append(run)
    return Counts(1, len(starts), len(by_call)) + sum((_known(runs) for runs in by_call.values()), Counts())


def _known(runs: Iterable[Run]) -> Counts:
    """What the runs of one call know, each part at most once."""
    runs = tuple(runs)
    return Counts(
        config=any(run.config is not None for run in runs),
        model=any(_model_known(run) for run in runs),
        traced=any(_model_known(run) or _from_argument(run) for run in runs),
        processing=any(run.processing.how is not How.UNKNOWN for run in runs),
    )


def _model_known(run: Run) -> bool:
    model = run.model
    return model.how in (How.NAME, How.LOADED, How.MADE) and isinstance(model.name, (Known, OneOf))


def _from_argument(run: Run) -> bool:
    reason = run.model.name.reason if isinstance(run.model.name, Unknown) else ""
    return any(words in text for text in (run.model.reason, reason) for words in _ARGUMENTS)
