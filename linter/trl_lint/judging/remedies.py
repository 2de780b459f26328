"""Ways out that many rules offer: give an argument another value, or take it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trl_lint.judging.verdict import Remedy
from trl_lint.judging.view import RunView
from trl_lint.lazy import LazyModule
from trl_lint.model.finding import Applicability, Edit
from trl_lint.model.run import Origin
from trl_lint.model.target import Environment

if TYPE_CHECKING:
    from trl_lint.edits import python
    from trl_lint.edits import setting as settings
else:
    python = LazyModule("trl_lint.edits.python")
    settings = LazyModule("trl_lint.edits.setting")


_WRITTEN_ELSEWHERE = (Origin.YAML, Origin.FLAG)  # than in a call


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
    if run.run.recipe or (setting is not None and setting.origin in _WRITTEN_ELSEWHERE):
        if setting is None:
            return Remedy(message, Applicability.DISPLAY, (), right_in)
        return edited(message, applicability, lambda: settings.replace_value(run.run, setting, value), right_in)
    call = run.run.config_call
    if call is None:
        return Remedy(message, Applicability.DISPLAY, (), right_in)
    argument = call.keyword(name)
    if argument is not None and setting is not None and setting.span == argument.span:
        return edited(message, applicability, lambda: python.replace_value(run.run.source, argument, value), right_in)
    if argument is None and setting is None and call.open is None:
        return edited(message, applicability, lambda: python.add_keyword(run.run.source, call, name, value), right_in)
    return Remedy(message, Applicability.DISPLAY, (), right_in)


def drop_config(run: RunView, name: str, message: str, applicability: Applicability = Applicability.UNSAFE) -> Remedy:
    """Take the config argument `name` away."""
    setting = run.given(name)
    if setting is not None and (run.run.recipe or setting.origin in _WRITTEN_ELSEWHERE):
        return edited(message, applicability, lambda: settings.remove(run.run, setting))
    call = run.run.config_call
    argument = call.keyword(name) if call is not None else None
    if call is None or argument is None or setting is None or setting.span != argument.span:
        return Remedy(message)
    return edited(message, applicability, lambda: python.remove_argument(run.run.source, call, argument))


def drop_argument(run: RunView, name: str, message: str) -> Remedy:
    """Take the argument `name` of the trainer away."""
    call = run.run.trainer_call
    argument = call.keyword(name) if call is not None else None
    if call is None or argument is None or argument.via != "keyword":
        return Remedy(message)
    return Remedy(message, Applicability.UNSAFE, (python.remove_argument(run.run.source, call, argument),))
