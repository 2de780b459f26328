"""A file, or a part of one, that cannot be read."""

from __future__ import annotations

from trl_lint.api import EngineRule


class UnparsableFile(EngineRule):
    """Reported by the engine: see the page beside this file."""

    code = "TRL001"
    name = "unparsable-file"
    summary = "a file (or a part of it) that cannot be read or parsed"
