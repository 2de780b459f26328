"""A project with the founding case in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of `examples/founding-case`."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "examples/founding-case", folder)
    return folder
