"""What is raised where the configuration, or an option of the command line, makes no sense."""

from __future__ import annotations


class ConfigurationError(Exception):
    """A message for the user, with the file and line it is about (line 0: none; path "": the command line)."""

    def __init__(self, path: str, line: int, message: str) -> None:
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(f"{place}{message}")
        self.path = path
        self.line = line
        self.message = message
