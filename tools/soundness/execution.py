"""Runs a program for real, with stubs for the libraries, and notes what each call of the stub config got."""

from __future__ import annotations

import builtins
import contextlib
import copy
import importlib.abc
import importlib.machinery
import io
import os
import random
import signal
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from .grammar import KEYS
from .parsers import HfArgumentParser, TrlParser
from .program import MAIN, Program

MOST_STEPS = 60
SECONDS = 1.0  # after which an execution is given up
MOST_ITEMS = 20

Site = tuple[str, int]  # a file and a line


class _StopError(BaseException):
    """The program has run long enough."""


class Execution:
    """One execution. `seen` are the calls of the stub config: where, and with which arguments."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seen: list[tuple[Site, dict[str, Any]]] = []
        self.kept: list[Any] = []
        self.steps = 0
        execution = self

        class SFTConfig:
            def __init__(self, **given: Any) -> None:
                vars(self).update(given)
                execution.note(sys._getframe(1), given)

        self.config = SFTConfig

    def flag(self) -> bool:
        """Whatever the program asks of the world outside; other code may change what it holds meanwhile."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _StopError
        for thing in self.kept:
            self.disturb(thing)
        return self.rng.random() < 0.5

    def disturb(self, thing: Any) -> None:
        """Do something to `thing` that code which holds it may do."""
        if callable(thing) and not isinstance(thing, type) and self.rng.random() < 0.3:
            thing()
        elif hasattr(thing, "change") and self.rng.random() < 0.3:
            thing.value = 55
        elif isinstance(thing, dict) and self.rng.random() < 0.3:
            thing[self.rng.choice(KEYS)] = self.rng.randint(100, 105)
        elif isinstance(thing, list) and len(thing) < MOST_ITEMS and self.rng.random() < 0.3:
            thing.append(99)
        if isinstance(thing, (dict, list)) and self.rng.random() < 0.3:
            for inner in thing.values() if isinstance(thing, dict) else list(thing):
                if inner is not thing and isinstance(inner, (dict, list)) and len(inner) < MOST_ITEMS:
                    self.disturb(inner)
                    break

    def opaque(self, thing: Any) -> None:
        """Code that keeps what it is given, and changes it when it likes."""
        self.kept.append(thing)
        self.disturb(thing)

    def risky(self) -> None:
        """Code that may raise."""
        if self.rng.random() < 0.5:
            raise ValueError

    def note(self, frame: types.FrameType, given: dict[str, Any]) -> None:
        """A call of the config, made in this frame."""
        with contextlib.suppress(RecursionError):
            self.seen.append(((frame.f_code.co_filename, frame.f_lineno), _copied(given)))
        if len(self.seen) > MOST_STEPS:
            raise _StopError

    def run(self, program: Program) -> None:
        """Execute `program`; whatever it raises ends it."""
        words = program.words
        if words is None:
            chosen_words = [word for group in program.flags if self.rng.random() < 0.3 for word in group]
            words = (*chosen_words, *program.needed)
        chosen = {name: str(self.rng.randint(0, 3)) for name in program.variables if self.rng.random() < 0.5}
        scope = {"__builtins__": vars(builtins), "__name__": "__main__"}
        printed = io.StringIO()
        with (
            self._modules(program),
            _environment(program.variables, chosen),
            _arguments(words),
            _limited(),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            contextlib.suppress(_StopError, SystemExit, Exception),
        ):
            exec(compile(program.files[MAIN], MAIN, "exec", dont_inherit=True), scope)

    @contextlib.contextmanager
    def _modules(self, program: Program) -> Iterator[None]:
        """The stubs and the program's own modules, as long as it runs."""
        stubs: dict[str, dict[str, Any]] = {
            "trl": {"SFTConfig": self.config, "TrlParser": TrlParser},
            "transformers": {"HfArgumentParser": HfArgumentParser},
            "elsewhere": {"flag": self.flag, "opaque": self.opaque, "risky": self.risky},
        }
        before = {name: sys.modules.get(name) for name in stubs}
        known = set(sys.modules)
        for name, held in stubs.items():
            module = types.ModuleType(name)
            vars(module).update(held)
            sys.modules[name] = module
        finder = _Finder(program.files)
        sys.meta_path.insert(0, finder)
        try:
            yield
        finally:
            sys.meta_path.remove(finder)
            for name in [name for name in sys.modules if name not in known and name.partition(".")[0] in finder.own]:
                del sys.modules[name]
            for name, held_before in before.items():
                sys.modules.pop(name, None)
                if held_before is not None:
                    sys.modules[name] = held_before


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports of the program's own files."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.begun: set[str] = set()
        self.own = {path.split("/")[0].removesuffix(".py") for path in files}

    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002
        target: object = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module, or of a package."""
        base = fullname.replace(".", "/")
        for file, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if file in self.files:
                return importlib.machinery.ModuleSpec(fullname, self, origin=file, is_package=package)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:  # noqa: ARG002
        """A plain module."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run its code. One that failed is run once more by the next import, which the analysis does not follow."""
        file = str(module.__spec__.origin) if module.__spec__ is not None else ""
        if file in self.begun:
            raise _StopError
        self.begun.add(file)
        exec(compile(self.files[file], file, "exec", dont_inherit=True), vars(module))


@contextlib.contextmanager
def _environment(names: Sequence[str], chosen: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ.update(chosen)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def _arguments(words: Sequence[str]) -> Iterator[None]:
    before, sys.argv = sys.argv, [MAIN, *words]
    try:
        yield
    finally:
        sys.argv = before


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Give up what runs too long, where signals can be had."""

    def stop(_number: int, _frame: object) -> None:
        raise _StopError

    try:
        before = signal.signal(signal.SIGALRM, stop)
    except ValueError:  # not the main thread
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _copied(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, as it is now."""
    known: dict[int, Any] = {}
    return {name: copy.deepcopy(value, known) for name, value in given.items()}
