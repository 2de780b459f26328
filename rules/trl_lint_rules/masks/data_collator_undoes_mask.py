"""A data collator that computes the labels anew."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Instance, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import COMPLETION_ONLY
from trl_lint_rules.sft import SftRule, place_of

_OVERWRITES = ("DataCollatorForLanguageModeling", "DataCollatorForWholeWordMask")


class DataCollatorUndoesMask(SftRule):
    """transformers' collator for language modelling trains on every token."""

    code = "TRL208"
    name = "data-collator-undoes-mask"
    summary = "a data collator that overwrites the labels, so that every token is trained"
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where a mask is asked for and the collator is known to drop it."""
        collator = run.argument("data_collator")
        if not isinstance(collator, Instance) or not _overwrites(collator.callee):
            return
        asked = _asked_for(run)
        if asked is None:
            return
        yield Verdict(
            "overwritten",
            place_of(run, "data_collator"),
            f"this collator overwrites the labels: {asked} has no effect, every token is trained",
            Severity.WARNING,
            Stage.SILENT,
            why=(
                "transformers' `DataCollatorForLanguageModeling` copies the labels from the token ids. In every "
                "TRL release that undoes the mask, and nothing says so.",
            ),
            evidence=(data.describe(run),),
            remedies=(remedies.drop_argument(run, "data_collator", "drop it: TRL's own collator keeps the mask"),),
        )


def _overwrites(callee: str) -> bool:
    return callee.startswith("transformers.") and callee.rpartition(".")[2] in _OVERWRITES


def _asked_for(run: RunView) -> str | None:
    if template.asked(run):
        return "`assistant_only_loss=True`"
    if run.trl < COMPLETION_ONLY:
        return None
    wanted = run.setting("completion_only_loss")
    if wanted is True:
        return "`completion_only_loss=True`"
    if wanted in (ABSENT, None) and data.prompt_completion(run):
        return "the completion-only loss that TRL takes by itself for prompt-completion rows"
    return None
