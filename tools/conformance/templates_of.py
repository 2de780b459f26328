"""The chat templates that a published TRL brings. They are read from the package and kept nowhere in the project."""

from __future__ import annotations

from collections.abc import Callable

from facts.cli import default_cache
from facts.registry import wheel
from trl_lint.model.release import Release


def published(trl: str) -> Callable[[str], str]:
    """What gives a template of this release by its name; the package is fetched when one is wanted."""

    def template(name: str) -> str:
        return wheel("trl", Release.parse(trl), default_cache()).files[f"trl/chat_templates/{name}.jinja"]

    return template
