"""A command line of the project that starts something which may train: what it starts, and with which words."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path

from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Arm, Known, Unknown, Value

TRL = "trl"
SCRIPT = "script"
MODULE = "module"

# Names of variables that hold whole lists of options rather than the value of one.
_LIST = regex(r"(?i)arg|opt|flag|extra|param|cmd|[@*]")
_NUMBER = regex(r"-(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line, quotes and variables resolved.

    `value` holds text; `span` is where it stands (the assignment, where a variable brought it).
    `many`: it may stand for any number of words, none included (an unquoted variable that is not known, `"$@"`).
    `joined`: the next word stands behind this one and a `=` (`--beta=0.1` is two words, the first one joined).
    `when`: it is there under these arms only. `variable` is what an unknown word was written with (`$ARGS`), `tail`
    what is known of its end (`/train.py` of `$ROOT/train.py`).
    """

    value: Value
    span: Span
    many: bool = False
    joined: bool = False
    when: tuple[Arm, ...] = ()
    variable: str = ""
    tail: str = ""

    @property
    def text(self) -> str | None:
        """The text of the word, None where it is not known or one of several."""
        value = self.value.value if isinstance(self.value, Known) else None
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Flag:
    """One option with the words behind it: `name` as written (`--max_length`, `-m`); `span` covers all of it."""

    name: str
    name_span: Span
    words: tuple[Word, ...]
    span: Span
    joined: bool = False
    when: tuple[Arm, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """The options of a command line in their order, and the words that belong to none. `open`: why there may be
    further ones."""

    flags: tuple[Flag, ...] = ()
    rest: tuple[Word, ...] = ()
    open: str | None = None

    def last(self, *names: str) -> Flag | None:
        """The option that counts of those with one of these names: argparse takes the last one."""
        return next((flag for flag in reversed(self.flags) if flag.name in names), None)


@dataclass(frozen=True)
class Launch:
    """One start of a program, with whatever launches it (`accelerate launch`, `torchrun`, `srun` ...) taken off.

    `kind`: `trl` (`target` is the sub-command), `script` (`target` is the path as written; of a path that begins
    with something unknown, what is known of its end), `module` (`python -m target`). `words` are what the program
    itself gets. Relative paths are meant from the folder `cd`, which the file changes to, seen from `folder`, in which
    the file lies, or from one above it. `processes` is the total number of processes, over all machines.
    `environment` holds the variables that the command line sets, `files` name the configuration of the launchers,
    `written` holds the files that the source itself writes, by their paths.
    `span` covers the command as written; `target_span` the target.
    """

    source: Source
    span: Span
    kind: str
    target: str
    target_span: Span
    words: tuple[Word, ...] = ()
    folder: Path = field(default_factory=Path)
    cd: str = ""
    processes: Value = field(default_factory=lambda: Unknown("the command line does not say how many processes run"))
    environment: tuple[tuple[str, Word], ...] = ()
    when: tuple[Arm, ...] = ()
    files: tuple[Word, ...] = ()
    written: Mapping[str, Source] = field(default_factory=dict)

    def writes(self, path: str) -> Source | None:
        """The file of this path, where the source of the command writes it."""
        return self.written.get(posixpath.normpath(posixpath.join(self.cd, path))) or self.written.get(
            posixpath.normpath(path)
        )


def flags(words: tuple[Word, ...]) -> Flags:
    """`words` as `argparse` reads options that may take any number of values.

    Which word is a value and which stands for itself only the parser knows: every word up to the next option is
    given to the option before it.
    """
    found: list[Flag] = []
    rest: list[Word] = []
    reason: str | None = None
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        name = word.text
        if name is None or not is_option(name):
            if word.many:
                reason = reason or _why(word)
            rest.append(word)
            continue
        values: list[Word] = []
        while index < len(words):
            following = words[index]
            text = following.text
            attached = word.joined and not values
            if not attached and (word.joined or (text is not None and is_option(text))):
                break
            if not attached and following.many and (values or _LIST.search(following.variable)):
                break
            values.append(following)
            index += 1
        last = values[-1].span if values else word.span
        end = last.end if last.path == word.span.path and last.end >= word.span.end else word.span.end
        span = Span(word.span.path, word.span.start, end)
        found.append(Flag(name, word.span, tuple(values), span, word.joined, word.when))
    return Flags(tuple(found), tuple(rest), reason)


def is_option(text: str) -> bool:
    """Whether `argparse` takes this word for an option: it begins with a dash and is no negative number."""
    return len(text) > 1 and text.startswith("-") and _NUMBER.fullmatch(text) is None and " " not in text


def _why(word: Word) -> str:
    return f"the command line hands on `{word.variable}`" if word.variable else "the command line hands on more"
