"""What the interpreter asks of the project around a file. It reads nothing itself: a reader is given to it."""

from __future__ import annotations

from typing import Protocol

from trl_lint.model.source import Source


class Project(Protocol):
    """The other files of the project, each of them bounded in size."""

    def data(self, path: str, beside_script: bool = False) -> Source | None:
        """The YAML or JSON file that code names `path`; None where it is not at hand.

        A relative path is meant from where the script is started, or from its folder (`beside_script`).
        """

    def fields(self, dotted: str) -> frozenset[str] | None:
        """The fields of a library's dataclass in any release; None where they are not known, or all the rest."""

    def module(self, name: str, level: int, importer: str) -> Source | None:
        """The module of the project that `importer` imports as `name` (with `level` leading dots)."""


class Alone:
    """A file without a project."""

    def data(self, path: str, beside_script: bool = False) -> Source | None:  # noqa: ARG002
        """Nothing is at hand."""
        return None

    def fields(self, dotted: str) -> frozenset[str] | None:  # noqa: ARG002
        """Nothing is known."""
        return None

    def module(self, name: str, level: int, importer: str) -> Source | None:  # noqa: ARG002
        """Nothing is at hand."""
        return None
