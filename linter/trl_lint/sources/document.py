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
    ".mk": Kind.MAKEFILE,
    ".dockerfile": Kind.DOCKERFILE,
    ".md": Kind.MARKDOWN,
    ".mdx": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".jinja": Kind.JINJA,
    ".jinja2": Kind.JINJA,
}

_NAMES = {
    "makefile": Kind.MAKEFILE,
    "gnumakefile": Kind.MAKEFILE,
    "dockerfile": Kind.DOCKERFILE,
    "containerfile": Kind.DOCKERFILE,
}

# What holds command lines. In Markdown they are examples more often than what is run: it is read where asked for.
COMMANDS = frozenset({Kind.SHELL, Kind.MAKEFILE, Kind.DOCKERFILE, Kind.MARKDOWN})


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
    """What a file of this name is read as; None when its name does not say."""
    name = (path if isinstance(path, str) else path.name).rpartition("/")[2].lower()
    stem, dot, suffix = name.rpartition(".")
    found = KINDS.get(dot + suffix)
    # `Dockerfile.train`
    return found or _NAMES.get(name) or (_NAMES.get(stem.partition(".")[0]) if "." in name else None)
