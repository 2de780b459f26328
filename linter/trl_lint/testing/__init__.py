"""A rule's page is its test: run the examples of a page, for the built-in rules and for any other pack."""

from trl_lint.testing.pages import Example, complaints, examples
from trl_lint.testing.run import Outcome, mismatch, run

__all__ = ["Example", "Outcome", "complaints", "examples", "mismatch", "run"]
