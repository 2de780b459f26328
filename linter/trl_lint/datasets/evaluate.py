"""From the symbolic value of `train_dataset=` to the data set: the chain of calls, innermost first.

Chains may be long and may share parts, so they are walked with a stack of our own and every object is looked
at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from trl_lint.dataclass import replace
from trl_lint.datasets.construction import construct
from trl_lint.datasets.context import Context, TextOf
from trl_lint.datasets.frame import (
    Frame,
    Names,
    Other,
    Result,
    Splits,
    container,
    either,
    to_data_set,
    unknown,
    with_span,
)
from trl_lint.datasets.kinds import GAP
from trl_lint.datasets.literals import Arguments, is_subscript, parse_key, subscript_key
from trl_lint.datasets.operations import Listed, Surroundings, apply, column_names
from trl_lint.model.data import DataSet
from trl_lint.model.value import Instance, Items, Known, Mutation, OneOf, Symbol, Table, Unknown, Value, options

_MAX_OBJECTS = 2_000
_MAX_WIDTH = 200  # alternatives or items looked at in one value
_IN_PLACE = frozenset({"set_format", "set_transform"})
_REPLACING = frozenset({"update", "pop", "popitem", "clear", "setdefault"})
_WRAPPERS = frozenset({"list", "sorted", "set", "tuple", "builtins.list", "builtins.sorted", "builtins.set"})


def understand(
    value: Value,
    folder: Path,
    *,
    text_of: TextOf | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> DataSet:
    """See `trl_lint.datasets.understand`."""
    try:
        here = Path.cwd() if cwd is None else cwd
    except OSError:  # the working directory was removed
        here = folder
    context = Context(
        roots=tuple(dict.fromkeys((folder, here))),
        text_of=text_of or (lambda _: None),
        env=os.environ if env is None else env,
    )
    if not isinstance(value, Known | Unknown | OneOf):
        return DataSet(reason="it is no value")
    result = _Walk(context).run(value)
    return replace(to_data_set(result), container="None") if result is _NONE else to_data_set(result)


_NONE = Other("it is None")


class _Walk:
    """One evaluation: what every object of the chain stands for, by its identity in memory."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._done: dict[int, Result] = {}

    def run(self, value: Value) -> Result:
        pending = list(_instances(value))
        begun: set[int] = set()
        while pending:
            if len(begun) > _MAX_OBJECTS:
                return Other("the chain of calls is too long")
            instance = pending[-1]
            if id(instance) in self._done:
                pending.pop()
            elif id(instance) in begun:
                self._done[id(instance)] = self._evaluate(instance)
                pending.pop()
            else:
                begun.add(id(instance))
                pending.extend(needed for needed in _needed(instance) if id(needed) not in self._done)
        return self.result(value)

    def result(self, value: Value) -> Result:
        """What a value stands for, once its instances have been evaluated."""
        if isinstance(value, OneOf):
            return _one_of([self.result(option.value) for option in value.options[:_MAX_WIDTH]])
        if isinstance(value, Unknown):
            return Other(value.reason)
        found = value.value
        if isinstance(found, Instance):
            return self._done.get(id(found), Other("the chain of calls is too long"))
        if isinstance(found, Items):
            return Other("it is a list, not a data set", "list")
        if isinstance(found, Table):
            return Other("it is a dict, not a data set", "dict")
        if isinstance(found, Symbol):
            return Other(f"`{found.name}` is not a data set that is understood")
        return _NONE if found is None else Other(f"it is a value of type {type(found).__name__}")

    def _evaluate(self, instance: Instance) -> Result:
        if instance.receiver is None:
            result = construct(instance, self.result, self._context)
        else:
            result = self._of_receiver(instance, self.result(instance.receiver))
        if result is not _NONE:
            result = with_span(result, instance.span)
        for mutation in instance.mutations:
            result = self._mutated(result, mutation)
        return result

    def _of_receiver(self, instance: Instance, receiver: Result) -> Result:
        if is_subscript(instance):
            return _item(receiver, subscript_key(instance))
        method = instance.callee.lstrip(".")
        if instance.call is None:
            named = method in ("column_names", "features")
            return Names(receiver) if named and isinstance(receiver, Frame | Splits) else _lost(receiver)
        if isinstance(receiver, Names):
            return receiver if method in ("keys", "copy") else _lost(receiver)
        if method in ("copy", "deepcopy"):
            return receiver
        return self._called(instance, method, receiver)

    def _called(self, instance: Instance, method: str, receiver: Result) -> Result:
        arguments = Arguments(instance.call)
        if isinstance(receiver, Frame):
            around = Surroundings(lambda value: self._listed(value, receiver, instance.receiver), self._context.text_of)
            return apply(receiver, method, arguments, around)
        if isinstance(receiver, Splits):
            return self._each(instance, method, receiver, arguments)
        return _lost(receiver)

    def _each(self, instance: Instance, method: str, splits: Splits, arguments: Arguments) -> Result:
        """A method of a dictionary of tables is applied to each of them."""

        def change(frame: Frame) -> Frame:
            around = Surroundings(lambda value: self._listed(value, frame, instance.receiver), self._context.text_of)
            made = apply(frame, method, arguments, around)
            return made if isinstance(made, Frame) else unknown(frame, f"what `{method}(...)` returns is not known")

        if method in ("values", "items", "keys", "get", "pop"):
            return (
                _item(splits, arguments.plain("key", 0, GAP))
                if method in ("get", "pop")
                else Other("it is no data set")
            )
        frames = {name: change(frame) for name, frame in splits.frames.items()}
        return replace(splits, frames=frames, rest=change(splits.rest) if splits.rest else None)

    def _listed(self, value: Value | None, frame: Frame, receiver: Value | None) -> Listed:
        """An argument that names columns; `dataset.column_names` of the same table names every one."""
        if not isinstance(value, Known) or not isinstance(value.value, Instance | Items):
            return column_names(value)
        if isinstance(value.value, Items):
            return column_names(value)
        named = value.value
        found = self.result(value)
        if not isinstance(found, Names):
            return Listed()
        table = found.of.rest or _same_columns(found.of) if isinstance(found.of, Splits) else found.of
        if table is None:
            return Listed()
        if table is frame or _is_part(_root(named), receiver):
            return Listed(every=True)
        return Listed() if table.columns is None else Listed(tuple(table.columns))

    def _mutated(self, result: Result, mutation: Mutation) -> Result:
        """Tables change in place by their format alone; dictionaries of them by their items too."""
        name = mutation.name.lstrip(".")
        if mutation.kind == "call" and name in _IN_PLACE and mutation.call is not None:
            if isinstance(result, Frame):
                return self._formatted(result, name, Arguments(mutation.call))
            if isinstance(result, Splits):
                frames = {key: self._formatted(f, name, Arguments(mutation.call)) for key, f in result.frames.items()}
                rest = self._formatted(result.rest, name, Arguments(mutation.call)) if result.rest else None
                return replace(result, frames=frames, rest=rest)
        if isinstance(result, Splits):
            if mutation.kind == "call" and name in _REPLACING:
                return Other(f"`{name}(...)` changes its splits")
            if mutation.kind == "set":
                return self._assigned(result, mutation)
        return result

    def _formatted(self, frame: Frame, name: str, arguments: Arguments) -> Frame:
        around = Surroundings(lambda value: self._listed(value, frame, None), self._context.text_of)
        made = apply(frame, name, arguments, around)
        return made if isinstance(made, Frame) else frame

    def _assigned(self, splits: Splits, mutation: Mutation) -> Result:
        key = parse_key(mutation.name)
        made = self.result(mutation.value)
        if not isinstance(key, str) or mutation.optional:
            return Other("its splits are changed")
        frame = made if isinstance(made, Frame) else Frame(None, _why(made), container(splits.streaming))
        return replace(splits, frames={**splits.frames, key: frame})


