"""A program to be analysed and executed: its files, and how it is started."""

from __future__ import annotations

from dataclasses import dataclass

from trl_lint.model.module import Module
from trl_lint.model.source import Kind, Source
from trl_lint.model.span import Span
from trl_lint.python.atoms import lit
from trl_lint.python.commands.words import Line, Word
from trl_lint.python.front import understand

MAIN = "train.py"


@dataclass(frozen=True)
class Program:
    """`files` by their path, the script under `MAIN`. `words` are those of its command line, None where nothing says
    what they are; then each execution takes some of `flags`, each a list of words that belong together, and all of
    `needed`."""

    files: dict[str, str]
    words: tuple[str, ...] | None = None
    flags: tuple[tuple[str, ...], ...] = ()
    variables: tuple[str, ...] = ("V_A", "V_B")  # of the environment, which an execution may set
    needed: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"# file: {path}\n{text}" for path, text in self.files.items()]
        return "\n".join([*parts, f"# words: {self.words}, flags: {self.flags}"])


class _Files:
    """The program's files as the analysis asks for them."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def _source(self, path: str) -> Source | None:
        text = self._program.files.get(path)
        return Source(path, Kind.PYTHON, text) if text is not None else None

    def data(self, path: str, beside_script: bool = False) -> Source | None:  # noqa: ARG002
        """No config files."""
        return None

    def fields(self, dotted: str) -> frozenset[str] | None:  # noqa: ARG002
        """Nothing is known."""
        return None

    def module(self, name: str, level: int, importer: str) -> Source | None:
        """The file that an import names."""
        folder = importer.split("/")[:-1] if level else []
        folder = folder[: len(folder) - level + 1] if level > 1 else folder
        base = "/".join([*folder, *(part for part in name.split(".") if part)])
        return self._source(f"{base}/__init__.py") or self._source(f"{base}.py")


def analysed(program: Program) -> Module:
    """What is claimed of a program."""
    line = None
    if program.words is not None:
        nowhere = Span("run.sh", 0, 0)
        line = Line(tuple(Word(lit(word), nowhere) for word in program.words))
    return understand(Source(MAIN, Kind.PYTHON, program.files[MAIN]), _Files(program), line)
