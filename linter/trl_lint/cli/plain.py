"""The command line of a commit hook, `trl-lint check PATH ...`, without `argparse`: making it costs milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import argparse

# What `arguments.parser` gives where no flag is given; a test compares the two.
_DEFAULTS = {
    "add_ignore": None,
    "affected": False,
    "baseline": None,
    "cache_dir": None,
    "config": None,
    "diff": False,
    "exclude": None,
    "exit_zero": False,
    "extend_exclude": None,
    "extend_select": None,
    "facts_from": None,
    "fix": False,
    "fixable": None,
    "force_exclude": None,
    "ignore": None,
    "isolated": False,
    "jobs": None,
    "markdown": None,
    "min_confidence": None,
    "no_cache": False,
    "online": None,
    "output_format": None,
    "quiet": False,
    "respect_gitignore": None,
    "select": None,
    "statistics": False,
    "stdin_filename": None,
    "target_transformers": None,
    "target_trl": None,
    "unfixable": None,
    "unsafe_fixes": None,
    "version": False,
    "watch": False,
}
_SWITCHES = {"--affected": "affected", "--fix": "fix", "--diff": "diff", "--quiet": "quiet", "-q": "quiet"}


def plain(words: Sequence[str]) -> argparse.Namespace | None:
    """The arguments of a check with paths and switches alone; None where there is anything else to understand."""
    if not words or words[0] != "check":
        return None
    given: dict[str, object] = {}
    paths = []
    for word in words[1:]:
        if word in _SWITCHES:
            given[_SWITCHES[word]] = True
        elif word.startswith("-"):
            return None
        else:
            paths.append(word)
    return cast("argparse.Namespace", SimpleNamespace(**{**_DEFAULTS, **given}, command="check", paths=paths))
