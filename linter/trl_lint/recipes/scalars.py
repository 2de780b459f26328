"""What a plain YAML scalar is to PyYAML, with which TRL and transformers read their recipes.

The implicit types of YAML 1.1 as PyYAML's `SafeLoader` resolves them (https://yaml.org/type/): `on` and `yes` are
booleans, `010` is 8, `1:30` is 90, and `1e-5` is a string because an exponent needs a point and a sign.
"""

from __future__ import annotations

from collections.abc import Callable

from trl_lint.lazy import regex
from trl_lint.model.value import Known, Unknown

_TRUE = frozenset(form for word in ("yes", "true", "on") for form in (word, word.title(), word.upper()))
_FALSE = frozenset(form for word in ("no", "false", "off") for form in (word, word.title(), word.upper()))
_NULL = frozenset({"", "~", "null", "Null", "NULL"})

_BASE = r"(?P<base>[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+))"
_INT = regex(rf"{_BASE}|[-+]?(?:0|[1-9][0-9_]*)|(?P<sixty>[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)")
_FLOAT = regex(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|(?P<sixty>[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)"
    r"|(?P<word>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_DATE = regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_LONGEST_NUMBER = 300  # no setting is longer, and sexagesimal numbers cost the square of their length


def plain(text: str) -> Known | Unknown:
    """The value of an unquoted scalar."""
    if text in _NULL:
        return Known(None)
    if text in _TRUE or text in _FALSE:
        return Known(text in _TRUE)
    if text[0] in "-+0123456789.":
        return _number(text)
    if text in ("=", "<<"):
        return Unknown(f"`{text}`, which has a meaning of its own in YAML 1.1")
    return Known(text)


def tagged(tag: str, text: str) -> Known | Unknown:
    """The value of a scalar with an explicit tag (`!!float 1e-5`)."""
    convert = _TAGS.get(tag)
    if convert is None:
        return Unknown(f"the YAML tag `{tag}`")
    try:
        return convert(text)
    except (ValueError, OverflowError):
        return Unknown(f"`{text[:40]}`, which does not fit its YAML tag")


def _number(text: str) -> Known | Unknown:
    float_match, int_match = _FLOAT.fullmatch(text), _INT.fullmatch(text)
    if (float_match or int_match) and len(text) > _LONGEST_NUMBER:
        return Unknown("a number of more than 300 characters")
    try:
        if float_match is not None:
            return _float(text)
        if int_match is not None:
            return _int(text)
    except (ValueError, OverflowError):
        return Unknown(f"`{text}`, which PyYAML takes for a number and cannot read")
    return Unknown("a date") if _DATE.fullmatch(text) else Known(text)


def _int(text: str) -> Known:
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits[1:] if digits[:1] in ("-", "+") else digits
    if digits == "0":
        return Known(0)
    if digits.startswith(("0b", "0x")):
        return Known(sign * int(digits[2:], 2 if digits[1] == "b" else 16))
    if digits.startswith("0"):
        return Known(sign * int(digits, 8))
    if ":" in digits:
        return Known(sign * int(_sixty([int(part) for part in digits.split(":")])))
    return Known(sign * int(digits))


def _float(text: str) -> Known:
    digits = text.replace("_", "").lower()
    sign = -1.0 if digits.startswith("-") else 1.0
    digits = digits[1:] if digits[:1] in ("-", "+") else digits
    if digits in (".inf", ".nan"):
        return Known(sign * float(digits[1:]))
    if ":" in digits:
        return Known(sign * float(_sixty([float(part) for part in digits.split(":")])))
    return Known(sign * float(digits))


def _sixty(parts: list[int] | list[float]) -> float:
    total: float = 0
    for part in parts:
        total = total * 60 + part
    return total


def _bool(text: str) -> Known:
    word = text.lower()
    if word not in ("yes", "no", "true", "false", "on", "off"):
        raise ValueError(text)
    return Known(word in ("yes", "true", "on"))


_TAGS: dict[str, Callable[[str], Known]] = {
    "tag:yaml.org,2002:str": Known,
    "tag:yaml.org,2002:int": _int,
    "tag:yaml.org,2002:float": _float,
    "tag:yaml.org,2002:bool": _bool,
    "tag:yaml.org,2002:null": lambda _: Known(None),
}
