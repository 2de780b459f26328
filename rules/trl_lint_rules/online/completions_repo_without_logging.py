"""A repository for completions that are not logged."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import ConfigRule
from trl_lint_rules.knowledge import defaults, remedies
from trl_lint_rules.sft import place_of

SINCE = Release(0, 28)


class CompletionsRepoWithoutLogging(ConfigRule):
    """Nothing would be uploaded."""

    code = "TRL510"
    name = "completions-repo-without-logging"
    summary = "`log_completions_hub_repo` without `log_completions=True`"
    trainers = frozenset({"GRPOTrainer"})
    classes = frozenset({"GRPOConfig"})
    needs = frozenset({"log_completions_hub_repo"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where a repository is named and logging is known to be off."""
        if run.trl < SINCE or not defaults.is_set(run, "log_completions_hub_repo"):
            return
        if defaults.made_with(run, "log_completions") is not False:
            return
        yield Verdict(
            "silent",
            place_of(run, "log_completions_hub_repo"),
            "{trl} refuses `log_completions_hub_repo` while `log_completions` is off",
            Severity.ERROR,
            Stage.CONFIG,
            remedies=(
                remedies.set_config(run, "log_completions", "True", "log completions: `log_completions=True`"),
                remedies.drop_config(run, "log_completions_hub_repo", "or drop the repository"),
            ),
        )
