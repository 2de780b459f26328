"""Which files start the runs that a module of the project makes, by the bytes of both: nothing is parsed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from trl_lint.dataclass import dataclass, field
from trl_lint.model.target import Problem
from trl_lint.python.libraries import TRUSTED
from trl_lint.sources.gate import gate
from trl_lint.sources.read import read_bytes

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*\(?([\w, \t\r\n]*)|import[ \t]+([\w., \t]+))", re.MULTILINE
)
_MOST_IMPORTS = 200
_MOST_NAMES = 20
_MOST_LEVELS = 4
_MARKS = ("pyproject.toml", ".git", "setup.py")


@dataclass
class Importing:
    """What is known of the modules that were looked for, by the folder that they were looked for from."""

    known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def makes_runs(self, raw: bytes, path: Path) -> bool:
        """Whether a script of these bytes at `path` imports a module of its project that makes trainers."""
        if b"rain" not in raw:  # nobody trains without saying so
            return False
        folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 (runs for every file of a project)
        for count, match in enumerate(_IMPORT.finditer(raw)):
            if count >= _MOST_IMPORTS:
                return False
            if any(self._module(folder, module) for module in _modules(match)):
                return True
        return False

    def _module(self, folder: str, module: str) -> bool:
        key = (folder, module)
        if key not in self.known:
            self.known[key] = _makes_trainers(folder, module)
        return self.known[key]


def imports_other_modules(raw: bytes) -> bool:
    """Whether a script of these bytes imports what belongs to no known library."""
    return any(next(_modules(match), None) is not None for match in _IMPORT.finditer(raw))


def _modules(match: re.Match[bytes]) -> Iterator[str]:
    """The modules that an import may mean: of `from a import b`, `a` and `a.b`."""
    package = match[1].decode("ascii", "ignore") if match[1] is not None else None
    if package is not None and package.partition(".")[0] in TRUSTED:
        return
    if package:
        yield package
    names = (match[2] if package is not None else match[3]).decode("ascii", "ignore")
    for name in names.split(",")[:_MOST_NAMES]:
        module = name.split()[0] if name.split() else ""
        if package is not None and module:
            yield f"{package}{module}" if package.endswith(".") else f"{package}.{module}"
        elif module and module.partition(".")[0] not in TRUSTED:
            yield module


def _makes_trainers(folder: str, module: str) -> bool:
    name = module.lstrip(".")
    level = len(module) - len(name)
    base = Path(folder)
    if level:
        places = [base.joinpath(*[".."] * (level - 1))]
    else:
        places = []
        for place in (base, *base.parents)[:_MOST_LEVELS]:
            places += [place, place / "src"]
            if any(os.path.lexists(place / mark) for mark in _MARKS):
                break
    for place in places:
        at = place.joinpath(*name.split(".")) if name else place
        for file in (at.with_name(at.name + ".py"), at / "__init__.py"):
            if file.is_file():
                raw = read_bytes(file, str(file))
                return not isinstance(raw, Problem) and b"Trainer" in raw and gate(raw, ".py")
    return False
