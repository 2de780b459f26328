"""Writing out what was a default: one keyword of a config call, or one key of a recipe, at a time."""

from __future__ import annotations

import ast
import json

from trl_lint.edits import command as edit_command
from trl_lint.edits import python as edit_call
from trl_lint.edits import recipe as edit_recipe
from trl_lint.model.finding import Applicability, Confidence, Edit, Finding, Fix, Severity, Stage
from trl_lint.model.run import Run
from trl_lint.model.source import Kind, Source
from trl_lint.model.upgrade import Change, Pin
from trl_lint.upgrade.report import RunReport

NAME = "pin-defaults"
_REPLACE = "dataclasses.replace"


def pins(run: Run, report: RunReport) -> list[Finding]:
    """The pins of a run as findings that the fixer can apply, one for each argument.

    Empty where the config is no literal call of this source (or recipe), or may be given further arguments.
    """
    if not report.literal:
        return []
    return [
        _finding(run, change, pin, edit)
        for change in report.changes
        if not change.condition
        for pin in change.pins
        if run.settings.get(pin.name) is None and (edit := _edit(run, pin)) is not None
    ]


def is_literal(run: Run) -> bool:
    """Whether the config is a literal call of this source, or a recipe, and all its arguments are seen."""
    call = run.config_call
    if run.settings.open is not None or run.patched_by is not None:
        return False
    return run.recipe or (call is not None and call.open is None and not call.bases and call.callee != _REPLACE)


def _edit(run: Run, pin: Pin) -> Edit | None:
    try:
        if run.command is not None:
            word = str(ast.literal_eval(pin.text))
            return edit_command.add_flag(run.source, run.anchor, pin.name, word) if word != "None" else None
        if run.recipe:
            last = list(run.settings.items.values())[-1]
            return edit_recipe.add_key(run.source, last, pin.name, _in_recipe(run.source, pin.text))
        if run.config_call is None:
            return None
        return edit_call.add_keyword(run.source, run.config_call, pin.name, pin.text)
    except ValueError:
        return None


def _in_recipe(source: Source, text: str) -> str:
    """A literal in the recipe's language. PyYAML reads `5e-05` as text, `5.0e-05` as a number."""
    value = ast.literal_eval(text)
    written = json.dumps(value)
    if source.kind is Kind.YAML and isinstance(value, float) and "e" in written and "." not in written:
        return written.replace("e", ".0e")
    return written


def _finding(run: Run, change: Change, pin: Pin, edit: Edit) -> Finding:
    message = f"`{pin.name}={pin.text}` keeps what the older release does"
    return Finding(
        NAME,
        NAME,
        message,
        Severity.INFO,
        Confidence.CERTAIN,
        Stage.SILENT,
        edit.span,
        run.source.place(run.anchor),
        fixes=(Fix(f"{change.name}: {message}", Applicability.SAFE, (edit,)),),
    )
