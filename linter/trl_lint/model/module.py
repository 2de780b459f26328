"""What the Python front end found in one script or notebook."""

from __future__ import annotations

from functools import cached_property

from trl_lint.dataclass import dataclass
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Call, Guard, Instance


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `name` is its dotted path, `bound` the name it got (`*` for a star import).

    `span` covers the name in the import statement, `statement` the statement.
    """

    name: str
    bound: str
    span: Span
    statement: Span
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A unit that does not parse. `newer` says that a later Python than the linter's own may be meant."""

    span: Span
    message: str
    newer: bool = False


@dataclass(frozen=True)
class Module:
    """Imports, the calls of imported things with the values of their arguments at that moment, and the objects made.

    A call site that is reached in several ways (a helper called twice) appears once for each distinct
    set of values, up to a bound.
    """

    source: Source
    imports: tuple[Import, ...] = ()
    calls: tuple[Call, ...] = ()
    instances: tuple[Instance, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    packages: frozenset[str] = frozenset()  # that the modules of the project which it imports import
    parses: bool = False  # its command line

    def imports_package(self, package: str) -> bool:
        """Whether anything of this top-level package is imported."""
        return package in self.packages or package in self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        return frozenset(item.name.partition(".")[0] for item in self.imports)
