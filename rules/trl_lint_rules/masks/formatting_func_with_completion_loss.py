"""A formatting function together with completion-only loss."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import VISION_DATA_CHECK, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of

CHECKED_SINCE = Release(0, 18)
# Before 0.22 a `prompt` column alone turned completion-only loss on.
PROMPT_AND_COMPLETION = VLM_SUPPORT


class FormattingFuncWithCompletionLoss(SftRule):
    """The formatter makes one text of prompt and completion; TRL refuses."""

    code = "TRL209"
    name = "formatting-func-with-completion-loss"
    summary = "a formatting function together with completion-only loss, which TRL refuses"
    needs = frozenset({"formatting_func"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where both are known to be on."""
        given = run.argument("formatting_func")
        absent = given in (ABSENT, None) or (given is UNKNOWN and run.passed("formatting_func") is None)
        if run.trl < CHECKED_SINCE or absent:
            return
        if _preparation_skipped(run) is not False:
            return
        wanted = run.setting("completion_only_loss")
        automatic = wanted in (ABSENT, None)
        if not (wanted is True or (automatic and _by_columns(run))):
            return
        reason = "the rows are prompt and completion" if automatic else "`completion_only_loss=True`"
        yield Verdict(
            "both",
            place_of(run, "formatting_func"),
            f"{{trl}} refuses `formatting_func` here: completion-only loss is on ({reason})",
            Severity.ERROR,
            Stage.TRAINER_INIT,
            why=("A formatter turns each row into one text, in which the completion can no longer be told apart.",),
            evidence=(data.describe(run),),
            remedies=(
                Remedy("drop `formatting_func` and let TRL join prompt and completion"),
                remedies.set_config(
                    run, "completion_only_loss", "False", "or train the whole text: `completion_only_loss=False`"
                ),
            ),
        )


def _by_columns(run: RunView) -> bool:
    columns = data.columns(run)
    if columns is None:
        return False
    return "prompt" in columns and (run.trl < PROMPT_AND_COMPLETION or "completion" in columns)


def _preparation_skipped(run: RunView) -> bool | None:
    """Whether TRL does not prepare the data of this run; None where that is not known."""
    kwargs = run.setting("dataset_kwargs")
    if kwargs is UNKNOWN:
        return None
    if isinstance(kwargs, dict) and kwargs.get("skip_prepare_dataset"):
        return True
    if run.trl >= VLM_SUPPORT:
        kind = processing(run).kind
        if kind is Kind.TOKENIZER:
            return False
        if kind is not Kind.PROCESSOR:
            return None
        return True if run.trl < VISION_DATA_CHECK else data.vision(run)
    return False
