"""Fields of config classes: TRL's own, with those of the targeted transformers release mixed in, and PEFT's."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from trl_lint.model.release import Release
from trl_lint_rules.facts import naming, store

MAIN = "main"
_TRAINING_ARGUMENTS = "TrainingArguments"


class Source:
    """A default that is no literal, as its source text (`AcceleratorConfig()`)."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.text == other.text

    def __hash__(self) -> int:
        return hash((Source, self.text))

    def __repr__(self) -> str:
        return f"Source({self.text!r})"


class Missing(enum.Enum):
    """The default of a field or parameter that has none."""

    REQUIRED = "required"


REQUIRED = Missing.REQUIRED

Default: TypeAlias = "Any"  # a Python literal, a Source, or REQUIRED


_NOTHING: Mapping[str, str] = {}


class Field(NamedTuple):  # a dataclass costs a millisecond at import; every linted file would pay it
    """One field of a config class, as it is in one span of releases of `package`.

    `since` and `until` are the first and last release that has it without a break (None: the newest known still
    has it); in `class_timeline` those of this very default, choices and deprecation. `choices` are the values
    that the class or its command line names. `deprecated_since` is the first release that warns when the field
    is set, `note` its words; `deprecated_values` maps a value that warns to the words. `factory` says that the
    default is made anew each time.
    """

    name: str
    default: Default
    choices: tuple[Any, ...] | None
    since: Release
    until: Release | None
    deprecated_since: Release | None = None
    note: str = ""
    package: str = "trl"
    annotation: str = ""
    deprecated_values: Mapping[str, str] = _NOTHING
    factory: bool = False


def decode(data: Any) -> Default:
    """The default that the facts hold as `data`."""
    if isinstance(data, dict):
        if "src" in data:
            return Source(data["src"])
        if "req" in data:
            return REQUIRED
        if "lit" in data:
            import ast

            return ast.literal_eval(data["lit"])
    return data


def config_fields(
    cls: str, trl: Release, transformers: Release, module: str | None = None
) -> Mapping[str, Field] | None:
    """The parameters of a config class of TRL, in the order of its `__init__`.

    `module` is where the code imports it from (None: `trl`). None: this release has no such config class there.
    """
    where = module or "trl"
    if cls not in (naming.names(where, trl) or ()):
        return None
    return _config_fields(cls, store.index("trl", trl), store.index("transformers", transformers), where)


@lru_cache(maxsize=256)
def _config_fields(cls: str, trl: int, transformers: int, module: str) -> Mapping[str, Field] | None:
    group = group_at("trl/configs", cls, trl, module)
    if group is None:
        return None
    own = dict(_fields("trl", group, trl))
    if not (store.value_at(group[""], trl) or {}).get("b"):
        return own
    return {**_arguments(transformers), **own}


def group_at(folder: str, cls: str, place: int, module: str) -> Mapping[str, store.Spans] | None:
    """The group of a class file that a class imported from `module` has in the release with this index."""
    groups = store.of_class(folder, cls)
    for group in groups.values():
        about = store.value_at(group[""], place)
        if about is not None and module in about.get("m", ()):
            return group
    main = groups.get(MAIN)
    return main if main is not None and store.span_at(main[""], place) else None


def _fields(package: str, group: Mapping[str, store.Spans], place: int) -> Iterator[tuple[str, Field]]:
    for name in store.keys_at(group, place):
        spans = group[name]
        span = store.span_at(spans, place)
        if span is None or span[2].get("n"):
            continue
        whole = store.presence_at(spans, place)
        yield name, _field(package, name, spans, span, whole)


def _field(package: str, name: str, spans: store.Spans, span: list[Any], whole: list[Any]) -> Field:
    record = span[2]
    since, until = store.bounds(package, whole)
    deprecated = None
    if "x" in record:
        warned = [s for s in spans if s[0] <= span[0] and "x" in s[2]]
        deprecated = store.bounds(package, warned[0])[0]
    allowed = record.get("c")
    return Field(
        name=name,
        default=decode(record["d"]),
        choices=None if allowed is None else tuple(decode(item) for item in allowed),
        since=since,
        until=until,
        deprecated_since=deprecated,
        note=record.get("x", ""),
        package=package,
        annotation=record.get("t", ""),
        deprecated_values=record.get("v", {}),
        factory="f" in record,
    )


def class_timeline(cls: str, package: str = "trl") -> Mapping[str, tuple[Field, ...]]:
    """Every field that a class ever had itself (not through TrainingArguments), with each of its spans.

    A new default, choice or deprecation begins a new span. Empty for a class that never was.
    `package`: `trl`, `peft`, or `transformers` for `TrainingArguments`.
    """
    group = _timeline_group(cls, package)
    return {
        name: tuple(_field(package, name, spans, span, span) for span in spans)
        for name, spans in group.items()
        if name not in ("", store.ORDER)
    }


def _timeline_group(cls: str, package: str) -> Mapping[str, store.Spans]:
    if package == "transformers":
        return store.load("transformers/arguments.json").get(cls, {})
    return store.of_class(f"{package}/configs", cls).get(MAIN, {})


def annotated(cls: str, package: str = "trl") -> Mapping[str, str]:
    """How each field that a class ever had itself is annotated, as the newest release that has it says."""
    group = _timeline_group(cls, package)
    return {name: spans[-1][2].get("t", "") for name, spans in group.items() if name not in ("", store.ORDER)}


def presence(cls: str, name: str, package: str = "trl") -> tuple[tuple[Release, Release | None], ...]:
    """When a class had a field itself: first and last release of each stretch (None: to the newest known)."""
    spans = _timeline_group(cls, package).get(name, [])
    return tuple(store.bounds(package, span) for span in store.presence(spans))


@lru_cache(maxsize=64)
def _arguments(place: int) -> Mapping[str, Field]:
    group = store.load("transformers/arguments.json")[_TRAINING_ARGUMENTS]
    return dict(_fields("transformers", group, place))


def training_arguments(transformers: Release) -> Mapping[str, Field]:
    """The parameters of `transformers.TrainingArguments`, in the order of its `__init__`."""
    return _arguments(store.index("transformers", transformers))


def inherits_training_arguments(cls: str, trl: Release, module: str | None = None) -> bool:
    """Whether a config class of TRL takes the fields of `TrainingArguments` too."""
    place = store.index("trl", trl)
    group = group_at("trl/configs", cls, place, module or "trl")
    return group is not None and bool((store.value_at(group[""], place) or {}).get("b"))


def peft_config(cls: str, peft: Release) -> Mapping[str, Field] | None:
    """The parameters of a config class of PEFT, in the order of its `__init__`. None: it has no such class."""
    place = store.index("peft", peft)
    group = group_at("peft/configs", cls, place, "peft")
    return None if group is None else dict(_fields("peft", group, place))


def lora_config(peft: Release) -> Mapping[str, Field]:
    """The parameters of `peft.LoraConfig`, in the order of its `__init__`."""
    return peft_config("LoraConfig", peft) or {}
