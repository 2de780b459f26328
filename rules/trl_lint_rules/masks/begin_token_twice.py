"""Texts that begin with the begin-of-sequence token, and a tokenizer that adds another."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Instance, Release, Remedy, RunView, Severity, Span, Stage, Verdict
from trl_lint_rules.knowledge import data, rendering, text_ends
from trl_lint_rules.knowledge.formatting import AMONG_TEXTS, formatter, prepared
from trl_lint_rules.knowledge.processing import processing
from trl_lint_rules.sft import SftRule, place_of

# From here on what a template renders is tokenised without special tokens.
RENDERED_APART = Release(0, 17)


class BeginTokenTwice(SftRule):
    """Rendered texts carry the token; tokenising adds it again."""

    code = "TRL217"
    name = "begin-token-twice"
    summary = "rendered texts that begin with the begin-of-sequence token, which the tokenizer adds once more"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the tokenizer adds a token and the texts begin with it."""
        columns = data.columns(run)
        if columns is None or "input_ids" in columns or not prepared(run) or data.vision(run) is not False:
            return
        used = processing(run)
        token = text_ends.begins_with_special(used.artifact)
        if not token or used.escaped or run.given("dataset_kwargs") or run.passed("dataset_kwargs"):
            return
        found = _found(run, token)
        if found is None:
            return
        case, at, what = found
        yield Verdict(
            case,
            at,
            f"{what} with {token!r}, and the tokenizer adds it once more: each row begins with two of them",
            Severity.WARNING,
            Stage.SILENT,
            why=("The model has never seen two of them in a row, and will see one when it is used.",),
            evidence=(f"tokenizer.json of {_name(run)} puts {token!r} before every text", data.describe(run)),
            remedies=(
                Remedy("give TRL the `messages` themselves: it renders them and adds nothing"),
                Remedy(f"or take it off the texts: `text.removeprefix({token!r})`"),
            )
            if case != "rendered"
            else (
                Remedy("upgrade to TRL 0.17 or newer", right_in=lambda environment: environment.trl >= RENDERED_APART),
            ),
        )


def _found(run: RunView, token: str) -> tuple[str, Span, str] | None:
    if data.conversational(run) is True:
        if run.trl >= RENDERED_APART or (run.trl < AMONG_TEXTS and formatter(run) is not None):
            return None
        shown = rendering.of_rows(run)
        if not shown or not all(each.text and each.text.startswith(token) for each in shown):
            return None
        return "rendered", place_of(run, "train_dataset"), "the chat template begins each text"
    if data.conversational(run) is not False:
        return None
    given = formatter(run)
    if given is not None:
        function = run.function(given)
        if function is None or not function.renders_chat or not _begins(run, token):
            return None
        return "formatted", given.span, "this function renders texts that begin"
    field = run.setting("dataset_text_field")
    field = field if isinstance(field, str) else "text"
    texts = [row[field] for row in run.data().rows if isinstance(row.get(field), str)]
    if texts and all(text.startswith(token) for text in texts):
        return "written", place_of(run, "dataset_text_field", "train_dataset"), "the texts begin"
    if not texts and field in (data.columns(run) or ()) and _mapped(run) and _begins(run, token):
        return "mapped", place_of(run, "train_dataset"), "`map` renders texts that begin"
    return None


def _begins(run: RunView, token: str) -> bool:
    """Whether the template of the run begins what it renders with the token."""
    shown = rendering.of(run, [[{"role": "user", "content": "?"}, {"role": "assistant", "content": "!"}]])
    return bool(shown) and shown is not None and bool(shown[0].text) and shown[0].text.startswith(token)


def _mapped(run: RunView) -> bool:
    """Whether the last thing that is done to the data is a `map` with a function that renders conversations."""
    value = run.plain(run.run.train_dataset)
    while isinstance(value, Instance) and value.callee in (".shuffle", ".select", "[]", ".filter"):
        value = run.plain(value.receiver) if value.receiver is not None else None
    if not isinstance(value, Instance) or value.callee != ".map" or value.call is None:
        return False
    given = value.call.keyword("function") or next(value.call.positional(), None)
    function = run.function(given) if given is not None else None
    return function is not None and function.renders_chat


def _name(run: RunView) -> str:
    artifact = processing(run).artifact
    return "" if artifact is None else artifact.where or artifact.name
