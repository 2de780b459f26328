"""A key of a recipe, or a flag, that still works, and warns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trl_lint.api import Environment, Origin, Rule, RunView, Setting, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.knowledge import calls, command_keys, deprecations
from trl_lint_rules.knowledge.argument_words import ASSUMED

_WRITTEN: Final = (Origin.YAML, Origin.FLAG)


class DeprecatedOption(Rule):
    """Deprecated in the newest allowed release, and announced to go."""

    code = "TRL121"
    name = "deprecated-option"
    summary = "a key of a recipe or a flag of a `trl` command that warns, and which is to go"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each such key or flag."""
        command = command_keys.command_of(run) if run.run.recipe else None
        if command is None or (run.run.command is not None and not command.takes_config and not run.run.script):
            return
        for name, setting in run.run.settings.items.items():
            if setting.origin not in _WRITTEN:
                continue
            words = _words(command, name, setting, run.environment)
            if words is not None and _words(command, name, setting, run.target.environments[-1]) is not None:
                yield _verdict(run, command, setting, *words)


def _words(command: facts.CliCommand, name: str, setting: Setting, environment: Environment) -> tuple[str, str] | None:
    """Package and sentence of the deprecation; None where this release does not warn."""
    for cls, module in command.dataclasses:
        takes = calls.known(cls, module, environment)
        if takes is not None and name in takes.names:
            return deprecations.sentence(takes.names[name], cls, name, setting.value, environment.trl)
    return None


def _verdict(run: RunView, command: facts.CliCommand, setting: Setting, package: str, why: str) -> Verdict:
    prefix = "--" if setting.origin is Origin.FLAG else ""
    release = "{transformers}" if package == "transformers" else "{trl}"
    assumed = package == "transformers" and run.target.transformers.assumed
    own = () if run.run.command is not None else ("the recipe may be for a script of the project",)
    return Verdict(
        setting.name,
        setting.span,
        f"`{prefix}{setting.name}` of `trl {command.name}` with {release} is deprecated",
        Severity.INFO,
        Stage.CONFIG,
        why=(why,),
        doubts=(*own, ASSUMED) if assumed else own,
    )
