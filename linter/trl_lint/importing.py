"""Which files start the runs that a module of the project makes, by the bytes of both: nothing is parsed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from trl_lint.dataclass import dataclass, field
from trl_lint.model.target import Problem
from trl_lint.python.libraries import TRUSTED
from trl_lint.sources.gate import gate
from trl_lint.sources.read import read_bytes

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]{0,4000}|(?:[\w, \t]|\\\r?\n)*)"
    rb"|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_BETWEEN = re.compile(rb"#[^\r\n]*|[(\\]")
_DOCUMENTATION = re.compile(rb"\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''")
_TRAINER_CALL = re.compile(rb"(?<!class )\b\w*Trainer\(")
_NOTHING, _NAMES, _CALLS = 0, 1, 2
_MOST_IMPORTS = 200
_MOST_NAMES = 20
_MOST_LEVELS = 4
_MARKS = ("pyproject.toml", ".git", "setup.py")


@dataclass
class Importing:
    """What is known of the modules that were looked for, by the folder that they were looked for from."""

    known: dict[tuple[str, str], int] = field(default_factory=dict)

    def makes_runs(self, raw: bytes, path: Path) -> bool:
        """Whether a script of these bytes at `path` imports a module of its project that makes trainers."""
        if b"rain" not in raw:  # nobody trains without saying so
            return False
        folder = os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 (runs for every file of a project)
        # A module that only names trainers may hand them to a script which makes one.
        wanted = _NAMES if _calls_trainer(raw) else _CALLS
        return any(self._module(folder, module) >= wanted for module in imported(raw))

    def _module(self, folder: str, module: str) -> int:
        key = (folder, module)
        if key not in self.known:
            self.known[key] = _what_it_does(folder, module)
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
    names = _BETWEEN.sub(b"", match[2] if package is not None else match[3]).decode("ascii", "ignore")
    for name in names.split(",")[:_MOST_NAMES]:
        module = name.split()[0] if name.split() else ""
        if package is not None and module:
            yield f"{package}{module}" if package.endswith(".") else f"{package}.{module}"
        elif module and module.partition(".")[0] not in TRUSTED:
            yield module


def _calls_trainer(raw: bytes) -> bool:
    """Whether a trainer is made in code of these bytes; examples in documentation do not count."""
    return b"Trainer(" in raw and _TRAINER_CALL.search(_DOCUMENTATION.sub(b"", raw)) is not None


def _what_it_does(folder: str, module: str) -> int:
    """Whether a module of the project makes trainers, or names some, which a script that imports it may make."""
    file = file_of(folder, module)
    if file is None:
        return _NOTHING
    raw = read_bytes(file, str(file))
    if isinstance(raw, Problem) or b"Trainer" not in raw or not gate(raw, ".py"):
        return _NOTHING
    return _CALLS if _calls_trainer(raw) else _NAMES


def file_of(folder: str, module: str) -> Path | None:
    """The file that a script in `folder` imports as `module` (`a.b`, `..a`); None where the project has none."""
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
                return file
    return None


def imported(raw: bytes) -> Iterator[str]:
    """The modules that a script of these bytes may import from its project, as `file_of` takes them."""
    for match in islice(_IMPORT.finditer(raw), _MOST_IMPORTS):
        yield from _modules(match)
