"""A formatting function that returns what the targeted release cannot take."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data
from trl_lint_rules.knowledge.formatting import AMONG_TEXTS, SINGLE_ROWS, SINGLE_ROWS_FIRST, formatter, prepared
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule

_LISTS = ("list", "strings", "numbers", "messages", "dicts", "sharegpt")


class FormattingFuncResult(SftRule):
    """A list of texts up to 0.14, one text from 0.17 on."""

    code = "TRL704"
    name = "formatting-func-result"
    summary = "a formatting function that returns a list of texts where one text is wanted, or the other way round"
    needs = frozenset({"formatting_func"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where what the function returns is plain to see."""
        given = formatter(run)
        columns = data.columns(run)
        if given is None or not prepared(run) or (columns is not None and "input_ids" in columns):
            return
        found = run.function(given)
        if found is None:
            return
        listed = found.returns in _LISTS
        if run.trl < AMONG_TEXTS:
            if found.returns == "string" and run.setting("packing") in (ABSENT, False) and not run.passed("packing"):
                yield _verdict(run, "text", f"`{found.name}` returns one text, and a batch of rows is what it is given")
            return
        if data.conversational(run) is True or processing(run).kind is Kind.INVALID:
            return
        if data.conversational(run) is None:
            run.weaken("for conversational rows the result is not used")
        if listed and run.trl >= SINGLE_ROWS_FIRST:
            if run.trl < SINGLE_ROWS:
                run.weaken("if it raises on a single row, it is tried on a batch")
            yield _verdict(run, "list", f"`{found.name}` returns a list, and one text for one row is wanted")
        elif found.returns in ("none", "null"):
            yield _verdict(run, "nothing", f"`{found.name}` returns nothing")


def _verdict(run: RunView, case: str, reason: str) -> Verdict:
    given = formatter(run)
    assert given is not None
    way = Remedy("let it take one row and return one string")
    if case == "text":
        way = Remedy("let it take a batch (a dict of lists) and return a list of strings, or upgrade to TRL 0.15")
    elif case == "list":
        way = Remedy("let it take one row and return one string: the loop over the batch goes away")
    return Verdict(
        case,
        given.span,
        f"{{trl}} stops while it prepares the data: {reason}",
        Severity.ERROR,
        Stage.PREPARE_DATA,
        why=(
            "Up to 0.14 the function is called with a batch of rows and must return a list; 0.15 and 0.16 take both; "
            "from 0.17 on it is called with a single row, and the end-of-sequence token is added to its text.",
        ),
        evidence=(data.describe(run),),
        remedies=(way,),
    )
