"""Modules of the project: read when they are imported, each once, and run as any other code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from trl_lint.model.source import Source
from trl_lint.python.atoms import Abs, FileModule, Frame, Unbound, one, stepped, top
from trl_lint.python.files import File
from trl_lint.python.machine import BYTES_PER_NODE, Machine
from trl_lint.python.parse import parse_units

MAX_FILES = 25
MAX_CHARACTERS = 200_000  # of all files together
LARGEST = 120_000  # characters of one module


def module(m: Machine, name: str, level: int = 0) -> File | None:
    """The module of the project that the current file imports as `name`; None where there is none, or no room.

    The packages around it are imported first, and get it as an attribute.
    """
    above, _, last = name.rpartition(".")
    package = module(m, above, level) if above else _own_package(m, level) if last else None
    known = len(m.files)
    file = _module(m, name, level)
    if package is not None and file is not None and file.number >= known:
        m.memory.layers[0].writes[package.frame.ident, last] = as_value(file)
    return file


def _own_package(m: Machine, level: int) -> File | None:
    """The package that a relative import begins in."""
    return _module(m, "", level) if level else None


def _module(m: Machine, name: str, level: int) -> File | None:
    source = m.project.module(name, level, m.source.path)
    if source is None:
        return None
    # The script itself is run a second time by who imports it, as any other module.
    key = source.path if source.path != m.main.source.path else f"{source.path} as a module"
    found = m.files.get(key)
    if found is not None:
        return found
    size = sum(len(file.source.text) for file in m.files.values())
    if len(m.files) >= MAX_FILES or len(source.text) > LARGEST or size + len(source.text) > MAX_CHARACTERS:
        return None
    return _run(m, source, name, key)


def member(m: Machine, file: File, name: str, node: ast.AST) -> Abs | None:
    """What `from file import name` binds; None where the module has no such name."""
    found = m.memory.variable(file.frame.ident, name)
    alts = tuple(alt for alt in found.alts if not isinstance(alt.atom, Unbound)) if found is not None else ()
    if found is None or not alts:
        return top(f"`{name}` of the project's module `{file.name}`") if file.open else None
    return stepped(Abs(alts, found.trail), m.step(node, f"imported from {file.name}"))  # type: ignore[arg-type]


def as_value(file: File) -> Abs:
    """The module itself."""
    return one(FileModule(file.frame.ident, file.name))


def _run(m: Machine, source: Source, name: str, key: str) -> File:
    if source.path != m.main.source.path:
        m.sources.setdefault(source.path, source)
    frame = Frame(m.memory.fresh(), "module", frozenset())
    file = File(source, frame, len(m.files), name)
    m.files[key] = file
    m.file_of_frame[frame.ident] = file
    m.limit += len(source.text) // BYTES_PER_NODE  # as much as it takes to run it
    with _apart(m, file):
        for unit in parse_units(source):
            if unit.tree is None:
                file.open = True
                continue
            m.execute(unit.tree.body)
            if m.memory.dead:
                file.open = True
    return file


@contextmanager
def _apart(m: Machine, file: File) -> Iterator[None]:
    """Run a module as Python does: at the level of modules, wherever the import stands, and never again."""
    memory = m.memory
    layers, collectors, watchers = memory.layers, memory.collectors, memory.watchers
    base = layers[0]
    before = base.dead, base.path
    kept = m.frame, m.when, m.exits, m.loops, m.active, m.guards
    memory.layers, memory.collectors, memory.watchers = [base], [], []
    base.dead, base.path = False, ()
    m.when, m.exits, m.loops, m.active, m.guards = (), [], [], [], []
    try:
        with m.records.apart(), m.inside(file.frame):
            yield
    except RecursionError:
        file.open = True
    finally:
        memory.layers, memory.collectors, memory.watchers = layers, collectors, watchers
        base.dead, base.path = before
        m.frame, m.when, m.exits, m.loops, m.active, m.guards = kept