def _instances(value: Value) -> Iterator[Instance]:
    """The objects that a value holds directly, in a list, or in a dict."""
    for option in options(value)[:_MAX_WIDTH]:
        if isinstance(option.value, Unknown):
            continue
        found = option.value.value
        if isinstance(found, Instance):
            yield found
        elif isinstance(found, Items):
            yield from _directly(found.items)
        elif isinstance(found, Table):
            yield from _directly(tuple(entry.value for entry in found.entries))


def _directly(values: tuple[Value, ...]) -> Iterator[Instance]:
    for value in values[:_MAX_WIDTH]:
        for option in options(value)[:_MAX_WIDTH]:
            if isinstance(option.value, Known) and isinstance(option.value.value, Instance):
                yield option.value.value


def _needed(instance: Instance) -> Iterator[Instance]:
    """The objects from which this one was made."""
    if instance.receiver is not None:
        yield from _instances(instance.receiver)
    if instance.call is not None:
        for argument in instance.call.arguments:
            yield from _instances(argument.value)
    for mutation in instance.mutations:
        yield from _instances(mutation.value)


def _one_of(results: list[Result]) -> Result:
    frames = [result for result in results if isinstance(result, Frame)]
    if frames and len(frames) == len(results):
        return either(frames)
    if len(results) == 1:
        return results[0]
    first = results[0] if results else None
    if isinstance(first, Splits) and all(isinstance(r, Splits) and set(r.frames) == set(first.frames) for r in results):
        splits = [result for result in results if isinstance(result, Splits)]
        rests = [s.rest for s in splits if s.rest is not None]
        frames_by_name = {name: either([s.frames[name] for s in splits]) for name in first.frames}
        rest = either(rests) if len(rests) == len(splits) else None
        return replace(first, frames=frames_by_name, rest=rest)
    return Other("one of several data sets")


