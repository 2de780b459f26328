"""Reads small programs and gives what was understood in plain Python data."""

from __future__ import annotations

import textwrap

from trl_lint.model.module import Module
from trl_lint.model.source import Kind, Source, Unit
from trl_lint.model.value import Argument, Call, Instance, Items, Known, OneOf, Symbol, Table, Unknown, Value
from trl_lint.python.front import understand

HEAD = "from trl import SFTConfig, SFTTrainer\nfrom elsewhere import flag, opaque\n"


class Maybe(tuple):  # type: ignore[type-arg]
    """The alternatives of a `OneOf`."""


class Anything(str):
    """An unknown value, by its reason."""


def read(text: str, head: str = HEAD) -> Module:
    """What is understood of a script."""
    return understand(Source("train.py", Kind.PYTHON, head + textwrap.dedent(text)))


def notebook(*cells: str) -> Module:
    """What is understood of a notebook with these code cells."""
    units, start = [], 0
    for number, cell in enumerate(cells, 1):
        units.append(Unit(start, start + len(cell), number))
        start += len(cell) + 1
    return understand(Source("train.ipynb", Kind.NOTEBOOK, "\n".join(cells), tuple(units)))


def calls(module: Module, last: str = "SFTConfig") -> list[Call]:
    """The recorded calls of one callee."""
    return [call for call in module.calls if call.last == last and not call.parsed]


def only(text: str, last: str = "SFTConfig") -> Call:
    """The one recorded call of a script."""
    found = calls(read(text), last)
    assert len(found) == 1, [call.callee for call in found]
    return found[0]


def value(text: str, name: str = "x") -> object:
    """The value of the argument `name` of the one `SFTConfig` call, in plain data."""
    argument = only(text).keyword(name)
    assert argument is not None
    return plain(argument.value)


def arguments(call: Call) -> dict[str | None, object]:
    """All arguments in plain data; those that are optional are marked by a question mark."""
    return {_label(argument): plain(argument.value) for argument in call.arguments}


def _label(argument: Argument) -> str | None:
    return f"{argument.name}?" if argument.optional else argument.name


def plain(value: Value) -> object:
    """A value of the model as plain data."""
    if isinstance(value, Unknown):
        return Anything(value.reason)
    if isinstance(value, OneOf):
        return Maybe(plain(option.value) for option in value.options)
    held = value.value
    if isinstance(held, Items):
        items = [plain(item) for item in held.items] + ([...] if held.open else [])
        return tuple(items) if held.kind == "tuple" else items if held.kind == "list" else {"set": items}
    if isinstance(held, Table):
        entries: dict[object, object] = {
            f"{entry.key!s}?" if entry.optional else entry.key: plain(entry.value) for entry in held.entries
        }
        return {**entries, ...: held.open} if held.open else entries
    return held.name if isinstance(held, Symbol) else held


def instance(value: Value) -> Instance:
    """The object that a value is."""
    assert isinstance(value, Known)
    assert isinstance(value.value, Instance)
    return value.value
