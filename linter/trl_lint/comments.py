"""The comments of a source, and the lines that belong to one statement; nothing in a string counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from trl_lint.dataclass import dataclass, field
from trl_lint.lazy import regex
from trl_lint.model.source import Kind, Source, Unit
from trl_lint.sources.document import COMMANDS

# A `#` that begins a comment in YAML or a shell: at the start or after white space, outside of quotes.
_QUOTED_OR_COMMENT = regex(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?P<comment>(?:(?<=\s)|^)#.*)""")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, from its `#` to the end of its line. `alone`: nothing else stands on the line."""

    start: int
    text: str
    line: int  # 0-based, of the analysed text
    alone: bool


@dataclass
class Comments:
    """Comments in order, and for Python the first and last line of each statement that spans several, and the lines
    at whose end a comment can stand (not those that end in a string or with a backslash)."""

    items: list[Comment] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)
    ends: set[int] = field(default_factory=set)
    above: bool = False  # a comment may stand above a statement, because none can stand inside of it

    def statement(self, line: int) -> tuple[int, int]:
        """The first and last line of the statement that `line` belongs to."""
        at = bisect_right(self.statements, (line, 1 << 60)) - 1
        if at >= 0 and self.statements[at][1] >= line:
            return self.statements[at]
        return line, line

    def lines_above(self, line: int) -> set[int]:
        """The lines of comments alone that stand right above the statement which `line` belongs to."""
        if not self.above:
            return set()
        alone = {comment.line for comment in self.items if comment.alone}
        found: set[int] = set()
        line = self.statement(line)[0] - 1
        while line in alone:
            found.add(line)
            line -= 1
        return found


def comments(source: Source) -> Comments:
    """All comments of `source`; of a part that cannot be read those before the fault. JSON has none."""
    found = Comments()
    if source.kind in (Kind.PYTHON, Kind.NOTEBOOK):
        for unit in source.units:
            _python(source, unit, found)
        for magic in source.magics:
            line = source.line_index(magic.span.start)
            found.items += _in_line(magic.text, source.line_starts[line], line)
        found.items.sort(key=lambda comment: comment.start)
    elif source.kind is Kind.YAML or source.kind in COMMANDS:
        for line, start in enumerate(source.line_starts):
            found.items += _in_line(source.line_text(line), start, line)
    if source.kind in COMMANDS:
        found.above = True
        found.statements += _continued(source)
    return found


def _continued(source: Source) -> Iterator[tuple[int, int]]:
    """The lines that backslashes join."""
    first: int | None = None
    for line in range(len(source.line_starts)):
        goes_on = source.line_text(line).endswith("\\")
        if goes_on and first is None:
            first = line
        elif not goes_on and first is not None:
            yield first, line
            first = None


def _in_line(text: str, start: int, line: int) -> Iterator[Comment]:
    if "#" not in text:
        return
    for match in _QUOTED_OR_COMMENT.finditer(text):
        if match["comment"] is not None:
            alone = not text[: match.start("comment")].strip()
            yield Comment(start + match.start("comment"), match["comment"], line, alone)


def _python(source: Source, unit: Unit, found: Comments) -> None:
    import tokenize

    first = source.line_index(unit.start)
    starts = source.line_starts
    last = source.line_index(max(unit.start, unit.end - 1))
    ends = [*starts[first + 1 : last + 1], unit.end]
    lines = [source.text[begin:end] for begin, end in zip(starts[first : last + 1], ends, strict=True)]
    begun: int | None = None
    passive = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    feed = iter(lines)
    try:
        for token in tokenize.generate_tokens(lambda: next(feed, "")):
            line = first + token.start[0] - 1
            if token.type == tokenize.COMMENT:
                alone = not token.line[: token.start[1]].strip() and begun is None
                found.items.append(Comment(starts[line] + token.start[1], token.string, line, alone))
            elif token.type == tokenize.NEWLINE:
                if begun is not None and line > begun:
                    found.statements.append((begun, line))
                begun = None
                found.ends.add(line)
            elif token.type == tokenize.NL:
                found.ends.add(line)
            elif token.type not in passive and begun is None:
                begun = line
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, IndexError):
        return
