"""A suppression that suppresses nothing."""

from __future__ import annotations

from trl_lint.api import EngineRule


class UnusedSuppression(EngineRule):
    """Reported by the engine: see the page beside this file."""

    code = "TRL010"
    name = "unused-suppression"
    summary = "a suppression comment that suppresses nothing"
