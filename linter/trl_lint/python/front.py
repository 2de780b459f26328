"""`understand`: from a source to what the code in it would do."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from trl_lint.dataclass import replace
from trl_lint.lazy import regex
from trl_lint.model.module import Module, SyntaxProblem
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Instance
from trl_lint.python import freeze as snapshots
from trl_lint.python.assign import assign, set_attribute
from trl_lint.python.atoms import InstObj, top
from trl_lint.python.attributes import attribute
from trl_lint.python.calls import call, drain
from trl_lint.python.commands.words import Line
from trl_lint.python.expressions import evaluate
from trl_lint.python.leftovers import follow_uncalled
from trl_lint.python.machine import BYTES_PER_NODE, Handlers, Machine
from trl_lint.python.parse import Parsed, parse_units
from trl_lint.python.project import Project
from trl_lint.python.statements import execute

_DECLARED = regex(r"^[ \t]*global[ \t]+([\w \t,]+)", re.M)
_RECURSION_LIMIT = 12_000

_HANDLERS = Handlers(evaluate, execute, call, attribute, assign, set_attribute, drain)


def understand(source: Source, project: Project | None = None, command: Line | None = None) -> Module:
    """What the script or notebook `source` would do, without running any of it.

    `project` gives the other files that it reads; `command` the words behind the script's name, where a
    command line is known. Never raises: a unit that does not parse becomes a `SyntaxProblem`, and the
    others are still analysed.
    """
    units = parse_units(source)
    problems = [unit.problem for unit in units if unit.problem is not None]
    machine = Machine(source, _HANDLERS, len(source.text) // BYTES_PER_NODE, project, command)
    for match in _DECLARED.finditer(source.text):
        machine.declared.update((machine.module.ident, name.strip()) for name in match.group(1).split(","))
    with _deep_stack():
        for unit in units:
            problem = _run(machine, unit)
            if problem is not None:
                problems.append(problem)
        try:
            follow_uncalled(machine)
        except RecursionError:
            problems.append(_too_deep(source, 0))
    return Module(
        replace(source, others=dict(machine.sources)) if machine.sources else source,
        tuple(machine.imports),
        tuple(sorted(machine.records.calls, key=lambda call: (call.span.path != source.path, call.span.start))),
        tuple(_instances(machine)),
        tuple(problems),
        frozenset(machine.packages),
        machine.asked,
    )


def _run(machine: Machine, unit: Parsed) -> SyntaxProblem | None:
    if unit.tree is None:
        _broken(machine, unit)
        return None
    try:
        machine.execute(unit.tree.body)
    except RecursionError:
        return _too_deep(machine.source, unit.unit.start)
    finally:
        machine.reset()
    return None


def _broken(machine: Machine, unit: Parsed) -> None:
    """A cell that does not parse may still have run, in an earlier form or by another Python."""
    where = f"cell {unit.unit.cell}" if unit.unit.cell is not None else "a part"
    for name in unit.names:
        machine.bind(name, top(f"`{name}` is assigned in {where}, which does not parse"))
    machine.memory.wild_before = machine.memory.fresh()


def _too_deep(source: Source, start: int) -> SyntaxProblem:
    return SyntaxProblem(Span(source.path, start, start), "nested too deeply to be analysed")


def _instances(machine: Machine) -> Iterator[Instance]:
    for ident in machine.records.instances:
        found = machine.memory.read(ident)
        content = found if isinstance(found, InstObj) else machine.memory.latest.get(ident)
        if content is not None and content.parsed is None:
            last = snapshots.instance(machine, ident, content)
            if last.variable is None and ident in machine.names_at_end:
                last = replace(last, variable=machine.names_at_end[ident])
            yield last


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Room for as many nested evaluations as the machine allows itself."""
    before = sys.getrecursionlimit()
    if before < _RECURSION_LIMIT:
        sys.setrecursionlimit(_RECURSION_LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
