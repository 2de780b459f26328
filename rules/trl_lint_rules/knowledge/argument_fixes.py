"""Edits on the arguments of a call: another name, another place, or none."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from trl_lint.api import (
    Applicability,
    Argument,
    Call,
    Edit,
    Environment,
    Instance,
    Known,
    ModuleView,
    Release,
    Remedy,
    edit_call,
)
from trl_lint_rules import facts
from trl_lint_rules.knowledge.calls import Subject, known
from trl_lint_rules.knowledge.renames import Rename

SHARE_OF_STEPS = Release(5, 0)  # transformers takes `warmup_steps` below 1 from here on

_NAME = re.compile(r"[A-Za-z_]\w*")


def taken(cls: str, module: str, name: str) -> Callable[[Environment], bool]:
    """In which environments `cls` takes `name`."""

    def right(environment: Environment) -> bool:
        takes = known(cls, module, environment)
        return takes is not None and name in takes.names

    return right


def rename(view: ModuleView, subject: Subject, argument: Argument, new: str, row: Rename | None = None) -> Remedy:
    """The argument under its new name, with its new value where that changes too."""
    right = taken(subject.cls, subject.module, new)
    old, source = argument.name or "", view.module.source
    word = f" ({row.word})" if row is not None and row.word else ""
    message = f"rename `{old}` to `{new}`{word}"
    if subject.call.keyword(new) is not None:
        return drop(view, subject, argument, f"`{new}` is given too: take `{old}` out", Applicability.UNSAFE, right)
    sure = argument.via != "splat" and (row is None or row.sure)
    safe = Applicability.SAFE if sure else Applicability.UNSAFE
    edits: tuple[Edit, ...] = ()
    try:
        edits = (edit_call.rename_keyword(source, argument, new),)
    except ValueError:
        return Remedy(message, Applicability.DISPLAY, (), right)
    if row is not None and row.share:
        return Remedy(message, safe if _is_share(argument) else Applicability.UNSAFE, edits, _with_shares(right))
    if row is None or row.values is None:
        return Remedy(message, safe, edits, right, regardless=sure and _always_there(subject.cls, new))
    value = argument.value.value if isinstance(argument.value, Known) else None
    if not isinstance(value, bool) or value not in row.values:
        return Remedy(message, Applicability.DISPLAY, (), right)
    text = row.values[value]
    if text is None:
        return drop(view, subject, argument, f"take `{old}` out: {value} is what happens anyway", safe)
    try:
        changed = edit_call.replace_value(source, argument, text)
    except ValueError:
        return Remedy(message, Applicability.DISPLAY, (), right)
    return Remedy(f"write `{new}={text}`", safe, (*edits, changed), right)


def _always_there(cls: str, name: str) -> bool:
    """Whether every known release of transformers has this field of TrainingArguments: then no doubt about the
    release makes a rename to it less right."""
    stretches = facts.presence("TrainingArguments", name, "transformers")
    own = facts.presence(cls, name)
    first = facts.releases("transformers")[0]
    return not own and any(since <= first and until is None for since, until in stretches)


def _is_share(argument: Argument) -> bool:
    value = argument.value.value if isinstance(argument.value, Known) else None
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1


def _with_shares(right: Callable[[Environment], bool]) -> Callable[[Environment], bool]:
    return lambda environment: environment.transformers >= SHARE_OF_STEPS and right(environment)


def drop(
    view: ModuleView,
    subject: Subject,
    argument: Argument,
    message: str,
    applicability: Applicability,
    right: Callable[[Environment], bool] | None = None,
) -> Remedy:
    """The call without the argument."""
    try:
        edit = edit_call.remove_argument(view.module.source, subject.call, argument)
    except ValueError:
        return Remedy(message, Applicability.DISPLAY, (), right)
    if argument.via == "splat" and applicability is Applicability.SAFE:
        applicability = Applicability.UNSAFE
    return Remedy(message, applicability, (edit,), right)


def move_to_config(view: ModuleView, subject: Subject, argument: Argument, config: str, new: str) -> Remedy:
    """The argument taken out of the trainer's call and given to the config's, where that stands in the same file."""
    right = taken(config, subject.module, new)
    old, source = argument.name or "", view.module.source
    made = _config_call(subject, config)
    if made is None:
        return Remedy(f"pass `args={config}({new}=...)`", Applicability.DISPLAY, (), right)
    if made.keyword(new) is not None or (new != "max_length" and made.keyword(old) is not None):
        return drop(view, subject, argument, f"take `{old}` out: the config gives it", Applicability.UNSAFE)
    message = f"give `{new}` to `{config}` instead"
    value = source.slice(argument.value_span)
    try:
        edits = (
            edit_call.remove_argument(source, subject.call, argument),
            edit_call.add_keyword(source, made, new, value),
        )
    except ValueError:
        return Remedy(message, Applicability.DISPLAY, (), right)
    sure = argument.via == "keyword" and made.open is None and _means_the_same(source.text, value, made, subject.call)
    return Remedy(message, Applicability.SAFE if sure else Applicability.UNSAFE, edits, right)


def _config_call(subject: Subject, config: str) -> Call | None:
    """The call of the config class that made what this trainer gets as `args`."""
    given = subject.call.keyword("args") or next((a for a in subject.call.positional() if _is_config(a, config)), None)
    if given is None or not _is_config(given, config):
        return None
    value = given.value
    return value.value.call if isinstance(value, Known) and isinstance(value.value, Instance) else None


def _is_config(argument: Argument, config: str) -> bool:
    value = argument.value
    if not (isinstance(value, Known) and isinstance(value.value, Instance)):
        return False
    call = value.value.call
    return call is not None and call.last == config and not call.bases


def _means_the_same(text: str, expression: str, there: Call, here: Call) -> bool:
    """Whether the expression gives the same where the config is made: it is a literal, or a name that is assigned
    before and not between."""
    try:
        ast.literal_eval(expression.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        pass
    else:
        return True
    if not _NAME.fullmatch(expression) or there.scope != here.scope or there.span.start > here.span.start:
        return there.span.start >= here.span.start and there.span.end <= here.span.end  # made inside this very call
    bound = [m.start() for m in re.finditer(rf"^[ \t]*{expression}[ \t]*=(?!=)", text, re.MULTILINE)]
    return bool(bound) and all(at < there.span.start for at in bound)
