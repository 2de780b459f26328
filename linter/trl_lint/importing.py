"""What a script may reach through the modules of its project, by the bytes of all of them: nothing is parsed."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from trl_lint import disk
from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.module_files import ModuleFiles
from trl_lint.python.libraries import TRUSTED
from trl_lint.sources.gate import gate
from trl_lint.sources.read import LIMIT

_IMPORT = regex(
    rb"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]{0,4000}|(?:[\w, \t]|\\\r?\n)*)"
    rb"|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_BETWEEN = regex(rb"#[^\r\n]*|[(\\]")
_DOCUMENTATION = regex(rb"\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''")
_TRAINER_CALL = regex(rb"(?<!class )\b(\w*Trainer)\(")
_TRAINER_CLASS = regex(rb"^[ \t]*class[ \t]+(\w*Trainer)\b[ \t]*(?:\(([^()]*)\))?", re.MULTILINE)
_TRL = regex(rb"(?:\bfrom\s+|\bimport\s[\w., \t]*\b|['\"])trl\b")
_NOT_OF_TRL = frozenset({b"Trainer", b"Seq2SeqTrainer"})  # transformers has them
_MOST_IMPORTS = 200
_MOST_NAMES = 20
_MOST_MODULES = 100  # of a project, that are looked at for one script


@dataclass(frozen=True, slots=True)
class _Module:
    """What the bytes of a file tell: the trainers that it makes, whether it can name any of TRL, the trainer classes
    that it defines (with the trainers among their bases), whether it imports TRL, and what else it imports."""

    folder: str
    makes: frozenset[bytes] = frozenset()
    names: bool = False
    classes: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()
    trl: bool = False
    imports: tuple[str, ...] = ()


@dataclass
class Importing:
    """What is known of the modules that were looked for, by the folder that they were looked for from."""

    known: dict[tuple[str, str], str | None] = field(default_factory=dict)
    modules: dict[str, _Module] = field(default_factory=dict)
    _files: ModuleFiles = field(default_factory=ModuleFiles)

    def worth_following(self, raw: bytes, path: Path) -> bool:
        """Whether a script of these bytes at `path` is to be read together with the modules of its project at once.

        They are many times the work, so others are read alone first, and with them only if that shows a run.
        """
        folder = _folder(path)
        if next(self._found(folder, imported(raw)), None) is None:
            return True  # it is alone anyway
        own = _module(raw, folder)
        return (own.trl and bool(own.makes)) or self._makes_runs(own)

    def makes_runs(self, raw: bytes, path: Path) -> bool:
        """Whether a script of these bytes at `path` may make a run through the modules of its project that it
        imports: one of both makes a trainer, and that may be one of TRL."""
        # Nobody trains without saying so.
        return b"rain" in raw and self._makes_runs(_module(raw, _folder(path)))

    def _makes_runs(self, script: _Module) -> bool:
        direct = list(self._found(script.folder, script.imports))
        makes = set().union(*(module.makes for module in map(self._module, direct) if module.names))
        if any(self._module(file).names for file in direct):  # these may hand trainers to the script
            makes |= script.makes
        if not makes:
            return False
        reached = self._reached(direct)
        if reached is None:
            return True
        if not any(module.trl for module in (script, *reached)):
            return False
        bases: dict[bytes, set[bytes]] = {}
        for module in (script, *reached):
            for name, given in module.classes:
                bases.setdefault(name, set()).update(given)
        return any(_may_be_of_trl(name, bases) for name in makes)

    def _reached(self, files: Iterable[str]) -> list[_Module] | None:
        """All modules of the project that these reach; None where they are too many."""
        waiting = dict.fromkeys(files)
        found: list[_Module] = []
        while len(found) < len(waiting):
            if len(found) >= _MOST_MODULES:
                return None
            module = self._module(next(islice(waiting, len(found), None)))
            found.append(module)
            waiting.update(dict.fromkeys(self._found(module.folder, module.imports)))
        return found

    def _found(self, folder: str, names: Iterable[str]) -> Iterator[str]:
        """The files of those of the modules `names` that the project has."""
        for name in names:
            key = (folder, name)
            if key not in self.known:
                self.known[key] = self._files.find(folder, name)
            found = self.known[key]
            if found is not None:
                yield found

    def _module(self, file: str) -> _Module:
        if file not in self.modules:
            folder = os.path.dirname(file)  # noqa: PTH120
            try:
                raw = disk.head(file, LIMIT + 1)
            except (OSError, ValueError):
                raw = b""
            self.modules[file] = _module(raw, folder) if len(raw) <= LIMIT else _Module(folder)
        return self.modules[file]


def _folder(path: Path) -> str:
    return os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 (runs for every file of a project)


def imported(raw: bytes) -> Iterator[str]:
    """The modules that a script of these bytes may import from its project, as `ModuleFiles.find` takes them."""
    for match in islice(_IMPORT.finditer(raw), _MOST_IMPORTS):
        yield from _modules(match)


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


def _module(raw: bytes, folder: str) -> _Module:
    makes: frozenset[bytes] = frozenset()
    classes: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()
    names = b"Trainer" in raw and gate(raw, ".py")
    if b"Trainer" in raw:
        code = _DOCUMENTATION.sub(b"", raw)  # examples do not count
        makes = frozenset(_TRAINER_CALL.findall(code))
        classes = tuple((match[1], _bases(match[2] or b"")) for match in _TRAINER_CLASS.finditer(code))
    trl = b"trl" in raw and _TRL.search(raw) is not None
    return _Module(folder, makes, names, classes, trl, tuple(dict.fromkeys(imported(raw))))


def _bases(written: bytes) -> tuple[bytes, ...]:
    """Those of the written bases of a class that are trainers by their names, without their modules."""
    names = (base.partition(b"[")[0].rpartition(b".")[2].strip() for base in written.split(b","))
    return tuple(name for name in names if name.endswith(b"Trainer"))


def _may_be_of_trl(name: bytes, bases: Mapping[bytes, Collection[bytes]]) -> bool:
    """Whether a trainer of this name may be one of TRL, or derived from one."""
    waiting, seen = [name], set()
    while waiting:
        name = waiting.pop()
        if name not in bases and name not in _NOT_OF_TRL:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(bases.get(name, ()))
    return False
