"""`trl-lint clean`."""

from __future__ import annotations

import argparse
from pathlib import Path

from trl_lint.cache.store import FOLDER, Store
from trl_lint.configuration.loading import Configurations
from trl_lint.paths import display_path
from trl_lint.report.text import escape


def clean(arguments: argparse.Namespace) -> int:
    """Removes the verdicts that are kept for this project, and says so."""
    folder = cache_folder(arguments.cache_dir, Configurations().of(str(Path.cwd())).root)
    if Store(folder).remove():
        print(f"Removed {escape(display_path(folder))}.")
    return 0


def cache_folder(given: str | None, root: Path) -> Path:
    """Where verdicts are kept for a project whose configuration lies in `root`."""
    return Path(given).absolute() if given is not None else root / FOLDER
