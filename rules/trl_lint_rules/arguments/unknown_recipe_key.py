"""A key of a recipe that the `trl` command does not know (any more, or yet)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trl_lint.api import Origin, Rule, RunView, Setting, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.knowledge import command_keys, fates
from trl_lint_rules.knowledge.argument_words import ASSUMED, had_until, short, title
from trl_lint_rules.knowledge.command_keys import Stranger

_OWN_SCRIPT: Final = "the recipe may be for a script of the project, with arguments of its own"


class UnknownRecipeKey(Rule):
    """Where a `trl` command of the project names the recipe, every key that it does not know. Else only keys that
    some release knew, or nearly a known one, and only where no key is foreign to TRL altogether: such a recipe is
    read by a script of the project, which may know them all."""

    code = "TRL116"
    name = "unknown-recipe-key"
    summary = "a key of a recipe that the `trl` command of this release does not know"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each such key."""
        command = command_keys.command_of(run) if run.run.recipe else None
        names = command_keys.known_names(run, command) if command is not None else None
        if command is None or names is None or (run.run.command is not None and not command.takes_config):
            return
        found: dict[str, Stranger] = {}
        for key, setting in run.run.settings.items.items():
            if setting.origin is Origin.YAML and not command_keys.is_known(key, names):
                found[key] = command_keys.stranger(key, command, names, run.environment)
        if run.run.command is None and any(each.fate.kind == fates.UNKNOWN for each in found.values()):
            return
        for key, stranger in found.items():
            yield _verdict(run, command, run.run.settings.items[key], stranger)


def _verdict(run: RunView, command: facts.CliCommand, setting: Setting, found: Stranger) -> Verdict:
    key, fate = setting.name, found.fate
    release = "{transformers}" if fate.package == "transformers" else "{trl}"
    refused = command.script_refuses_unknown if run.run.script else command.refuses_unknown
    happens = (
        f"`trl {command.name} --config` stops: unrecognized arguments."
        if refused
        else f"`trl {command.name} --config` ignores keys that it does not know."
    )
    since = (
        f"It came with {title(fate.package)} {short(fate.since)}." if fate.kind == fates.TOO_NEW and fate.since else ""
    )
    doubts = [] if run.run.command is not None else [_OWN_SCRIPT]
    if fate.package == "transformers" and run.target.transformers.assumed:
        doubts.append(ASSUMED)
    return Verdict(
        f"{key} {fate.new}",
        setting.span,
        f"`trl {command.name}` with {release} does not know `{key}`{command_keys.tail(fate)}",
        Severity.ERROR if refused else Severity.WARNING,
        Stage.CONFIG if refused else Stage.SILENT,
        why=tuple(filter(None, (happens, *had_until(fate, key), since))),
        remedies=(command_keys.remedy(run, setting, found),),
        doubts=tuple(doubts),
    )
