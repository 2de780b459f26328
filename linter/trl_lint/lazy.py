"""Modules, functions and patterns that are made when they are first used: most runs never need them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any, AnyStr, cast


class LazyModule:
    """Stands for the module `name` until an attribute of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


def lazy_function(module: str, name: str) -> Callable[..., Any]:
    """A function that imports `module` when it is called, and hands the call on to its `name`."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*arguments, **keywords)

    call.__name__ = name
    return call


class _LazyPattern:
    """Stands for a compiled pattern until an attribute of it is asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(re.compile(self._text, self._flags), attribute)
        setattr(self, attribute, value)
        return value


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, put off until the pattern is used: compiling one takes as long as importing a small module."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(text, flags))
