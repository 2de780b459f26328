"""A suppression of a rule that does not exist."""

from __future__ import annotations

from trl_lint.api import EngineRule


class UnknownSuppression(EngineRule):
    """Reported by the engine: see the page beside this file."""

    code = "TRL011"
    name = "unknown-suppression"
    summary = "a suppression comment that names no rule"
