"""What the installed packages really have. Run by the interpreter of an environment that holds them:

    python probe.py REQUEST ANSWER

REQUEST is a JSON file with `modules` (whose names are asked for), `classes` ([module, name, {field: source text}]),
`enums` and `tables` ([module, name]). The answer has the same groups. A default that is no literal is compared
with the value of the source text where that can be evaluated, and told as that text.

Needs nothing but the standard library: it is a script, no part of the program that starts it.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
import importlib
import importlib.util
import inspect
import json
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

_ARGS, _KEYWORDS = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD


def names(module: str) -> dict[str, list[str]]:
    """What `dir` shows of a module without private names and submodules, and the names that only some branch binds."""
    loaded = importlib.import_module(module)
    public = [name for name in dir(loaded) if not name.startswith("_") and not is_submodule(loaded, name)]
    return {"names": public, "conditional": sorted(conditional(loaded))}


def is_submodule(module: types.ModuleType, name: str) -> bool:
    """Whether `name` is a module below `module`, and nothing else of that name."""
    full = f"{module.__name__}.{name}"
    if name in vars(module):
        value = vars(module)[name]
        return isinstance(value, types.ModuleType) and value.__name__ == full
    try:
        return importlib.util.find_spec(full) is not None
    except (ImportError, ValueError):
        return False


def conditional(module: types.ModuleType) -> set[str]:
    """The names that stand inside `if` and `try` at the top of a module: they hang on what else is installed."""
    found: set[str] = set()
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, (ast.If, ast.Try)):
            for node in ast.walk(statement):
                if isinstance(node, ast.alias):
                    found.add(node.asname or node.name)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
    return found


def init_parameters(cls: type) -> Mapping[str, inspect.Parameter]:
    """Those of `__init__`; where it only hands everything on, those of the next one that does not."""
    found: Mapping[str, inspect.Parameter] = {}
    for base in cls.__mro__:
        if "__init__" in vars(base):
            found = inspect.signature(vars(base)["__init__"]).parameters
            if [p.kind for p in list(found.values())[1:]] != [_ARGS, _KEYWORDS]:
                break
    return found


def parameters(module: str, name: str, sources: dict[str, str]) -> dict[str, Any]:
    """The parameters of a class in order, [name, how it is given, default], and whether it takes any keyword."""
    cls = getattr(importlib.import_module(module), name)
    made = init_parameters(cls)
    listed = [p for p in list(made.values())[1:] if p.kind not in (_ARGS, _KEYWORDS)]
    factories = factories_of(cls)
    shown = [
        [p.name, "k" if p.kind is p.KEYWORD_ONLY else "", default(p, cls, factories, sources.get(p.name))]
        for p in listed
    ]
    return {"parameters": shown, "open": any(p.kind is _KEYWORDS for p in made.values())}


def factories_of(cls: type) -> dict[str, Callable[[], Any]]:
    """The default factories of a dataclass."""
    if not dataclasses.is_dataclass(cls):
        return {}
    found = {field.name: field.default_factory for field in dataclasses.fields(cls)}
    return {name: factory for name, factory in found.items() if factory is not dataclasses.MISSING}


def default(
    parameter: inspect.Parameter, cls: type, factories: dict[str, Callable[[], Any]], source: str | None
) -> Any:
    """A default in the form of the facts."""
    if parameter.default is inspect.Parameter.empty:
        return {"req": 1}
    value = parameter.default
    if parameter.name in factories:
        value = factories[parameter.name]()
    if source is not None and any(same(value, other) for other in evaluated(source, cls)):
        return {"src": source}
    return encoded(value)


def evaluated(source: str, cls: type) -> list[Any]:
    """The values of a source text in the class and its bases, each in its own module."""
    return [value for base in cls.__mro__ for value in evaluated_in(source, base)]


def evaluated_in(source: str, cls: type) -> list[Any]:
    """The value of a source text in this class, if it has one there."""
    try:
        return [eval(source, vars(sys.modules[cls.__module__]), dict(vars(cls)))]
    except Exception:
        return []


def same(one: Any, other: Any) -> bool:
    """Equality of values of the same type."""
    return type(one) is type(other) and bool(one == other)


def encoded(value: Any) -> Any:
    """A value in the form of the facts; one that has no literal by its type and repr."""
    if isinstance(value, enum.Enum):
        return {"object": repr(value)}
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and value - value == 0):
        return value
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: encoded(item) for key, item in value.items()}
    if isinstance(value, (float, tuple, set, bytes, dict)):
        return {"lit": repr(value)}
    return {"object": f"{type(value).__name__}: {value!r}"}


def values(module: str, name: str) -> list[str] | None:
    """The values of an enumeration; None where the module has none of this name."""
    found = getattr(importlib.import_module(module), name, None)
    return None if found is None else [member.value for member in found]


def table(module: str, name: str) -> dict[str, Any] | None:
    """A mapping table as plain data; None where the module has none of this name."""
    found = getattr(importlib.import_module(module), name, None)
    return None if found is None else {str(key): value for key, value in dict(found).items()}


def answered(ask: Callable[..., Any], *about: Any) -> dict[str, Any]:
    """What `ask` says, or why it cannot."""
    try:
        return {"is": ask(*about)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {' '.join(str(error).split())[-300:]}"}


def main(request: str, answer: str) -> None:
    """Answer the request."""
    with open(request, encoding="utf-8") as file:
        asked = json.load(file)
    found: dict[str, dict[str, Any]] = {
        "modules": {module: answered(names, module) for module in asked["modules"]},
        "classes": {
            f"{module}.{name}": answered(parameters, module, name, sources)
            for module, name, sources in asked["classes"]
        },
        "enums": {name: answered(values, module, name) for module, name in asked["enums"]},
        "tables": {name: answered(table, module, name) for module, name in asked["tables"]},
    }
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
