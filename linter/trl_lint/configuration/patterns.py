"""File patterns as ruff reads them in `exclude`, `include` and `per-file-ignores`."""

# ruff: noqa: PTH117

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

_WILD = regex(r"[*?\[]")


def translate(pattern: str) -> str:
    """The regular expression of a glob: `*` and `?` cross folders, as ruff's do; `**/` also matches no folder."""
    out, i = [], 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out.append("(?:.*/)?")
            i += 3
            continue
        char = pattern[i]
        i += 1
        if char == "*":
            if not out or out[-1] != ".*":
                out.append(".*")
        elif char == "?":
            out.append(".")
        elif char == "[" and (end := pattern.find("]", i + 1)) > 0:
            body = pattern[i:end].replace("\\", r"\\").replace("[", r"\[")
            out.append(f"[^{body[1:]}]" if body[0] in "!^" else f"[{body}]")
            i = end + 1
        else:
            out.append(re.escape(char))
    return "".join(out)


def _compile(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{translate(pattern)})" for pattern in patterns)
    return re.compile(joined, re.DOTALL) if joined else None


@dataclass(frozen=True)
class PatternSet:
    """Patterns of one configuration file, compiled.

    A pattern matches a base name (`build`, `*.py`), or a whole path relative to the configuration's folder.
    The patterns have passed `pattern_problem`.
    """

    names: frozenset[str]
    name_regex: re.Pattern[str] | None
    path_regex: re.Pattern[str] | None

    @classmethod
    def of(cls, patterns: tuple[str, ...], root: str) -> PatternSet:
        """The compiled set; equal arguments give the same object."""
        return _pattern_set(patterns, root)

    def matches(self, path: str, name: str) -> bool:
        """Whether the absolute `path`, whose last part is `name`, is meant."""
        if name in self.names:
            return True
        if self.name_regex is not None and self.name_regex.fullmatch(name):
            return True
        return self.path_regex is not None and self.path_regex.fullmatch(_posix(path)) is not None


@functools.lru_cache(maxsize=256)
def _pattern_set(patterns: tuple[str, ...], root: str) -> PatternSet:
    base = _posix(root).rstrip("/")
    names, wild, paths = set(), [], []
    for pattern in patterns:
        text = _posix(pattern).rstrip("/").removeprefix("./")
        if "/" in text:
            paths.append(text if os.path.isabs(pattern) else f"{_literal(base)}/{text}")
        elif _WILD.search(text):
            wild.append(text)
        else:
            names.add(text)
    return PatternSet(frozenset(names), _compile(wild), _compile(paths))


def pattern_problem(patterns: Iterable[str]) -> str | None:
    """What is wrong with the first of the patterns that is none."""
    for pattern in patterns:
        problem = _problem(pattern)
        if problem is not None:
            return f"holds {pattern!r}, which is no file pattern: {problem}"
    return None


def _problem(pattern: str) -> str | None:
    try:
        re.compile(translate(pattern))
    except re.error as problem:
        return str(problem)
    return None if pattern.strip() else "it is empty"


def _literal(path: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", path)


def _posix(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")
