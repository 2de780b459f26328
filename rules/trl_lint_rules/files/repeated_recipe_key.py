"""A key that stands twice in one mapping of a recipe."""

from __future__ import annotations

from trl_lint.api import EngineRule


class RepeatedRecipeKey(EngineRule):
    """Reported by the engine, which reads the recipe: see the page beside this file."""

    code = "TRL003"
    name = "repeated-recipe-key"
    summary = "a key that stands twice in a recipe: the last one counts"
