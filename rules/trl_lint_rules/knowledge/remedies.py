"""Ways out that several rules offer: pass the tokenizer, set or drop an argument."""

from __future__ import annotations

from collections.abc import Callable

from trl_lint.api import (
    Applicability,
    Edit,
    Environment,
    How,
    ProcessingUse,
    Release,
    Remedy,
    RunView,
    dataclass,
    edit_call,
    edit_recipe,
)

# `processing_class` took the place of `tokenizer` in 0.12.
PROCESSING_CLASS = Release(0, 12)


@dataclass(frozen=True)
class Candidate:
    """A tokenizer object of the code that could be passed, and the expression that names it."""

    use: ProcessingUse
    expression: str


def edited(
    message: str,
    applicability: Applicability,
    build: Callable[[], Edit],
    right_in: Callable[[Environment], bool] | None = None,
) -> Remedy:
    """A remedy with the edit that `build` makes; advice in words where the code is written so that none can be."""
    try:
        return Remedy(message, applicability, (build(),), right_in)
    except ValueError:
        return Remedy(message, Applicability.DISPLAY, (), right_in)


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


def set_config(
    run: RunView,
    name: str,
    value: str,
    message: str,
    applicability: Applicability = Applicability.UNSAFE,
    right_in: Callable[[Environment], bool] | None = None,
) -> Remedy:
    """Give the config argument `name` another value, written as Python source (`False`, `None`, `"text"`)."""
    setting = run.given(name)
    if run.run.recipe:
        if setting is None:
            return Remedy(message, Applicability.DISPLAY, (), right_in)
        written = {"False": "false", "True": "true", "None": "null"}.get(value, value)
        return edited(
            message, applicability, lambda: edit_recipe.replace_value(run.run.source, setting, written), right_in
        )
    call = run.run.config_call
    if call is None:
        return Remedy(message, Applicability.DISPLAY, (), right_in)
    argument = call.keyword(name)
    if argument is not None and setting is not None and setting.span == argument.span:
        return edited(
            message, applicability, lambda: edit_call.replace_value(run.run.source, argument, value), right_in
        )
    if argument is None and setting is None and call.open is None:
        return edited(
            message, applicability, lambda: edit_call.add_keyword(run.run.source, call, name, value), right_in
        )
    return Remedy(message, Applicability.DISPLAY, (), right_in)


def drop_config(run: RunView, name: str, message: str, applicability: Applicability = Applicability.UNSAFE) -> Remedy:
    """Take the config argument `name` away."""
    setting = run.given(name)
    if setting is not None and run.run.recipe:
        return edited(message, applicability, lambda: edit_recipe.remove_key(run.run.source, setting))
    call = run.run.config_call
    argument = call.keyword(name) if call is not None else None
    if call is None or argument is None or setting is None or setting.span != argument.span:
        return Remedy(message)
    return edited(message, applicability, lambda: edit_call.remove_argument(run.run.source, call, argument))


def drop_argument(run: RunView, name: str, message: str) -> Remedy:
    """Take the argument `name` of the trainer away."""
    call = run.run.trainer_call
    argument = call.keyword(name) if call is not None else None
    if call is None or argument is None or argument.via != "keyword":
        return Remedy(message)
    return Remedy(message, Applicability.UNSAFE, (edit_call.remove_argument(run.run.source, call, argument),))
