"""`trl sft --config recipe.yaml` with a release whose command line has no `--config`."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Remedy, Rule, RunView, Severity, Stage, Verdict
from trl_lint_rules import facts


class RecipeFlagRefused(Rule):
    """The recipe is not read at all there, so that nothing else is said of its keys."""

    code = "TRL119"
    name = "recipe-flag-refused"
    summary = "`--config` for a `trl` command that does not know it (TRL 0.13 to 0.17)"

    def check(self, run: RunView) -> Iterator[Verdict]:
        """One verdict on the command."""
        name = run.run.command
        command = facts.cli(run.trl).get(name) if name is not None else None
        reads = bool(run.run.source.others) or (run.run.settings.open or "").startswith("the recipe")
        if command is None or command.takes_config or run.run.script or not reads:
            return
        yield Verdict(
            command.name,
            run.run.anchor,
            f"`trl {command.name}` of {{trl}} has no `--config`: it refuses the recipe",
            Severity.ERROR,
            Stage.CONFIG,
            why=("These releases read the whole command line with a parser that does not know `--config`.",),
            remedies=(
                Remedy("use TRL 0.18 or newer, or give the settings as flags"),
                Remedy(f"start the script itself: `accelerate launch -m {command.script} --config ...`"),
            ),
        )
