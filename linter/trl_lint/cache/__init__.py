"""Verdicts of earlier calls, used again while everything that they hang on is the same."""

from trl_lint.cache.verdicts import Verdicts

__all__ = ["Verdicts"]
