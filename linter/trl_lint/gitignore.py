"""What the `.gitignore` files of a tree, and its `.git/info/exclude`, leave out."""

# os.path rather than pathlib: some of this is done for each of thousands of folders.
# ruff: noqa: PTH118, PTH120

from __future__ import annotations

import os
import re
from typing import Any

from trl_lint import disk
from trl_lint.dataclass import dataclass

_MOST_BYTES = 1 << 20
# A pattern with more wildcards than this is not used: matching it may take for ever, and no real one has them.
_MOST_WILDCARDS = 8


@dataclass(frozen=True)
class Rules:
    """The patterns of one ignore file, for paths relative to its folder."""

    any_regex: re.Pattern[str]
    patterns: tuple[tuple[bool, re.Pattern[str]], ...]  # (ignores rather than keeps, what), the last match counts

    def verdict(self, relative: str) -> bool | None:
        """Whether the path (a folder's ends with a slash) is ignored; None where no pattern speaks of it."""
        if self.any_regex.match(relative) is None:
            return None
        return next((ignores for ignores, regex in reversed(self.patterns) if regex.match(relative)), None)


@dataclass(frozen=True)
class Ignores:
    """The ignore files that hold for one folder: its own rules, then those of the folders above it."""

    folder: str
    rules: tuple[Rules, ...]  # of this folder; a later one counts first
    above: Ignores | None = None

    def ignored(self, path: str, is_folder: bool) -> bool:
        """Whether git would leave out this entry of the folder, or of a folder below that has no rules."""
        here: Ignores | None = self
        while here is not None:
            relative = path[len(here.folder.rstrip(os.sep)) + 1 :]
            relative = relative if os.sep == "/" else relative.replace(os.sep, "/")
            for rules in reversed(here.rules):
                verdict = rules.verdict(f"{relative}/" if is_folder else relative)
                if verdict is not None:
                    return verdict
            here = here.above
        return False


def read_rules(path: str) -> Rules | None:
    """The rules of an ignore file; None where it holds none or cannot be read."""
    try:
        text = disk.head(path, _MOST_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    lines = [line for line in lines if len(re.findall(r"\*+|\?+|\[", line)) <= _MOST_WILDCARDS]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    try:
        found: list[Any] = list(GitIgnoreSpec.from_lines(lines).patterns)
    except ValueError:
        found = [pattern for line in lines for pattern in _one(line)]
    patterns = tuple((bool(p.include), p.regex) for p in found if p.include is not None and p.regex is not None)
    if not patterns:
        return None
    # Almost no path is ignored: one look with all patterns at once answers for nearly every file.
    joined = "|".join(f"(?:{regex.pattern})" for _, regex in patterns)
    return Rules(re.compile(re.sub(r"\(\?P<\w+>", "(?:", joined)), patterns)


def _one(line: str) -> list[Any]:
    from pathspec import GitIgnoreSpec

    try:
        return list(GitIgnoreSpec.from_lines([line]).patterns)
    except ValueError:
        return []


def entering(above: Ignores | None, folder: str, names: set[str] | None = None) -> Ignores | None:
    """The ignores for entries of `folder`, given those of the folder above. `names`: what the folder holds."""
    rules = []
    if names is None or ".git" in names:
        rules.append(read_rules(os.path.join(folder, ".git", "info", "exclude")))
    if names is None or ".gitignore" in names:
        rules.append(read_rules(os.path.join(folder, ".gitignore")))
    own = tuple(rule for rule in rules if rule is not None)
    return Ignores(folder, own, above) if own else above


def above(folder: str, top: str) -> Ignores | None:
    """The ignores that hold for `folder` from the folders above it.

    They are those up to the repository's root; outside of a repository those up to `top`, if that is one of
    them. None where they leave out `folder` itself: whoever names an ignored folder wants it looked at.
    """
    path = [folder, *_parents(folder)]
    roots = [i for i, here in enumerate(path) if disk.lexists(os.path.join(here, ".git"))]
    last = roots[0] if roots else path.index(top) if top in path else 0
    found: Ignores | None = None
    for i in range(last, 0, -1):
        found = entering(found, path[i])
        if found is not None and found.ignored(path[i - 1], is_folder=True):
            return None
    return found


def _parents(folder: str) -> list[str]:
    found = []
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        found.append(folder)
    return found
