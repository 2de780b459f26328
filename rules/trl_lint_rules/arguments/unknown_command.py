"""A sub-command that `trl` of this release does not have."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, Rule, RunView, Severity, Stage, Verdict
from trl_lint_rules import facts
from trl_lint_rules.knowledge.argument_words import short


class UnknownCommand(Rule):
    """Only of commands that some release has."""

    code = "TRL118"
    name = "unknown-command"
    summary = "a sub-command of `trl` that this release does not have"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the command is not there."""
        name = run.run.command
        if name is None or run.run.script or name in facts.cli(run.trl):
            return
        since = next((release for release in facts.releases("trl") if name in facts.cli(release)), None)
        yield Verdict(
            name,
            run.run.anchor,
            f"`trl` of {{trl}} has no command `{name}`",
            Severity.ERROR,
            Stage.CONFIG,
            why=(f"It came with TRL {short(since)}.",) if since is not None and since > run.trl else (),
            remedies=(Remedy("use a release that has it, or a script of your own with the same trainer"),),
        )
