"""Where the generation markers of a chat template really are: Jinja's own lexer, never a regex.

Only lexing and parsing happen here, which end in a time linear in the text. Compiling and rendering do not: see
`trl_lint.templates.probing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trl_lint.dataclass import dataclass
from trl_lint.lazy import regex

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.parser import Parser

OPEN = "generation"
CLOSE = "endgeneration"
_LONG_NUMBER = regex(r"[0-9_]{4001}")
_NEWLINE = regex(r"\r\n|\r|\n")


@dataclass(frozen=True)
class MarkerSpan:
    """One generation block, as offsets into the template: its begin tag, and its end tag where there is one."""

    start: int
    start_end: int
    end: int | None = None
    end_end: int | None = None


@dataclass(frozen=True)
class SyntaxProblem:
    """Why Jinja refuses the template, and on which line (from 1), where it says."""

    message: str
    line: int | None = None


def environment() -> Environment:
    """The Jinja dialect of chat templates, for parsing only.

    Source: `_compile_jinja_template` in transformers/utils/chat_template_utils.py, 4.46 to 5.20.
    """
    from jinja2 import Environment, nodes
    from jinja2.ext import Extension, loopcontrols

    class Generation(Extension):
        """The tag `{% generation %}`: its body, as a scope of its own."""

        tags = {OPEN}  # noqa: RUF012

        def parse(self, parser: Parser) -> nodes.Node:
            line = next(parser.stream).lineno
            body = parser.parse_statements((f"name:{CLOSE}",), drop_needle=True)
            return nodes.Scope(body, lineno=line)

    return Environment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])


def syntax_problem(text: str) -> SyntaxProblem | None:
    """What Jinja's parser says against `text`, or None."""
    from jinja2 import TemplateSyntaxError

    if _LONG_NUMBER.search(text):  # int() is quadratic in old Pythons
        return SyntaxProblem("a number in it is too long")
    try:
        environment().parse(text)
    except TemplateSyntaxError as error:
        return SyntaxProblem(str(error.message), error.lineno)
    except RecursionError:
        return SyntaxProblem("it is nested too deeply")
    except Exception as error:  # the lexer lets ValueError, OverflowError and others through for odd literals
        return SyntaxProblem(f"Jinja cannot read it ({type(error).__name__})")
    return None


def marker_spans(text: str) -> tuple[MarkerSpan, ...]:
    """The generation blocks of `text`, in order of their begin tags; what a broken template has up to its break."""
    if OPEN not in text:
        return ()
    spans: list[MarkerSpan] = []
    open_blocks: list[int] = []
    for name, start, end in _tags(text):
        if name == OPEN:
            open_blocks.append(len(spans))
            spans.append(MarkerSpan(start, end))
        elif name == CLOSE and open_blocks:
            block = spans[open_blocks[-1]]
            spans[open_blocks.pop()] = MarkerSpan(block.start, block.start_end, start, end)
    return tuple(spans)


def _tags(text: str) -> Iterator[tuple[str, int, int]]:
    """The first word of each statement tag, with the tag's offsets."""
    offsets = _original_offsets(text)
    start, word = 0, ""
    for kind, value, begin in _tokens(text):
        if kind == "block_begin":
            start, word = begin, ""
        elif kind not in ("block_end", "whitespace"):
            word = word or value
        elif kind == "block_end":
            end = begin + len(value.rstrip())
            yield word, offsets[start] if offsets else start, offsets[end] if offsets else end


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The lexer's tokens: kind, text, offset in the template after newline normalisation."""
    from jinja2 import Environment, TemplateSyntaxError

    source = _NEWLINE.sub("\n", text)
    position = 0
    try:
        for _, kind, value in Environment(keep_trailing_newline=True).lexer.tokeniter(source, None):
            # The lexer leaves out only the white space that a `-` takes away, so the next occurrence is the token.
            begin = source.find(value, position)
            if begin < 0:
                return
            position = begin + len(value)
            yield kind, value, begin
    except (TemplateSyntaxError, RecursionError):
        return


def _original_offsets(text: str) -> list[int]:
    """For each offset in the normalised text, that in `text`; empty where they are equal."""
    if "\r" not in text:
        return []
    offsets, position = [], 0
    for newline in _NEWLINE.finditer(text):
        offsets += [*range(position, newline.start()), newline.start()]
        position = newline.end()
    return [*offsets, *range(position, len(text) + 1)]
