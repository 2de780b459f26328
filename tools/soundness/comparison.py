"""Whether what a program did contradicts what was claimed of it."""

from __future__ import annotations

import itertools
import pathlib
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

from trl_lint.model.module import Module
from trl_lint.model.value import Arm, Call, Instance, Items, Known, Symbol, Table, Unknown, Value, options
from trl_lint.python.libraries import is_class_name

from .execution import Execution, Site
from .program import Program

_OPENS = re.compile(r"exec\(|globals\(|opaque\((conf|pkg|inner)")
MOST_CALLS = 16  # of one site: there may be more than were recorded


def holds(claim: Value, actual: Any) -> Iterator[tuple[Arm, ...]]:
    """The arms under which `claim` is true of the value that was met."""
    for option in options(claim):
        if isinstance(option.value, Unknown) or _equals(option.value, actual):
            yield option.when


def _equals(claim: Known, actual: Any) -> bool:
    value = claim.value
    if isinstance(actual, pathlib.PurePath):
        actual = str(actual)  # a path is claimed by its text
    if isinstance(value, Items):
        if type(actual).__name__ != value.kind:
            return False
        if value.kind == "set":
            return value.open is not None or len(actual) == len(value.items)
        if len(actual) < len(value.items) or (value.open is None and len(actual) != len(value.items)):
            return False
        return all(any(True for _ in holds(item, got)) for item, got in zip(value.items, actual, strict=False))
    if isinstance(value, Table):
        if not isinstance(actual, dict):
            return False
        keys = {(type(entry.key), entry.key) for entry in value.entries}
        if value.open is None and any(
            (type(key), key) not in keys and key not in [e.key for e in value.entries] for key in actual
        ):
            return False
        for entry in value.entries:
            if entry.key not in actual:
                if not entry.optional:
                    return False
            elif not any(True for _ in holds(entry.value, actual[entry.key])):
                return False
        return True
    if isinstance(value, Instance):
        # Of what a function gives it is claimed where it comes from, not what it is.
        return not is_class_name(value.callee) or not isinstance(actual, (int, str, dict, list, tuple, type(None)))
    if isinstance(value, Symbol):
        return callable(actual) or isinstance(actual, types.ModuleType) or value.root in sys.stdlib_module_names
    return type(actual) is type(value) and actual == value


def consistent(call: Call, given: dict[str, Any]) -> str | None:
    """Why a call with these arguments contradicts what is claimed, or None."""
    claimed = {argument.name: argument for argument in call.arguments if argument.name}
    if call.open is None:
        extra = set(given) - set(claimed)
        if extra:
            return f"not claimed: {extra}"
    choices = []
    for name, argument in claimed.items():
        if name not in given:
            if not argument.optional:
                return f"claimed but not given: {name}"
            continue
        found = list(holds(argument.value, given[name]))
        if not found:
            return f"{name}={given[name]!r} is not {argument.value}"
        choices.append(found)
    for combination in itertools.islice(itertools.product(*choices), 5_000):
        taken: dict[int, int] = {}
        if all(taken.setdefault(arm.branch, arm.index) == arm.index for when in combination for arm in when):
            return None
    return f"no path gives these together: {given}" if choices else None


def contradiction(program: Program, module: Module, seed: int) -> str | None:
    """Run the program and compare; what is wrong, or None."""
    execution = Execution(seed)
    execution.run(program)
    sites = _sites(program, module)
    for site, given in execution.seen:
        reasons = [consistent(call, given) for call in sites.get(site, [])]
        if not reasons and not _names_are_open(program):
            return f"{site}: the call was not recorded"
        if reasons and None not in reasons and len(reasons) < MOST_CALLS:
            return f"{site}: " + "; ".join(str(reason) for reason in reasons)
    return None


def _names_are_open(program: Program) -> bool:
    """Whether code that is not followed may rebind the name of the config: its calls are then not seen."""
    return any(_OPENS.search(text) for text in program.files.values())


def _sites(program: Program, module: Module) -> dict[Site, list[Call]]:
    """The recorded calls, by where they stand."""
    found: dict[Site, list[Call]] = {}
    for call in module.calls:
        text = program.files.get(call.span.path)
        if text is not None:
            found.setdefault((call.span.path, text.count("\n", 0, call.span.start) + 1), []).append(call)
    return found
