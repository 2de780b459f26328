"""What a `trl` command of one release does with a key of its recipe, or a flag, that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from trl_lint.api import (
    Applicability,
    Edit,
    Environment,
    Origin,
    Remedy,
    RunView,
    Setting,
    Severity,
    Stage,
    Verdict,
    edit_setting,
    is_launch_option,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge import calls, fates
from trl_lint_rules.knowledge.argument_fixes import taken
from trl_lint_rules.knowledge.argument_words import ASSUMED, had_until, short, title
from trl_lint_rules.knowledge.fates import Fate
from trl_lint_rules.knowledge.moves import gone

_CLOSE: Final = 0.88
_RANKS: Final = (fates.RENAMED, fates.GONE, fates.TOO_NEW, fates.MISSPELT, fates.UNKNOWN)
_READ_BEFORE: Final = frozenset({"env", "config"})  # keys and flags that the parser takes out before it looks


class Stranger(NamedTuple):
    """What became of a name in the class, of those that the command parses, to which it belonged (or would)."""

    cls: str
    module: str
    fate: Fate


def command_of(run: RunView) -> facts.CliCommand | None:
    """The command that reads the settings of this run; where none is named, the one that makes its trainer."""
    commands = facts.cli(run.trl)
    if run.run.command is not None:
        return commands.get(run.run.command)
    return next((command for command in commands.values() if command.trainer == run.run.trainer), None)


def known_names(run: RunView, command: facts.CliCommand) -> frozenset[str] | None:
    """What the command's classes take in this environment; None where that is not known of one of them."""
    takes = [calls.known(cls, module, run.environment) for cls, module in command.dataclasses]
    if None in takes:
        return None
    return frozenset(name for each in takes if each is not None for name in each.names)


def is_known(name: str, names: frozenset[str]) -> bool:
    """Whether the command or `accelerate launch` behind it reads the name."""
    return name in names or name in _READ_BEFORE or is_launch_option(name)


def stranger(name: str, command: facts.CliCommand, names: frozenset[str], environment: Environment) -> Stranger:
    """What became of a name that the command does not know."""
    from difflib import get_close_matches  # slow to import, and seldom needed

    close = get_close_matches(name, names, 1, _CLOSE)
    best: Stranger | None = None
    for cls, module in command.dataclasses:
        fate = fates.fate(name, cls, module, environment)
        if fate.kind == fates.MISSPELT and (not close or fate.new != close[0]):
            fate = Fate(fates.UNKNOWN)
        if fate.kind in _RANKS and (best is None or _RANKS.index(fate.kind) < _RANKS.index(best.fate.kind)):
            best = Stranger(cls, module, fate)
    return best or Stranger("", "", Fate(fates.UNKNOWN))


def unknown(
    run: RunView, command: facts.CliCommand, setting: Setting, found: Stranger, happens: str | None, ignored: str
) -> Verdict:
    """The verdict on a name that the command does not know: with it the command stops as `happens` says, or (None) goes
    on as `ignored` says."""
    name, fate = setting.name, found.fate
    prefix = "--" if setting.origin is Origin.FLAG else ""
    release = "{transformers}" if fate.package == "transformers" else "{trl}"
    came = f"It came with {title(fate.package)} {short(fate.since)}." if fate.since else ""
    since = came if fate.kind == fates.TOO_NEW else ""
    assumed = fate.package == "transformers" and run.target.transformers.assumed
    return Verdict(
        f"{name} {fate.new}",
        setting.span,
        f"`trl {command.name}` with {release} does not know `{prefix}{name}`{_tail(fate, prefix)}",
        Severity.WARNING if happens is None else Severity.ERROR,
        Stage.SILENT if happens is None else Stage.CONFIG,
        why=tuple(filter(None, (happens or ignored, *had_until(fate, name), since))),
        remedies=(_remedy(run, setting, found),),
        doubts=(ASSUMED,) if assumed else (),
    )


def _tail(fate: Fate, prefix: str) -> str:
    """What follows "does not know `x`": the new name, written with `prefix` before it."""
    tails: Mapping[str, str] = {
        fates.RENAMED: f": it is called `{prefix}{fate.new}`",
        fates.MISSPELT: f" (did you mean `{prefix}{fate.new}`?)",
        fates.GONE: " any more",
        fates.TOO_NEW: f": it is called `{prefix}{fate.new}` there" if fate.new else " yet",
    }
    return tails.get(fate.kind, "")


def _remedy(run: RunView, setting: Setting, found: Stranger) -> Remedy:
    """The new name, or without the setting."""
    fate, name = found.fate, setting.name
    prefix = "--" if setting.origin is Origin.FLAG else ""
    if fate.new is None:
        row = gone(name, found.cls)
        return Remedy(f"take `{prefix}{name}` out" + (f"; {row.advice}" if row is not None else ""))
    right = taken(found.cls, found.module, fate.new)
    message = f"write `{prefix}{fate.new}`"
    applicability = Applicability.UNSAFE
    if fate.row is not None and (fate.row.values is not None or fate.row.share):
        word = f" ({fate.row.word})" if fate.row.word else ""
        if not fate.row.share:
            return Remedy(message + word, Applicability.DISPLAY, (), right)
        message += word
    elif fate.kind == fates.RENAMED and fate.row is not None and fate.row.sure and run.run.command is not None:
        applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()
    if run.given(fate.new) is None:
        try:
            edits = (edit_setting.rename(run.run, setting, fate.new),)
        except ValueError:
            edits = ()
    return Remedy(message, applicability if edits else Applicability.DISPLAY, edits, right)