def _item(result: Result, key: object) -> Result:
    """`result[key]`."""
    table = result.of if isinstance(result, Names) else result
    if isinstance(table, Splits):
        if key is GAP or not isinstance(key, str):
            same = either(table.each()) if table.each() else Frame(None, "it has no splits")
            return Names(same) if isinstance(result, Names) else replace(same, rows=(), head=0, total=None)
        reason = f"there is no split `{key}` among {', '.join(table.frames) or 'none'}"
        frame = table.frames.get(key, table.rest) or Frame(None, reason, container(table.streaming))
        return Names(frame) if isinstance(result, Names) else frame
    if isinstance(result, Frame):
        return Other(result.reason if result.container == "unknown" else "it is a part of a data set, not a data set")
    return _lost(result)


def _lost(result: Result) -> Other:
    """A part of something, or what its methods give: what kind of thing that is, is not known."""
    if isinstance(result, Other) and result is not _NONE:
        return replace(result, container="unknown")
    return Other(_why(result))


def _why(result: Result) -> str:
    return result.reason if isinstance(result, Other | Frame) and result.reason else "it is not a data set"


def _same_columns(splits: Splits) -> Frame | None:
    return either(splits.each()) if splits.each() else None


def _root(instance: Instance) -> Value | None:
    """What `.column_names` was read from, past `list(...)`, subscripts and the like."""
    found: Instance = instance
    for _ in range(8):
        if found.callee in (".column_names", ".features"):
            return found.receiver
        inner = found.receiver
        if inner is None and found.call is not None and found.call.arguments:
            inner = found.call.arguments[0].value
        if not isinstance(inner, Known) or not isinstance(inner.value, Instance):
            return None
        found = inner.value
    return None


def _is_part(value: Value | None, whole: Value | None) -> bool:
    """Whether both come from the same object, `value` by the same subscripts as `whole` or by further ones."""
    base, keys = _address(value)
    other, others = _address(whole)
    return base is not None and base == other and keys[: len(others)] == others


def _address(value: Value | None) -> tuple[int | None, list[str]]:
    """The object that was subscripted, and the subscripts in order."""
    keys: list[str] = []
    while isinstance(value, Known) and isinstance(value.value, Instance):
        if not is_subscript(value.value):
            return value.value.ident, keys[::-1]
        keys.append(value.value.callee)
        value = value.value.receiver
    return None, keys
