"""The chat templates that a published TRL brings. They are read from the package and kept nowhere in the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from facts.cli import default_cache
from facts.registry import wheel
from trl_lint.model.release import Release

_NEEDED = (".jinja", "METADATA", "trl/__init__.py", "trl/chat_template_utils.py")


def published(trl: str) -> Callable[[str], str]:
    """What gives a template of this release by its name; the package is fetched when one is wanted."""

    def template(name: str) -> str:
        return wheel("trl", Release.parse(trl), default_cache()).files[f"trl/chat_templates/{name}.jinja"]

    return template


def unpacked(trl: str, folder: Path) -> Path | None:
    """`folder`, with the templates that this release brings in it as in its package; None where it brings none."""
    files = wheel("trl", Release.parse(trl), default_cache()).files
    wanted = [name for name in files if name.endswith(_NEEDED)]
    if not any(name.endswith(".jinja") for name in wanted):
        return None
    for name in wanted:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[name], encoding="utf-8")
    return folder
