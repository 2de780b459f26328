"""A defect of the linter itself."""

from __future__ import annotations

from trl_lint.api import EngineRule


class InternalError(EngineRule):
    """Reported by the engine: see the page beside this file."""

    code = "TRL002"
    name = "internal-error"
    summary = "trl-lint itself failed on this file; everything else was checked"
