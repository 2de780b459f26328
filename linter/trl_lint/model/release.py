"""Releases as tuples of integers: cheap to make, compare and sort, without importing packaging."""

from __future__ import annotations

from typing import NamedTuple


class Release(NamedTuple):
    """A final release, `1.9.2`. Pre-releases and local versions are for the resolver, not for rules."""

    major: int
    minor: int
    micro: int = 0

    @classmethod
    def parse(cls, text: str) -> Release:
        """The release named by `text` (`1.9`, `1.9.2`). Raises ValueError for anything else."""
        parts = text.split(".")
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"not a final release: {text!r}")
        numbers = [int(part) for part in parts]
        return cls(*[*numbers, 0, 0][:3])

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.micro}"
