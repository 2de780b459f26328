"""A response template that does not occur in what is tokenised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trl_lint.api import Instance, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, rendering, token_rows
from trl_lint_rules.knowledge.formatting import formatter
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import SftRule, place_of


class ResponseTemplateNotFound(SftRule):
    """Every row is masked whole."""

    code = "TRL218"
    name = "response-template-not-found"
    summary = "a `response_template` that does not occur in the rows: no token is trained"
    needs = frozenset({"data_collator"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the texts are at hand and the collator's template is not in them."""
        collator = run.argument("data_collator")
        if not isinstance(collator, Instance) or not collator.callee.endswith(".DataCollatorForCompletionOnlyLM"):
            return
        wanted = _template(run, collator)
        texts = _texts(run)
        if wanted is None or not texts:
            return
        without = [text for text in texts if wanted not in text]
        if without:
            yield _verdict(run, "absent", wanted, len(without), len(texts), "it does not occur in them")
            return
        split = _tokenised_otherwise(run, wanted, texts)
        if split:
            reason = "in their context its tokens are others than on its own"
            yield _verdict(run, "tokens", wanted, split, len(texts), reason)


def _template(run: RunView, collator: Instance) -> str | None:
    call = collator.call
    given = None if call is None else call.keyword("response_template") or next(call.positional(), None)
    found: Any = run.plain(given.value) if given is not None else None
    return found if isinstance(found, str) and found else None


def _texts(run: RunView) -> list[str]:
    """The texts that are tokenised, of the rows that were read; none where they are not known."""
    columns = data.columns(run)
    if columns is None or formatter(run) is not None or columns & {"input_ids", "prompt"}:
        return []
    if data.conversational(run) is True:
        return [each.text for each in rendering.of_rows(run) or () if each.text]
    field = run.setting("dataset_text_field")
    field = field if isinstance(field, str) else "text"
    return [row[field] for row in run.data().rows if isinstance(row.get(field), str)]


def _tokenised_otherwise(run: RunView, wanted: str, texts: list[str]) -> int:
    """In how many of the texts the template's own tokens do not occur."""
    artifact = processing(run).artifact
    if artifact is None or artifact.tokenizer_json is None:
        return 0
    tokenizer = token_rows.load(artifact.tokenizer_json)
    if tokenizer is None:
        return 0
    needle = tokenizer.encode(wanted, add_special_tokens=False).ids
    return sum(not _within(needle, tokenizer.encode(text, add_special_tokens=False).ids) for text in texts[:24])


def _within(needle: list[int], hay: list[int]) -> bool:
    return any(hay[i : i + len(needle)] == needle for i in range(len(hay) - len(needle) + 1))


def _verdict(run: RunView, case: str, wanted: str, without: int, read: int, reason: str) -> Verdict:
    return Verdict(
        case,
        place_of(run, "data_collator"),
        f"`response_template={wanted!r}` is not found in {without} of the {read} rows read, and they are not trained: "
        f"{reason}",
        Severity.WARNING,
        Stage.SILENT,
        why=(
            "The collator looks for the tokens of the template, and masks a row in which it does not find them as a "
            "whole. There is a warning for each of them; the loss is 0 or nan.",
        ),
        evidence=(data.describe(run),),
        remedies=(
            Remedy("take the text before the answer as the rows have it, without spaces and line ends around it"),
            Remedy("or pass its token ids, as they are in context"),
            Remedy("or upgrade: prompt and completion columns need no search (TRL 0.17 and newer)"),
        ),
    )
