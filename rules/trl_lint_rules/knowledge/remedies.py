"""Ways out that several rules offer: pass the tokenizer, set or drop an argument."""

from __future__ import annotations

from trl_lint.api import (
    Applicability,
    Environment,
    How,
    ProcessingUse,
    Release,
    Remedy,
    RunView,
    dataclass,
    drop_argument,
    drop_config,
    edit_call,
    edited,
    set_config,
)

__all__ = [
    "PROCESSING_CLASS",
    "Candidate",
    "drop_argument",
    "drop_config",
    "edited",
    "pass_tokenizer",
    "set_config",
    "spare_tokenizers",
]

# `processing_class` took the place of `tokenizer` in 0.12.
PROCESSING_CLASS = Release(0, 12)


@dataclass(frozen=True)
class Candidate:
    """A tokenizer object of the code that could be passed, and the expression that names it."""

    use: ProcessingUse
    expression: str


def spare_tokenizers(run: RunView) -> list[Candidate]:
    """Tokenizers (or processors, whose `.tokenizer` serves) of this model that the code makes and does not pass."""
    wanted = run.plain(run.run.model.name)
    found = []
    for use in run.run.spare:
        if use.variable is None or use.how is not How.LOADED or not isinstance(wanted, str):
            continue
        if run.plain(use.name) != wanted:
            continue
        loader = (use.loader or "").rpartition(".")[2]
        if use.part == "tokenizer" or loader.endswith(("Tokenizer", "TokenizerFast")):
            found.append(Candidate(use, use.variable))
    return found


def pass_tokenizer(run: RunView, message: str, safe: bool, besides: str = "", name: str = "tokenizer") -> Remedy:
    """Give the trainer the tokenizer: an edit where exactly one fits, else advice.

    The message is followed by the argument as it should be, with the variable `name` where no edit is possible, and
    by `besides`: what else there is to do.
    """

    def right(environment: Environment) -> bool:
        return environment.trl >= PROCESSING_CLASS

    def said(expression: str = name) -> str:
        return f"{message}: `processing_class={expression}`{besides}"

    call = run.run.trainer_call
    candidates = spare_tokenizers(run)
    passed = run.run.processing
    if call is None:
        return Remedy(said(), Applicability.DISPLAY, (), right)
    if passed.how is How.ABSENT and len(candidates) == 1 and call.open is None:
        applicability = Applicability.SAFE if safe else Applicability.UNSAFE
        expression = candidates[0].expression
        return edited(
            said(expression),
            applicability,
            lambda: edit_call.add_keyword(run.run.source, call, "processing_class", expression),
            right,
        )
    argument = call.keyword("processing_class")
    if argument is not None and argument.via == "keyword" and passed.variable is not None and passed.part is None:
        expression = candidates[0].expression if len(candidates) == 1 else f"{passed.variable}.tokenizer"
        return edited(
            said(expression),
            Applicability.UNSAFE,
            lambda: edit_call.replace_value(run.run.source, argument, expression),
            right,
        )
    return Remedy(said(), Applicability.DISPLAY, (), right)
