"""A key of a recipe that the `trl` command does not know (any more, or yet)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trl_lint.api import Origin, Rule, RunView, Setting, Verdict, replace
from trl_lint_rules import facts
from trl_lint_rules.knowledge import command_keys, fates
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
    refused = command.script_refuses_unknown if run.run.script else command.refuses_unknown
    stops = f"`trl {command.name} --config` stops: unrecognized arguments."
    # Where the command itself has no `--config`, only the script behind it reads a recipe.
    reader = f"`trl {command.name} --config`" if command.takes_config else f"`{command.script}`, run by itself,"
    ignores = f"{reader} ignores keys that it does not know."
    verdict = command_keys.unknown(run, command, setting, found, stops if refused else None, ignores)
    if run.run.command is not None:
        return verdict
    return replace(verdict, doubts=(_OWN_SCRIPT, *verdict.doubts))
