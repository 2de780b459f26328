"""From the flags of a `trl` command to settings, each value read as TRL's parser reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from trl_lint.dataclass import replace
from trl_lint.model.launch import Flag, Flags, Word
from trl_lint.model.run import Origin, Setting
from trl_lint.model.span import Span
from trl_lint.model.value import Entry, Items, Known, OneOf, Option, Scalar, Table, Unknown, Value

_TRUE = frozenset({"yes", "true", "t", "y", "1"})
_FALSE = frozenset({"no", "false", "f", "n", "0"})
_MOST_JSON = 100_000
_LIST = "list of "


def settings_of(flags: Flags, fields: Mapping[str, str], path: str) -> dict[str, Setting]:
    """The settings that the flags of a command line in the file `path` give, by the name of the field; of a repeated
    one the last. A name that no field has is kept as it is written, with underscores."""
    found: dict[str, Setting] = {}
    for flag in flags.flags:
        if not flag.name.startswith("--") or len(flag.name) < 3:
            continue
        name, negated = field_of(flag.name, fields)
        setting = _setting(name, flag, fields.get(name), negated, path)
        before = found.pop(name, None)
        if flag.when and before is not None:
            # Either value may hold; claiming one of them would be a guess.
            setting = replace(before, value=Unknown(f"`{flag.name}` is given on some paths"), optional=False)
        found[name] = setting
    return found


def field_of(option: str, fields: Mapping[str, str]) -> tuple[str, bool]:
    """The field that an option means, and whether it is its negative form (`--no_packing`).

    The parsers take dashes for underscores, and any beginning that only one field has.
    """
    name = option[2:].replace("-", "_")
    if name in fields:
        return name, False
    if name.startswith("no_") and fields.get(name[3:], "").startswith("bool"):
        return name[3:], True
    begun = [each for each in fields if each.startswith(name)]
    return (begun[0], False) if len(begun) == 1 else (name, False)


def _setting(name: str, flag: Flag, kind: str | None, negated: bool, path: str) -> Setting:
    words = flag.words
    value_span = flag.span
    if words:
        first, last = words[0].span, words[-1].span
        value_span = Span(path, first.start, last.end) if last.end >= first.start else first
    value = Known(False) if negated and not words else _value(words, kind or "other", flag)
    return Setting(name, value, flag.span, value_span, Origin.FLAG, bool(flag.when))


def _value(words: Sequence[Word], kind: str, flag: Flag) -> Value:
    if kind.startswith(_LIST):
        if any(word.many for word in words):
            return Known(Items("list", (), next(_reason(word) for word in words if word.many)))
        return Known(Items("list", tuple(convert(word.value, kind.removeprefix(_LIST)) for word in words)))
    if not words:
        return Known(True) if kind == "bool" else Unknown(f"`{flag.name}` stands without a value")
    if len(words) > 1:
        return Unknown(f"`{flag.name}` stands with several values")
    return convert(words[0].value, kind)


def _reason(word: Word) -> str:
    return word.value.reason if isinstance(word.value, Unknown) else "a word that may be several"


def convert(value: Value, kind: str) -> Value:
    """A word as the parser gives it to a field of this kind; unknown where it refuses the word."""
    if isinstance(value, OneOf):
        options = tuple(Option(_one(option.value, kind), option.when) for option in value.options)
        return OneOf(options, value.trail)
    return _one(value, kind)


def _one(value: Known | Unknown, kind: str) -> Known | Unknown:
    if isinstance(value, Unknown) or not isinstance(value.value, str):
        return value
    text = value.value
    try:
        if kind.startswith("bool"):
            if text.lower() not in _TRUE | _FALSE:
                raise ValueError(text)
            return Known(text.lower() in _TRUE, value.trail)
        if kind == "int":
            return Known(_number(text, int), value.trail)
        if kind == "float":
            return Known(_number(text, float), value.trail)
    except ValueError:
        return Unknown(f"`{text[:40]}`, which the parser does not take for `{kind.partition(' ')[0]}`", value.trail)
    if kind == "dict":
        return _table(text, value)
    return value if kind == "str" else Unknown(f"how the parser reads `{text[:40]}`", value.trail)


def _number(text: str, kind: type[int] | type[float]) -> int | float:
    if len(text) > 300:
        raise ValueError(text)
    return kind(text)


def _table(text: str, value: Known) -> Known | Unknown:
    if not text.lstrip().startswith("{"):
        return value
    if len(text) > _MOST_JSON:
        return Unknown("a JSON text that is longer than what is read", value.trail)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return Unknown("a JSON text that cannot be read", value.trail)
    return Known(_frozen(read), value.trail)


def _frozen(data: object, depth: int = 0) -> Scalar | Items | Table:
    if depth > 20:
        return None
    if isinstance(data, dict):
        nowhere = Span("", 0, 0)
        return Table(tuple(Entry(key, Known(_frozen(each, depth + 1)), nowhere) for key, each in data.items()))
    if isinstance(data, list):
        return Items("list", tuple(Known(_frozen(each, depth + 1)) for each in data))
    return data if isinstance(data, (str, int, float, bool)) else None
