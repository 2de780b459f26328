"""Counts over files: how many trainer calls give a run, and what is known of those runs."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from trl_lint.engine import Engine
from trl_lint.importing import Importing
from trl_lint.model.run import How, Run
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Known, OneOf, Unknown, Value, options
from trl_lint.opening import open_file
from trl_lint.python.offsets import Offsets
from trl_lint.python.parse import parse_units
from trl_lint.sources.document import Document, kind_of

from .calls import trainer_calls

SUFFIXES = (".py", ".ipynb")
# The reasons that the front end gives for what the user of a script chooses.
_ARGUMENTS = ("the parameter", "parsed by", "the environment variable", "the command-line argument", "the command line")
_NAMED = re.compile(r"`[^`]*`")

Site = tuple[str, int]  # a call: the path of its file, and where it begins


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
    data: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)))


@dataclass(frozen=True)
class Reach:
    """What is understood of a repository, and why the rest is not: by part, each reason with how many calls it has."""

    counts: Counts = field(default_factory=Counts)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __add__(self, other: Reach) -> Reach:
        return Reach(self.counts + other.counts, self.reasons + other.reasons)


def measure_folder(folder: Path) -> Reach:
    """What is understood of all scripts and notebooks below `folder`, each seen as a check of the folder sees it.

    A call in a helper is known where some script of the folder that calls the helper makes it known.
    """
    top = Path(os.path.abspath(folder))  # noqa: PTH100 (links stay as they are named)
    engine, importing = Engine(root=top, isolated=True), Importing()
    sites: dict[Site, list[Run]] = {}
    found: dict[Site, list[Run]] = {}
    for path in sorted(each for each in top.rglob("*") if each.suffix in SUFFIXES and each.is_file()):
        document = open_file(path, str(path), importing)
        if not isinstance(document, Document) or kind_of(path) not in (Kind.PYTHON, Kind.NOTEBOOK):
            continue
        sites.update((site, []) for site in _sites(document.source))
        for run in engine.understand(document.source, path.parent).runs:
            if run.trainer_call is not None:
                span = run.trainer_call.span
                found.setdefault((span.path, span.start), []).append(run)
    for site in sites:
        sites[site] = found.get(site, [])
    return _reach(sites)


def _sites(source: Source) -> Iterator[Site]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in strings of other people
        calls = trainer_calls([unit.tree for unit in parse_units(source) if unit.tree is not None])
    if calls:
        offsets = Offsets(source)
        yield from ((source.path, offsets.start(call)) for call in calls)


def _reach(sites: dict[Site, list[Run]]) -> Reach:
    counts = Counts(files=len({path for path, _ in sites}), calls=len(sites))
    reasons: Counter[tuple[str, str]] = Counter()
    for runs in sites.values():
        if runs:
            counts += Counts(runs=1) + _known(runs)
            reasons.update(set(_missing(runs)))
    return Reach(counts, reasons)


def _known(runs: Iterable[Run]) -> Counts:
    """What the runs of one call know, each part at most once."""
    runs = tuple(runs)
    return Counts(
        config=any(run.config is not None for run in runs),
        model=any(_model_known(run) for run in runs),
        traced=any(_model_known(run) or _from_argument(run) for run in runs),
        processing=any(run.processing.how is not How.UNKNOWN for run in runs),
        data=any(not isinstance(run.train_dataset, Unknown) for run in runs),
    )


def _missing(runs: list[Run]) -> Iterator[tuple[str, str]]:
    """Why parts and settings are not known in any of the runs of one call: the part, and the kind of reason."""
    first, known = runs[0], _known(runs)
    if not known.config:
        yield "config", kind_of_reason(first.settings.open or "")
    if not known.model:
        yield "model", kind_of_reason(first.model.reason or _reason(first.model.name))
    if not known.processing:
        yield "processing class", kind_of_reason(first.processing.reason)
    if not known.data:
        yield "data set", kind_of_reason(_reason(first.train_dataset))
    names = {name for run in runs for name in run.settings.items}
    for name in sorted(names):
        values = [run.settings.items[name].value for run in runs if name in run.settings.items]
        if all(isinstance(value, Unknown) for value in values):
            yield f"setting {name}", kind_of_reason(_reason(values[0]))


def _reason(value: Value) -> str:
    return next((each.value.reason for each in options(value) if isinstance(each.value, Unknown)), "")


def kind_of_reason(reason: str) -> str:
    """A reason without the names in it."""
    return _NAMED.sub("`...`", reason)


def _model_known(run: Run) -> bool:
    model = run.model
    return model.how in (How.NAME, How.LOADED, How.MADE) and isinstance(model.name, (Known, OneOf))


def _from_argument(run: Run) -> bool:
    reason = run.model.name.reason if isinstance(run.model.name, Unknown) else ""
    return any(words in text for text in (run.model.reason, reason) for words in _ARGUMENTS)
