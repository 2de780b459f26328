"""Rows in which TRL finds nothing to train on."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Release, Remedy, RunView, Severity, Stage, Verdict, shape
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA, VISION_DATA_CHECK
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, place_of, trainer_place

# 0.15 took the present formats: messages, prompt and completion, or one text column. Before, only exactly
# `role` and `content` as strings, or exactly `prompt` and `completion` as strings, were understood by themselves.
FORMATS = Release(0, 15)
DEFAULT_FIELD = Release(0, 12)  # `dataset_text_field` is "text" from here on


class TextColumnMissing(SftRule):
    """KeyError while the data are prepared."""

    code = "TRL702"
    name = "text-column-missing"
    summary = "rows without a column that TRL reads, or a prompt without its completion"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the columns are known and none of them is read."""
        columns = data.columns(run)
        if columns is None or run.trl < DEFAULT_FIELD or not columns or _not_prepared(run):
            return
        if "input_ids" in columns or run.argument("formatting_func") not in (ABSENT, None):
            return
        if "prompt" in columns and "completion" not in columns and "text" not in columns and run.trl >= FORMATS:
            yield self._verdict(run, "no-completion", "completion", "the rows have a `prompt` and no `completion`")
            return
        field = run.setting("dataset_text_field")
        field = "text" if field is ABSENT else field
        if field is UNKNOWN or not isinstance(field, str) or field in columns or _understood(run, columns):
            return
        self_given = run.given("dataset_text_field") is not None
        reason = f"no column `{field}`" + (" (named by `dataset_text_field`)" if self_given else "")
        yield self._verdict(run, "no-text", field, f"the rows have {reason}, no messages and no prompt with completion")

    def _verdict(self, run: RunView, case: str, missing: str, reason: str) -> Verdict:
        columns = data.columns(run) or frozenset()
        ways = [Remedy(f'rename the right column: `dataset.rename_column(..., "{missing}")`')]
        dialogue = [name for name, column in (run.data().columns or {}).items() if column.kind == "messages"]
        if dialogue and case == "no-text":
            ways = [Remedy(f'rename it: `dataset.rename_column("{dialogue[0]}", "messages")`')]
        elif case == "no-text" and len(columns) > 1:
            ways = [
                Remedy("map the columns to `prompt` and `completion`, which trains the answer alone"),
                Remedy("or join them to one text with `formatting_func`"),
                Remedy("or, if one of them holds the whole text, name it: `dataset_text_field`"),
            ]
        elif case == "no-text" and len(columns) == 1:
            (only,) = columns
            ways.insert(
                0, remedies.set_config(run, "dataset_text_field", f'"{only}"', f'set `dataset_text_field="{only}"`')
            )
        return Verdict(
            case,
            place_of(run, "dataset_text_field") if run.given("dataset_text_field") else trainer_place(run),
            f"{{trl}} stops with KeyError '{missing}' while it prepares the data: {reason}",
            Severity.ERROR,
            Stage.PREPARE_DATA,
            why=("TRL reads `messages`, `prompt` with `completion`, `input_ids`, or the text column, and no others.",),
            evidence=(data.describe(run),),
            remedies=tuple(ways),
        )


def _not_prepared(run: RunView) -> bool:
    """Whether this release leaves the rows to the collator, or stops before it prepares them."""
    kwargs = run.setting("dataset_kwargs")
    if kwargs not in (ABSENT, None) and (not isinstance(kwargs, dict) or kwargs.get("skip_prepare_dataset")):
        return True
    kind = processing(run).kind
    if kind not in (Kind.TOKENIZER, Kind.PROCESSOR):
        return True
    if kind is Kind.PROCESSOR and (run.trl < VISION_DATA_CHECK or data.vision(run) is not False):
        return True
    if not template.asked(run):
        return False
    # Refused before: for the model, or because the rows are not conversational.
    return (kind is Kind.PROCESSOR and run.trl < REFUSALS_BY_DATA) or data.conversational(run) is False


def _understood(run: RunView, columns: frozenset[str]) -> bool:
    """Whether this release reads these rows without a text column."""
    if run.trl >= FORMATS:
        found = run.data().columns or {}
        converted = "conversations" in found and found["conversations"].kind == "sharegpt"
        return bool(columns & {"messages", "prompt", "chosen", "rejected"}) or converted
    return _understood_before(run, columns)


def _understood_before(run: RunView, columns: frozenset[str]) -> bool:
    """Up to 0.14: `messages` (or `conversations`) of exactly role and content, or exactly two string columns."""
    found = run.data().columns or {}
    for name in ("messages", "conversations"):
        if name in columns:
            understood = run.data().container == "Dataset" and not shape.content_as_parts(run.data().rows, name)
            return found[name].kind != "messages" or understood
    if columns == {"prompt", "completion"}:
        return found["prompt"].kind != "messages"
    return False
