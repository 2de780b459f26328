"""The part of `dataclasses` that trl-lint uses, made at a fiftieth of the cost.

`dataclasses.dataclass` compiles six methods for each class when the class is made, which takes 0.3 to 0.4 ms, and
importing it imports `inspect`. A check makes some two hundred classes before it has read a line, and instances of
less than half of them. Here `__init__` is compiled when the first instance is made, and the other methods are closures.

Type checkers see the originals, and so do `dataclasses.fields`, `replace` and the like. One thing is left to type
checkers alone: nothing stops an assignment to a field of a frozen instance at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

_MISSING: Any = object()


class _Field:
    """What `field` was given."""

    __slots__ = ("compare", "default", "factory")

    def __init__(self, default: Any, factory: Any, compare: bool) -> None:
        self.default, self.factory, self.compare = default, factory, compare


def _field(*, default: Any = _MISSING, default_factory: Any = _MISSING, compare: bool = True) -> Any:
    """See `dataclasses.field`."""
    return _Field(default, default_factory, compare)


def _dataclass(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Any:
    """See `dataclasses.dataclass`. The module must begin with `from __future__ import annotations`."""
    if cls is None:
        return lambda decorated: _dataclass(decorated, frozen=frozen, slots=slots, eq=eq, order=order)
    own = {name: cls.__dict__.get(name, _MISSING) for name in _names(cls)}
    if slots:
        cls = _with_slots(cls, own)
    fields: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        fields.update(base.__dict__.get("_fields_of_record", {}))
    for name, default in own.items():
        fields[name] = default if isinstance(default, _Field) else _Field(default, _MISSING, True)
        if isinstance(default, _Field) and not slots:
            delattr(cls, name)
    cls._fields_of_record = fields
    cls.__dataclass_fields__ = _FieldsOfOriginal()
    setattr(cls, "__match_args__", tuple(fields))  # noqa: B010 (mypy refuses the plain assignment)
    _give_methods(cls, fields, frozen, eq, order)
    return cls


def _replace(instance: Any, /, **changes: Any) -> Any:
    """See `dataclasses.replace`."""
    for name in instance._fields_of_record:
        if name not in changes:
            changes[name] = getattr(instance, name)
    return type(instance)(**changes)


class _FieldsOfOriginal:
    """The fields as `dataclasses` keeps them, for its functions: made when they are asked for."""

    def __get__(self, _instance: object, cls: Any) -> Any:
        import dataclasses  # noqa: TID251

        def same(each: _Field) -> Any:
            if each.factory is not _MISSING:
                return dataclasses.field(default_factory=each.factory, compare=each.compare)
            if each.default is not _MISSING:
                return dataclasses.field(default=each.default, compare=each.compare)
            return dataclasses.field(compare=each.compare)

        fields = [(name, Any, same(each)) for name, each in cls._fields_of_record.items()]
        original: Any = dataclasses.make_dataclass(cls.__name__, fields)
        return original.__dataclass_fields__


def _names(cls: Any) -> list[str]:
    """The fields that the class itself declares."""
    return [name for name, annotation in cls.__annotations__.items() if not annotation.startswith("ClassVar")]


def _with_slots(cls: Any, own: dict[str, Any]) -> Any:
    """The class again, with slots: a class that exists cannot be given any."""
    dropped = {*own, "__dict__", "__weakref__"}
    namespace = {name: value for name, value in cls.__dict__.items() if name not in dropped}
    namespace["__slots__"] = tuple(own)
    namespace["__qualname__"] = cls.__qualname__
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def _give_methods(cls: Any, fields: dict[str, _Field], frozen: bool, eq: bool, order: bool) -> None:
    given = cls.__dict__
    if "__init__" not in given:
        cls.__init__ = _first_init(cls)
    if "__repr__" not in given:
        cls.__repr__ = _repr
    if not eq:
        return
    values = _values(tuple(name for name, each in fields.items() if each.compare))
    if "__eq__" not in given:
        cls.__eq__ = _eq(values)
    if "__hash__" not in given or given["__hash__"] is None:
        cls.__hash__ = (lambda self: hash(values(self))) if frozen else None
    if order:
        cls.__lt__ = lambda self, other: values(self) < values(other)


def _first_init(cls: Any) -> Callable[..., None]:
    """An `__init__` that puts the compiled one in its place."""

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        cls.__init__ = compiled = _compiled_init(cls)
        compiled(self, *args, **kwargs)

    return first


def _compiled_init(cls: Any) -> Callable[..., None]:
    parameters, lines = ["self"], []
    names: dict[str, Any] = {"_MISSING": _MISSING}
    for name, each in cls._fields_of_record.items():
        value = name
        if each.factory is not _MISSING:
            names[f"_make_{name}"] = each.factory
            parameters.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        elif each.default is not _MISSING:
            names[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f"    self.{name} = {value}\n")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()\n")
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(lines) or '    pass'}", names)
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these fields."""
    if len(names) > 1:
        return attrgetter(*names)
    if names:
        (only,) = names
        return lambda instance: (getattr(instance, only),)
    return lambda _instance: ()


def _eq(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        if self is other:
            return True
        return values(self) == values(other) if self.__class__ is other.__class__ else NotImplemented

    return equal


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields_of_record)
    return f"{type(self).__qualname__}({shown})"


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace  # noqa: TID251
else:
    dataclass, field, replace = _dataclass, _field, _replace

__all__ = ["dataclass", "field", "replace"]
