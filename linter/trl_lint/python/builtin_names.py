"""The names that every module has."""

from __future__ import annotations

import builtins

from trl_lint.model.value import Symbol
from trl_lint.python.atoms import Abs, lit, one, top

_NAMES = frozenset(dir(builtins)) | {"get_ipython", "display"}
_MODULE_NAMES = {
    "__name__": lit("__main__"),
    "__file__": top("the place of the script"),
    "__doc__": top("the documentation of the module"),
}


def builtin(name: str) -> Abs | None:
    """What a name means where nothing binds it, or None."""
    if name in _MODULE_NAMES:
        return _MODULE_NAMES[name]
    return one(Symbol(f"builtins.{name}")) if name in _NAMES else None
