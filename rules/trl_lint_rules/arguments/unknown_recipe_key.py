"""A key of a recipe that the `trl` command does not know (any more, or yet)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from trl_lint.api import (
    Applicability,
    Edit,
    Environment,
    Remedy,
    Rule,
    RunView,
    Setting,
    Severity,
    Stage,
    Verdict,
    edit_recipe,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge import calls, fates
from trl_lint_rules.knowledge.argument_fixes import taken
from trl_lint_rules.knowledge.argument_words import ASSUMED, had_until, short, title
from trl_lint_rules.knowledge.fates import Fate
from trl_lint_rules.knowledge.moves import gone

_OWN_SCRIPT: Final = "the recipe may be for a script of the project, with arguments of its own"
# Keys that the command itself takes, before its parser sees the rest.
_OF_THE_COMMAND: Final = frozenset({"env", "accelerate_config", "config_file", "num_processes", "num_machines"})
_CLOSE: Final = 0.88
_RANKS: Final = (fates.RENAMED, fates.GONE, fates.TOO_NEW, fates.MISSPELT)


class _Stranger(NamedTuple):
    cls: str
    module: str
    fate: Fate


class UnknownRecipeKey(Rule):
    """Only keys that some release knew, or nearly a known one, and only where no key is foreign to TRL altogether:
    such a recipe is read by a script of the project, which may know them all."""

    code = "TRL116"
    name = "unknown-recipe-key"
    summary = "a key of a recipe that the `trl` command of this release does not know"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each such key."""
        if not run.run.recipe:
            return
        command = next((c for c in facts.cli(run.trl).values() if c.trainer == run.run.trainer), None)
        if command is None:
            return
        takes = [calls.known(cls, module, run.environment) for cls, module in command.dataclasses]
        names = frozenset(name for each in takes if each is not None for name in each.names)
        keys = [key for key in run.run.settings.items if key not in names and key not in _OF_THE_COMMAND]
        if not keys or None in takes:
            return
        found = {key: _stranger(key, command, names, run.environment) for key in keys}
        if None in found.values():
            return
        for key, stranger in found.items():
            setting = run.given(key)
            if stranger is not None and setting is not None:
                yield _verdict(run, command, setting, stranger)


def _stranger(key: str, command: facts.CliCommand, names: frozenset[str], environment: Environment) -> _Stranger | None:
    """What became of the key in the classes that the command parses; None where TRL never had anything like it."""
    from difflib import get_close_matches  # slow to import, and seldom needed

    close = get_close_matches(key, names, 1, _CLOSE)
    best: _Stranger | None = None
    for cls, module in command.dataclasses:
        fate = fates.fate(key, cls, module, environment)
        if fate.kind == fates.MISSPELT and (not close or fate.new != close[0]):
            continue
        if fate.kind in _RANKS and (best is None or _RANKS.index(fate.kind) < _RANKS.index(best.fate.kind)):
            best = _Stranger(cls, module, fate)
    return best


def _verdict(run: RunView, command: facts.CliCommand, setting: Setting, found: _Stranger) -> Verdict:
    key, fate = setting.name, found.fate
    release = "{transformers}" if fate.package == "transformers" else "{trl}"
    tail = {
        fates.RENAMED: f": it is called `{fate.new}`",
        fates.MISSPELT: f" (did you mean `{fate.new}`?)",
        fates.GONE: " any more",
        fates.TOO_NEW: f": it is called `{fate.new}` there" if fate.new else " yet",
    }[fate.kind]
    refused = command.refuses_unknown
    happens = (
        f"`trl {command.name} --config` stops: unrecognized arguments."
        if refused
        else f"`trl {command.name} --config` ignores keys that it does not know."
    )
    since = (
        f"It came with {title(fate.package)} {short(fate.since)}." if fate.kind == fates.TOO_NEW and fate.since else ""
    )
    doubts = [_OWN_SCRIPT]
    if fate.package == "transformers" and run.target.transformers.assumed:
        doubts.append(ASSUMED)
    return Verdict(
        f"{key} {fate.new}",
        setting.span,
        f"`trl {command.name}` with {release} does not know `{key}`{tail}",
        Severity.ERROR if refused else Severity.WARNING,
        Stage.CONFIG if refused else Stage.SILENT,
        why=tuple(filter(None, (happens, *had_until(fate, key), since))),
        remedies=(_remedy(run, setting, found),),
        doubts=tuple(doubts),
    )


def _remedy(run: RunView, setting: Setting, found: _Stranger) -> Remedy:
    fate, key = found.fate, setting.name
    if fate.new is None:
        row = gone(key, found.cls)
        return Remedy(f"take `{key}` out; {row.advice}" if row is not None else f"take `{key}` out")
    right = taken(found.cls, found.module, fate.new)
    message = f"write `{fate.new}`"
    if fate.row is not None and (fate.row.values is not None or fate.row.share):
        word = f" ({fate.row.word})" if fate.row.word else ""
        if not fate.row.share:
            return Remedy(message + word, Applicability.DISPLAY, (), right)
        message += word
    edits: tuple[Edit, ...] = ()
    if run.given(fate.new) is None:
        try:
            edits = (edit_recipe.rename_key(run.run.source, setting, fate.new),)
        except ValueError:
            edits = ()
    return Remedy(message, Applicability.UNSAFE if edits else Applicability.DISPLAY, edits, right)
