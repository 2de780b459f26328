"""Rows that Unsloth's preparation does not read without a function."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.facts import Preparation
from trl_lint_rules.knowledge import data, unsloth_rows
from trl_lint_rules.sft import SftRule, trainer_place


class FormattingFuncNeeded(SftRule):
    """Unsloth reads a text column, tokens, and in newer releases messages and prompts with completions."""

    code = "TRL730"
    name = "formatting-func-needed"
    summary = "rows that Unsloth reads with a formatting function only"
    with_unsloth = True

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and none of them is read."""
        found = unsloth_rows.preparations(run)
        columns = data.columns(run) if found else None
        if not columns or run.argument("formatting_func") not in (ABSENT, None):
            return
        field = run.setting("dataset_text_field")
        field = "text" if field is ABSENT else field
        moved = run.argument("dataset_text_field")
        if field is UNKNOWN or moved is not ABSENT or columns & {field, "input_ids", "labels"}:
            return
        refusing = [each for each in found if not _reads(each, run, columns)]
        if refusing:
            doubts = (unsloth_rows.SEVERAL,) if len(refusing) < len(found) else ()
            yield _verdict(run, str(field), doubts)


def _reads(preparation: Preparation, run: RunView, columns: frozenset[str]) -> bool:
    if preparation.prompt_completion and {"prompt", "completion"} <= columns:
        return True
    return preparation.messages and "messages" in columns and data.conversational(run) is not False


def _verdict(run: RunView, field: str, doubts: tuple[str, ...]) -> Verdict:
    unsloth = run.target.unsloth
    return Verdict(
        "not-read",
        trainer_place(run),
        f"Unsloth {unsloth.newest if unsloth is not None else ''} asks for a `formatting_func`: "
        f"the rows have no column `{field}`",
        Severity.ERROR,
        Stage.PREPARE_DATA,
        why=(
            'Unsloth prepares the rows itself. It stops with a RuntimeError: "You must specify a `formatting_func`".',
        ),
        evidence=(data.describe(run),),
        remedies=(
            Remedy(
                "make a text of each row first: "
                '`dataset.map(lambda row: {"text": tokenizer.apply_chat_template(row["messages"], tokenize=False)})`'
            ),
            Remedy("or pass a `formatting_func` that returns a list of texts"),
        ),
        doubts=doubts,
    )
