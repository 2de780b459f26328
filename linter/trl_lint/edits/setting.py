"""Builders of edits on the settings of a run that a recipe or the flags of a `trl` command give, each in the language
of the file it stands in.

All raise ValueError where the edit cannot be made without touching something else.
"""

from __future__ import annotations

import ast

from trl_lint.edits import command, recipe
from trl_lint.model.finding import Edit
from trl_lint.model.run import Origin, Run, Setting

_YAML = {"False": "false", "True": "true", "None": "null"}


def rename(run: Run, setting: Setting, new: str) -> Edit:
    """Another name."""
    source = run.source.of(setting.span)
    if setting.origin is Origin.FLAG:
        return command.rename_flag(source, setting, new)
    return recipe.rename_key(source, setting, new)


def replace_value(run: Run, setting: Setting, value: str) -> Edit:
    """Another value, given as Python source (`False`, `None`, `"text"`)."""
    source = run.source.of(setting.span)
    if setting.origin is Origin.FLAG:
        return command.replace_value(source, setting, _as_word(value))
    return recipe.replace_value(source, setting, _YAML.get(value, value))


def remove(run: Run, setting: Setting) -> Edit:
    """Takes the setting out."""
    source = run.source.of(setting.span)
    if setting.origin is Origin.FLAG:
        return command.remove_flag(source, setting)
    return recipe.remove_key(source, setting)


def _as_word(value: str) -> str:
    """A literal as the parser of a command line reads it. Raises ValueError for one that no word stands for."""
    try:
        literal = ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return value
    if literal is None or isinstance(literal, (list, tuple, dict, set)):
        raise ValueError(f"no word stands for `{value}`")
    return str(literal)
