"""What the tests of command lines share: launches in a form that is easy to compare."""

from __future__ import annotations

from pathlib import Path

from trl_lint.explain import words as in_words
from trl_lint.model.launch import Flags, Launch, Word, flags
from trl_lint.model.source import Kind, Source
from trl_lint.shell.front import launches

FOLDER = Path("/project/scripts")


def read(text: str, kind: Kind = Kind.SHELL, shown: str = "run.sh") -> tuple[Launch, ...]:
    """The launches of a file with this text."""
    return launches(Source(shown, kind, text), FOLDER)


def one(text: str, kind: Kind = Kind.SHELL) -> Launch:
    """The only launch of this text."""
    (launch,) = read(text, kind)
    return launch


def shown(word: Word) -> str:
    """The value of a word as people read it, text without quotes."""
    return word.text if word.text is not None else in_words(word.value)


def options(launch: Launch) -> dict[str, list[str]]:
    """The options of a launch and the words behind them."""
    return {flag.name: [shown(word) for word in flag.words] for flag in found(launch).flags}


def found(launch: Launch) -> Flags:
    """The options and other words of a launch."""
    return flags(launch.words)
