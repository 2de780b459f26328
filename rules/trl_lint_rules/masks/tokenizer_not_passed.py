"""A tokenizer that the code edits and never gives to the trainer."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import How, Mutation, Note, RunView, Severity, Stage, Verdict
from trl_lint_rules.knowledge import data, remedies, template
from trl_lint_rules.knowledge.boundaries import REFUSALS_BY_DATA, VLM_SUPPORT
from trl_lint_rules.knowledge.processing import Kind, processing
from trl_lint_rules.sft import SftRule, trainer_place

# Not `pad_token`: the trainer pads with that of its own copy, or with the end-of-sequence token.
_ATTRIBUTES = {
    "chat_template": "its chat template",
    "eos_token": "its end-of-sequence token",
    "eos_token_id": "its end-of-sequence token",
    "bos_token": "its begin-of-sequence token",
    "truncation_side": "its truncation side",
    "model_max_length": "its maximum length",
}
_METHODS = {
    "add_tokens": "its added tokens",
    "add_special_tokens": "its added special tokens",
}


class TokenizerNotPassed(SftRule):
    """The trainer loads a fresh copy, and the edits are lost without a word."""

    code = "TRL202"
    name = "tokenizer-not-passed"
    summary = "an edited tokenizer that the trainer never gets"

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict for each edited tokenizer of this model that is not passed."""
        if run.run.processing.how is not How.ABSENT or run.run.trainer_call is None or _refused_anyway(run):
            return
        candidates = remedies.spare_tokenizers(run)
        for candidate in candidates:
            edits = [edit for edit in candidate.use.edits if _matters(edit)]
            if not edits or candidate.use.span is None:
                continue
            lost = list(dict.fromkeys(_what(edit) for edit in edits))
            if any(edit.optional for edit in edits):
                run.weaken("the tokenizer is edited on some paths only")
            if data.conversational(run) is not True and lost == [_ATTRIBUTES["chat_template"]]:
                run.weaken("the data set may be rendered with this tokenizer before it reaches the trainer")
            yield Verdict(
                "edits-lost",
                trainer_place(run),
                f"the trainer never gets `{candidate.expression}`: it loads a fresh copy, and "
                f"{_join(lost)} {'is' if len(lost) == 1 else 'are'} lost",
                Severity.WARNING,
                Stage.SILENT,
                why=(
                    "Without `processing_class` {trl} loads the processing class by the model's name. What the code "
                    "did to its own object has no effect on training, and nothing says so.",
                ),
                notes=tuple(Note(edit.span, f"{_what(edit)}: set here, lost in training") for edit in edits[:4]),
                remedies=(
                    remedies.pass_tokenizer(
                        run,
                        "pass it",
                        safe=_changes_nothing_else(run) and len(candidates) == 1,
                        name=candidate.expression,
                    ),
                ),
            )


def _refused_anyway(run: RunView) -> bool:
    """Whether `assistant-only-loss-on-vlm` names this tokenizer already, with the same way out."""
    early = VLM_SUPPORT <= run.trl < REFUSALS_BY_DATA
    return early and template.asked(run) and processing(run).kind is Kind.PROCESSOR


def _changes_nothing_else(run: RunView) -> bool:
    """Whether passing the tokenizer leaves the kind of the run as it is: a text model, or no image data."""
    return processing(run).kind is Kind.TOKENIZER or data.vision(run) is False


def _matters(edit: Mutation) -> bool:
    return (edit.kind == "set" and edit.name in _ATTRIBUTES) or (edit.kind == "call" and edit.name in _METHODS)


def _what(edit: Mutation) -> str:
    return _ATTRIBUTES[edit.name] if edit.kind == "set" else _METHODS[edit.name]


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
