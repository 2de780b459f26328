"""A formatting function whose texts are never trained."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies
from trl_lint_rules.knowledge.boundaries import VISION_DATA_CHECK, VLM_SUPPORT
from trl_lint_rules.knowledge.formatting import AMONG_TEXTS, formatter, prepared
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of

SHAREGPT_CONVERTED = Release(0, 16)  # `conversations` of `from` and `value` become messages


class FormattingFuncIgnored(SftRule):
    """Its result goes into a column `text`, which is not the one that is read."""

    code = "TRL213"
    name = "formatting-func-ignored"
    summary = "a formatting function whose texts are not what is trained"
    needs = frozenset({"formatting_func"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and another one is read."""
        columns = data.columns(run)
        if formatter(run) is None or columns is None or not prepared(run):
            return
        if "input_ids" in columns:
            yield _verdict(run, "tokenised", "the rows are tokenised already (`input_ids`)")
        elif run.trl >= AMONG_TEXTS and data.vision(run) and _left_to_collator(run):
            return
        elif run.trl >= AMONG_TEXTS and _conversations(run):
            yield _verdict(
                run, "conversational", "the rows are conversations, and the chat template renders those in any case"
            )
        elif run.trl >= AMONG_TEXTS:
            field = run.setting("dataset_text_field")
            if isinstance(field, str) and field != "text" and field in columns:
                yield _verdict(run, "other-field", f"its texts become the column `text`, and `{field}` is what is read")


def _conversations(run: RunView) -> bool:
    known = run.data().columns or {}
    if "conversations" in known and run.trl >= SHAREGPT_CONVERTED:
        return known["conversations"].kind == "sharegpt" or data.conversational(run) is True
    return data.conversational(run) is True


def _left_to_collator(run: RunView) -> bool:
    return run.trl >= VLM_SUPPORT and (processing(run).kind is not Kind.TOKENIZER or run.trl >= VISION_DATA_CHECK)


def _verdict(run: RunView, case: str, reason: str) -> Verdict:
    way = Remedy(
        "or map the rows to a `text` column yourself, without the messages, if your own format is what you want"
    )
    if case == "other-field":
        way = remedies.drop_config(run, "dataset_text_field", "or drop `dataset_text_field`, so that `text` is read")
    return Verdict(
        case,
        place_of(run, "formatting_func"),
        f"`formatting_func` has no effect in {{trl}}: {reason}",
        Severity.WARNING,
        Stage.SILENT,
        why=("The function is called and its result is not used. " + _said(case),),
        evidence=(data.describe(run),),
        remedies=(remedies.drop_argument(run, "formatting_func", "drop it, if what TRL does is right"), way),
    )


def _said(case: str) -> str:
    return "TRL warns of it in the log." if case == "tokenised" else "Nothing says so."
