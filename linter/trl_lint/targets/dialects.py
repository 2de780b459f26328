"""Version constraints as Poetry and conda write them, in PEP 440 terms."""

from __future__ import annotations

import re

from trl_lint.lazy import regex

_CARET = regex(r"\^\s*v?(\d+(?:\.\d+)*)(\S*)")
_TILDE = regex(r"~(?!=)\s*v?(\d+(?:\.\d+)*)(\S*)")
_BARE = regex(r"v?\d+(?:\.\d+)*\S*")
_LONGEST = 1000
_STAR = regex(r"v?(\d+(?:\.\d+)*)\.\*")


def from_poetry(text: str) -> str:
    """The specifier of a Poetry constraint (`^0.20`, `~1.9`, `0.20.0`, `^0.20 || ^1.0`); `*` gives an empty one."""
    if len(text) > _LONGEST:
        return text
    alternatives = [_poetry_alternative(part) for part in re.split(r"\|\|?", text)]
    return "" if "" in alternatives else " || ".join(alternatives)


def from_conda(text: str) -> str:
    """The specifier of what follows the name in a conda match specification.

    `=0.20` is any 0.20 release, `=0.20.0=py_0` and `==0.20.0` that release; a build string says nothing here.
    """
    if len(text) > _LONGEST:
        return text
    text = text.strip().strip("'\"")
    bracket = re.fullmatch(r"\[.*?version\s*=\s*['\"]?([^'\"\]]+).*\]", text)
    text = bracket[1] if bracket else text
    alternatives = [_conda_alternative(part.strip()) for part in text.split("|") if part.strip()]
    return "" if "" in alternatives else " || ".join(alternatives)


def _poetry_alternative(text: str) -> str:
    parts = [part for part in re.split(r"\s*,\s*|(?<=[\w*])\s+(?=[\^~<>=!])", text.strip()) if part]
    return ",".join(part for part in map(_poetry_clause, parts) if part)


def _poetry_clause(text: str) -> str:
    if text == "*":
        return ""
    caret, tilde = _CARET.fullmatch(text), _TILDE.fullmatch(text)
    if caret:
        numbers = _numbers(caret[1])
        significant = next((i for i, number in enumerate(numbers) if number), len(numbers) - 1)
        return f">={caret[1]}{caret[2]},<{_raised(numbers[: significant + 1])}"
    if tilde:
        return f">={tilde[1]}{tilde[2]},<{_raised(_numbers(tilde[1])[:2])}"
    if re.fullmatch(r"=\s*[^=].*", text):
        return f"={text}"
    return f"=={text}" if _BARE.fullmatch(text) else text


def _conda_alternative(text: str) -> str:
    if not text or text == "*":
        return ""
    return ",".join(part for part in (_conda_clause(part.strip()) for part in text.split(",")) if part)


def _conda_clause(text: str) -> str:
    fuzzy = re.fullmatch(r"=\s*([^=\s]+)", text)
    if fuzzy:
        return f"=={fuzzy[1].removesuffix('.*').removesuffix('*')}.*"
    built = re.fullmatch(r"={0,2}\s*([^=\s<>!~]+)(?:=|\s+)\S+", text)
    if built:
        return f"=={built[1]}"
    star = _STAR.fullmatch(text)
    if star:
        return f"=={star[1]}.*"
    if text == "*":
        return ""
    return f"=={text}" if _BARE.fullmatch(text) else text


def _numbers(text: str) -> list[int]:
    return [int(part[:9]) for part in text.split(".")]


def _raised(numbers: list[int]) -> str:
    """The first version that is past the series `numbers`."""
    return ".".join(map(str, [*numbers[:-1], numbers[-1] + 1]))
