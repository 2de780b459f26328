"""Plain data and arguments out of symbolic values."""

from __future__ import annotations

import ast
from typing import Any

from trl_lint.dataclass import dataclass
from trl_lint.datasets.kinds import GAP
from trl_lint.model.value import Argument, Call, Instance, Items, Known, Symbol, Table, Unknown, Value

_MAX_DEPTH = 40
_MAX_NODES = 50_000
_MAX_KEY = 200  # characters of a subscript's text


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call by name or position; one that may or may not be passed is `Unknown`."""

    call: Call | None

    def argument(self, name: str, position: int | None = None) -> Argument | None:
        """The argument as it stands in the code, if it does."""
        if self.call is None:
            return None
        found = self.call.keyword(name)
        if found is None and position is not None:
            positional = list(self.call.positional())
            found = positional[position] if position < len(positional) else None
        return found

    def get(self, name: str, position: int | None = None) -> Value | None:
        """The argument's value; None where it is surely not passed."""
        found = self.argument(name, position)
        if found is not None:
            return Unknown(f"`{name}` is passed on some paths only") if found.optional else found.value
        if self.call is not None and self.call.open is not None:
            return Unknown(self.call.open)
        return None

    def plain(self, name: str, position: int | None = None, default: object = None) -> Any:
        """The argument as plain data: `default` where it is not passed, `GAP` where it is not known."""
        value = self.get(name, position)
        return default if value is None else plain(value)


class _Budget:
    def __init__(self, nodes: int) -> None:
        self.nodes = nodes

    def spend(self) -> bool:
        self.nodes -= 1
        return self.nodes >= 0


def plain(value: Value, nodes: int = _MAX_NODES) -> Any:
    """`value` as Python data, with `GAP` in place of all that is not known; dicts and lists only."""
    return _plain(value, _Budget(nodes), _MAX_DEPTH)


def _plain(value: Value, budget: _Budget, depth: int) -> Any:
    if not isinstance(value, Known) or depth <= 0 or not budget.spend():
        return GAP
    found = value.value
    if isinstance(found, Items):
        return GAP if found.open else [_plain(item, budget, depth - 1) for item in found.items]
    if isinstance(found, Table):
        if found.open or any(entry.optional for entry in found.entries):
            return GAP
        return {entry.key: _plain(entry.value, budget, depth - 1) for entry in found.entries}
    if isinstance(found, Instance):
        return _path(found, budget, depth)
    return GAP if isinstance(found, Symbol) else found


def _path(found: Instance, budget: _Budget, depth: int) -> Any:
    """`pathlib.Path("x")` counts as its text."""
    if not found.callee.startswith("pathlib.") or found.call is None or found.receiver is not None:
        return GAP
    arguments = list(found.call.arguments)
    if len(arguments) != 1 or found.call.open:
        return GAP
    return _plain(arguments[0].value, budget, depth - 1)


def strings(found: object) -> list[str] | None:
    """A string or a list of strings as a list; None for anything else."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        return list(found)
    return None


def subscript_key(instance: Instance) -> object:
    """The key of a subscription (`['train']` as callee); `GAP` for any other instance, or a key that is not known."""
    if not is_subscript(instance) or len(instance.callee) > _MAX_KEY:
        return GAP
    return parse_key(instance.callee)


def is_subscript(instance: Instance) -> bool:
    """Whether the instance is `receiver[key]`."""
    return instance.callee.startswith("[")


def parse_key(text: str) -> object:
    """The key inside `['key']`; `GAP` unless it is a literal."""
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _MAX_KEY:
        return GAP
    inner = text[1:-1].strip()
    try:
        key = ast.literal_eval(inner)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return GAP
    return GAP if key is ... else key  # the front end writes `[...]` for a key that it does not know
