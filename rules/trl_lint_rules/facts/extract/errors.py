"""What cannot be understood in the source of a package, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trl_lint_rules.facts.extract.tree import Tree


class UnknownShapeError(Exception):
    """Source that is built in a way that is not understood here; the message begins with its place."""


class NotConstantError(Exception):
    """An expression that is no constant of the kind understood here."""


# What reading code of another shape than the expected one ends in.
_SURPRISES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotConstantError,
    RecursionError,
    StopIteration,
    TypeError,
    ValueError,
)


@contextmanager
def reading(tree: Tree, module: str, what: str, node: ast.AST | None = None) -> Iterator[None]:
    """Turns whatever goes wrong inside into an `UnknownShapeError` on `what`, which stands in `module` at `node`."""
    try:
        yield
    except _SURPRISES as error:
        cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise UnknownShapeError(f"{tree.place(module, node)}: {what} is not understood ({cause})") from error
