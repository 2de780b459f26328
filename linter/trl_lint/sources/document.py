"""A source together with the bytes it was read from, and which suffix is read as what."""

from __future__ import annotations

from pathlib import PurePath

from trl_lint.dataclass import dataclass
from trl_lint.model.source import Kind, Source
from trl_lint.model.target import Problem

KINDS = {
    ".py": Kind.PYTHON,
    ".pyw": Kind.PYTHON,
    ".ipynb": Kind.NOTEBOOK,
    ".yaml": Kind.YAML,
    ".yml": Kind.YAML,
    ".json": Kind.JSON,
    ".sh": Kind.SHELL,
    ".bash": Kind.SHELL,
    ".slurm": Kind.SHELL,
    ".sbatch": Kind.SHELL,
    ".jinja": Kind.JINJA,
    ".jinja2": Kind.JINJA,
}


@dataclass(frozen=True)
class Document:
    """A source and what is needed to write it back: its bytes, and how they were decoded.

    `problems` are the defects that leave the rest readable (one bad cell of a notebook).
    """

    source: Source
    raw: bytes
    encoding: str
    bom: bool = False
    problems: tuple[Problem, ...] = ()


def kind_of(path: PurePath | str) -> Kind | None:
    """What a file of this name is read as; None when its suffix does not say."""
    return KINDS.get(PurePath(path).suffix.lower())
