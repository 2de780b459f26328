"""`pip install` and its relatives in shell text: notebooks, scripts, Dockerfiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex
from trl_lint.model.span import Place

_TOKEN = regex(
    r"""(?P<space>\s+)|(?P<comment>\#.*)|(?P<end>&&|\|\||[;|&()])|"""
    r"""(?P<word>(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\;|&()])+)|(?P<other>.)"""
)
_QUOTED = regex(r""""((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)""")
_PIP = regex(r"(?:.*[/\\])?pip[\d.]*(?:\.exe)?")
_VALUED = frozenset(
    {
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix", "--root"),
        *("-p", "--python", "--python-version", "--platform", "--index", "--default-index", "--trusted-host"),
        *("--progress-bar", "--cache-dir", "--group", "--extra", "--torch-backend"),
    }
)
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, unquoted, and the line it stands on."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Install:
    """One thing that a command installs. `kind`: `requirement`, or `file` for `-r` and `-c`."""

    kind: str
    text: str
    place: Place
    upgrade: bool = False


def installs(lines: Iterable[tuple[str, Place]]) -> Iterator[Install]:
    """What the commands in `lines` install, in order. A backslash at a line's end continues the command."""
    for command in _commands(lines):
        yield from _installed(command)


def _commands(lines: Iterable[tuple[str, Place]]) -> Iterator[list[Word]]:
    words: list[Word] = []
    for text, place in lines:
        line = text[:_LONGEST].rstrip()
        continued = line.endswith("\\")
        if continued and line.lstrip().startswith("#"):  # as in a Dockerfile: a comment inside a continued command
            continue
        for match in _TOKEN.finditer(line[:-1] if continued else line):
            if match.lastgroup == "word":
                words.append(Word(_unquoted(match[0]), place))
            elif match.lastgroup == "end":
                yield words
                words = []
        if not continued and not (words and line.lstrip().startswith("#")):
            yield words
            words = []
    yield words


def _unquoted(word: str) -> str:
    return _QUOTED.sub(lambda match: next((part for part in match.groups() if part is not None), ""), word)


def _installed(words: list[Word]) -> Iterator[Install]:
    """The installations of one command."""
    texts = [word.text.lstrip("!%") for word in words]
    for index, text in enumerate(texts):
        rest = texts[index + 1 :]
        if _PIP.fullmatch(text) and "install" in rest:
            verb = rest.index("install")
            if all(item.startswith("-") for item in rest[:verb]):
                yield from _arguments(words[index + verb + 2 :])
            return
        if text == "uv" and rest[:1] == ["add"]:
            yield from _arguments(words[index + 2 :])
            return
        if text == "uvx" or (text == "uv" and rest[:1] in (["run"], ["tool"])):
            yield from _with(words[index + 1 :])
            return


def _arguments(words: list[Word]) -> Iterator[Install]:
    """The arguments of `pip install`."""
    upgrade = any(word.text in ("-U", "--upgrade") or re.fullmatch(r"-[qvU]*U[qvU]*", word.text) for word in words)
    index = 0
    while index < len(words):
        word = words[index]
        option, _, value = word.text.partition("=") if word.text.startswith("--") else (word.text, "", "")
        following = Word(value, word.place) if value else (words[index + 1] if index + 1 < len(words) else None)
        if option in ("-r", "--requirement", "--requirements", "-c", "--constraint", "-e", "--editable") and following:
            kind = "requirement" if option in ("-e", "--editable") else "file"
            yield Install(kind, following.text, following.place, upgrade)
            index += 1 if value else 2
        elif option in _VALUED:
            index += 1 if value else 2
        elif re.fullmatch(r"-[rc][^-].*", word.text):
            yield Install("file", word.text[2:], word.place, upgrade)
            index += 1
        else:
            if not option.startswith("-"):
                yield Install("requirement", word.text, word.place, upgrade)
            index += 1


def _with(words: list[Word]) -> Iterator[Install]:
    """`uv run --with PACKAGE`, whose environment is made for this one command."""
    for index, word in enumerate(words):
        value = ""
        if word.text == "--with" and index + 1 < len(words):
            value = words[index + 1].text
        elif word.text.startswith("--with="):
            value = word.text.removeprefix("--with=")
        for text in filter(None, re.split(r",(?=\s*[A-Za-z])", value)):
            yield Install("requirement", text.strip(), word.place, upgrade=True)
