"""A script together with the command lines of the project that start it: each of them is a run of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trl_lint.assembly.python_runs import runs
from trl_lint.dataclass import replace
from trl_lint.model.launch import Launch
from trl_lint.model.launch import Word as Written
from trl_lint.model.module import Module
from trl_lint.model.run import Run
from trl_lint.model.source import Source
from trl_lint.model.value import Known, Unknown, Value, options
from trl_lint.python import front
from trl_lint.python.atoms import Abs, Alt, Lit, Top
from trl_lint.python.commands.words import Line, Word
from trl_lint.python.project import Project

MOST_LAUNCHES = 8

ProjectFor = Callable[["Launch | None"], Project]


def joined(
    source: Source, project: ProjectFor, launches: Callable[[], Sequence[Launch]]
) -> tuple[Module, tuple[Run, ...]]:
    """What the script is without a command line, and its runs with each that starts it.

    Without any the runs are those of the script alone, whose flags are not known. `launches` is asked only where the
    script reads its command line.
    """
    module = front.understand(source, project(None))
    alone = runs(module)
    # What imports no TRL, nor does any module that it reaches, makes no run whatever its flags say.
    started = distinct(launches()) if module.parses and (alone or "trl" in module.packages) else ()
    if not started:
        return module, alone
    modules = [started_by(source, project, same[0]) for same in started]
    found = (replace(run, started=same) for same, each in zip(started, modules, strict=True) for run in runs(each))
    return with_commands(module, modules), tuple(found)


def runs_started_by(source: Source, project: ProjectFor, launch: Launch) -> tuple[Run, ...]:
    """The runs of a script that this command line starts."""
    return tuple(replace(run, started=(launch,)) for run in runs(started_by(source, project, launch)))


def started_by(source: Source, project: ProjectFor, launch: Launch) -> Module:
    """What the script does when this command line starts it."""
    return front.understand(source, project(launch), line_of(launch))


def with_commands(module: Module, started: Sequence[Module]) -> Module:
    """The script with what its parsers make of each command line in place of what they make of none."""
    others = dict(module.source.others)
    parsed = []
    for each in started:
        others.update(each.source.others)
        parsed += [call for call in each.calls if call.parsed]
    calls = (*(call for call in module.calls if not call.parsed), *parsed)
    return replace(module, source=replace(module.source, others=others), calls=calls)


def distinct(launches: Sequence[Launch]) -> tuple[tuple[Launch, ...], ...]:
    """Command lines, those together that differ in nothing but their place and their launchers, up to a bound."""
    found: dict[object, list[Launch]] = {}
    for launch in launches:
        key = tuple((word.text if word.text is not None else word.span) for word in launch.words)
        found.setdefault((key, str(launch.folder), launch.cd), []).append(launch)
    return tuple(map(tuple, found.values()))[:MOST_LAUNCHES]


def line_of(launch: Launch) -> Line:
    """The words of a command line as the script's parser gets them."""
    words = tuple(_word(word) for word in launch.words)
    environment = {name: _value(word.value) for name, word in launch.environment if not word.when}
    return Line(words, None, launch.source, environment)


def _word(word: Written) -> Word:
    return Word(_value(word.value), word.span, word.many, word.joined, bool(word.when))


def _value(value: Value) -> Abs:
    alts = []
    for option in options(value):
        held = option.value
        if isinstance(held, Known) and isinstance(held.value, str):
            alts.append(Alt(Lit(held.value), option.when))
        else:
            reason = held.reason if isinstance(held, Unknown) else "a word of the command line"
            alts.append(Alt(Top(reason), option.when))
    return Abs(tuple(dict.fromkeys(alts)))
