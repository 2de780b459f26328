"""Command lines inside of other files: notebook cells, Markdown blocks. All as one text with true offsets, in which
everything else is blank."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trl_lint.model.source import MagicLine, Source
from trl_lint.model.span import Span

_NEWLINE = re.compile(r"\r\n|\r|\n")
_SHELL_CELL = re.compile(r"%%(?:bash|sh|zsh|shell|system|sx|script|!)")
_ESCAPE = re.compile(r"[ \t]*(?:!{1,2}|%(?:sx|system|bash|sh)[ \t])")
_FENCE = re.compile(r"(?P<indent>[ \t]*(?:>[ \t]?)*)(?P<fence>`{3,}|~{3,})[ \t]*\{?\.?(?P<language>[\w-]*)[^\r\n]*")
_LANGUAGES = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "terminal", "shell-session", "sh-session", "shellscript"}
)
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)*")
_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:\w[\w.@~:/-]*)?[$%][ \t]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")

Snippet = tuple[int, int]


def of_notebook(source: Source) -> tuple[str, list[tuple[Snippet, bool]]]:
    """The text, and where scripts stand in it; True for a whole cell, False for one line that begins with `!`."""
    text = _Blank(source.text)
    found: list[tuple[Snippet, bool]] = []
    cell: list[Span] = []
    for magic in source.magics:
        raw = _raw(magic, source)
        begins_cell = _SHELL_CELL.match(raw) is not None
        escape = _ESCAPE.match(raw)
        follows = bool(cell) and source.unit_at(cell[0].start) == source.unit_at(magic.span.start)
        if begins_cell:
            cell = [magic.span]
        elif follows:
            text.put(magic.span.start, raw)
            if len(cell) > 1:
                found.pop()
            cell.append(magic.span)
            found.append(((cell[1].start, magic.span.end), True))
        elif escape is not None:
            text.put(magic.span.start + escape.end(), raw[escape.end() :])
            found.append(((magic.span.start + escape.end(), magic.span.end), False))
    return text.text(), found


def cell_bodies(source: Source) -> Iterator[tuple[str, int, int, str]]:
    """Of each cell that begins with a magic of its own (`%%writefile x.py`): that line, and the offsets and the text of
    what stands below it."""
    for magic in source.magics:
        first, newline, body = magic.text.partition("\n")
        if newline and first.startswith("%%"):
            start = magic.span.start + len(first) + 1
            yield first, start, magic.span.end, body[: magic.span.end - start]


def _raw(magic: MagicLine, source: Source) -> str:
    """The lines as they are in the cell: in `magic.text` those that a backslash continues are joined."""
    blanked = source.slice(magic.span)
    out: list[str] = []
    taken = 0
    position = 0
    for match in _NEWLINE.finditer(blanked):
        length = match.start() - position - 1  # without the backslash
        out += (magic.text[taken : taken + length], "\\", match[0])
        taken += length
        position = match.end()
    out.append(magic.text[taken:])
    return "".join(out)


class _Blank:
    """A text of spaces and the line ends of another one, into which pieces are put."""

    def __init__(self, text: str) -> None:
        self.lines = text
        self.pieces: list[tuple[int, str]] = []

    def put(self, start: int, piece: str) -> None:
        self.pieces.append((start, piece))

    def text(self) -> str:
        out: list[str] = []
        done = 0
        for start, piece in self.pieces:
            out += (_spaces(self.lines[done:start]), piece)
            done = start + len(piece)
        out.append(_spaces(self.lines[done:]))
        return "".join(out)


def _spaces(text: str) -> str:
    return re.sub(r"[^\r\n]+", lambda line: " " * len(line[0]), text)


def of_markdown(text: str) -> tuple[str, list[Snippet]]:
    """The text, and where the blocks of shell code stand in it; of a block with prompts, the lines that have one."""
    blank = _Blank(text)
    found: list[Snippet] = []
    for start, end in _blocks(text):
        lines = [(_after(_QUOTE, text, begin, stop), stop) for begin, stop in _lines(text, start, end)]
        prompted = any(_PROMPT.match(text, begin, stop) for begin, stop in lines)
        continued = False
        for begin, stop in lines:
            code = begin if continued else _after(_PROMPT, text, begin, stop)
            line = text[code:stop].rstrip("\r\n")
            wanted = continued or not prompted or code > begin
            if wanted:
                blank.put(code, line)
            continued = wanted and line.endswith("\\")
        found.append((start, end))
    return blank.text(), found


def _after(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match is not None else start


def _lines(text: str, start: int, end: int) -> Iterator[Snippet]:
    while start < end:
        match = _LINE.match(text, start, end)
        stop = match.end() if match is not None else end
        yield start, stop
        start = stop


def _blocks(text: str) -> Iterator[Snippet]:
    """What stands between the fences of shell blocks."""
    opened: tuple[str, str, int] | None = None
    for begin, stop in _lines(text, 0, len(text)):
        fence = _FENCE.match(text, begin, stop)
        if fence is None:
            continue
        if opened is None:
            opened = (fence["fence"], fence["language"].lower(), stop)
        elif fence["fence"].startswith(opened[0]) and not fence["language"]:
            if opened[1] in _LANGUAGES:
                yield opened[2], begin
            opened = None
