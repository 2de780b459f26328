"""A flag of a `trl` command that this release does not know (any more, or yet)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trl_lint.api import Origin, Rule, RunView, Setting, Verdict, replace
from trl_lint_rules import facts
from trl_lint_rules.knowledge import command_keys
from trl_lint_rules.knowledge.command_keys import Stranger

_WRITTEN: Final = re.compile(r"--([A-Za-z][\w-]*)")


class UnknownCommandFlag(Rule):
    """Flags as the command's parser sees them: dashes for underscores, `--no_...` for a switch that is on by default,
    and any beginning that only one field has."""

    code = "TRL117"
    name = "unknown-command-flag"
    summary = "a flag of a `trl` command that this release does not know"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each such flag."""
        command = command_keys.command_of(run) if run.run.command is not None else None
        names = command_keys.known_names(run, command) if command is not None else None
        if command is None or names is None:
            return
        for name, setting in run.run.settings.items.items():
            if setting.origin is Origin.FLAG and not _reads(run, name, setting, names):
                yield _verdict(run, command, setting, command_keys.stranger(name, command, names, run.environment))


def _reads(run: RunView, name: str, setting: Setting, names: frozenset[str]) -> bool:
    if command_keys.is_known(name, names):
        return True
    match = _WRITTEN.match(run.run.source.of(setting.span).text, setting.span.start)
    written = match[1].replace("-", "_") if match is not None else name
    # Several fields that begin so are refused as well, in other words: nothing is said of that.
    return any(each.startswith(written) for each in names)


def _verdict(run: RunView, command: facts.CliCommand, setting: Setting, found: Stranger) -> Verdict:
    refused = command.script_refuses_unknown_flags if run.run.script else command.refuses_unknown_flags
    stops = f"`trl {command.name}` stops at flags that it does not know, before anything is loaded."
    ignores = f"`trl {command.name}` ignores flags that it does not know."
    verdict = command_keys.unknown(run, command, setting, found, stops if refused else None, ignores)
    if not setting.optional:
        return verdict
    return replace(verdict, doubts=(f"`--{setting.name}` is given on some paths only", *verdict.doubts))
