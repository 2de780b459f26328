"""Builders of edits on Python calls: each returns one edit after which the text still parses.

They look at the call's own text with `ast`, so that strings, comments and parentheses are told apart exactly.
All raise ValueError where the spans do not hold what they should.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from trl_lint.dataclass import dataclass
from trl_lint.edits.listing import Listing, gap, insert_after, insert_before, listing, remove
from trl_lint.lazy import regex
from trl_lint.model.finding import Edit
from trl_lint.model.source import Source
from trl_lint.model.span import Span
from trl_lint.model.value import Argument, Call

_WRITTEN = ("keyword", "positional", "splat")
_NAME = regex(r"[^\W\d]\w*")
_STRING = regex(r"(?P<prefix>[rRuU]?)(?P<quote>'''|\"\"\"|'|\")(?P<body>[^\\]*?)(?P=quote)", re.DOTALL)
_LINE_END = regex(r"\r\n|\r|\n")


def add_keyword(source: Source, call: Call, name: str, value: str) -> Edit:
    """Passes `name=value` to `call`: after its last argument, or before the `**` arguments that end it.

    `value` is Python source. Raises ValueError where the call passes that keyword already.
    """
    source = source.of(call.span)
    node, text, base = _call(source, call)
    if any(keyword.arg == name for keyword in node.keywords):
        raise ValueError(f"the call passes `{name}` already")
    new = f"{name}={_as_argument(value)}"
    brackets = _brackets(node, text)
    arguments = _arguments(node)
    offset = text.offset
    if len(arguments) == 1 and offset.start(arguments[0]) == brackets[0]:  # f(x for x in y)
        inner = text.code[brackets[0] : brackets[1] + 1]
        return _moved(Edit(Span(source.path, brackets[0], brackets[1] + 1), f"({inner}, {new})"), base)
    spans = [(offset.start(argument), offset.end(argument)) for argument in arguments]
    found = listing(source.path, text.code, brackets, spans)
    if not arguments:
        return _moved(found.edit(found.open, found.open, new), base)
    splats = 0
    while splats < len(arguments) and _is_double_star(arguments[-1 - splats]):
        splats += 1
    if splats:
        return _moved(insert_before(found, len(arguments) - splats, new), base)
    return _moved(insert_after(found, len(arguments) - 1, new), base)


def rename_keyword(source: Source, argument: Argument, new: str) -> Edit:
    """Another name for an argument; for an entry of a splatted dict, another key in the same quotes."""
    if argument.via == "default":
        raise ValueError(f"`{argument.name}` is a field of a class of the project")
    source = source.of(argument.span)
    start = argument.span.start
    if argument.via == "flag" and source.text.startswith("--", start):
        start += 2
    name = _NAME.match(source.text, start)
    if name is not None and name[0] == argument.name:
        return Edit(Span(source.path, start, name.end()), new)
    string = _STRING.match(source.text, start)
    if string is None or string["body"] != argument.name:
        raise ValueError(f"no plain name stands where `{argument.name}` is given")
    return Edit(Span(source.path, string.start("body"), string.end("body")), new)


def replace_value(source: Source, argument: Argument, text: str) -> Edit:
    """Another value, as Python source, for an argument or an entry of a splatted dict."""
    if argument.via not in _WRITTEN:
        raise ValueError(f"`{argument.name}` is given in another way")
    source = source.of(argument.value_span)
    return Edit(Span(source.path, argument.value_span.start, argument.value_span.end), _as_argument(text))


def remove_argument(source: Source, call: Call, argument: Argument) -> Edit:
    """Takes an argument out of its call, or an entry out of the dict that was splatted into it.

    Its comma goes with it, and its line with the comment there if nothing else stands on it. Raises ValueError for
    a positional argument that others follow.
    """
    source = source.of(argument.span)
    if argument.via == "splat":
        found, index, base = _entry(source, argument)
        return _moved(remove(found, index), base)
    if argument.span.path != call.span.path:
        raise ValueError("the argument is none of this call's")
    node, text, base = _call(source, call)
    arguments = _arguments(node)
    spans = [(text.offset.start(item), text.offset.end(item)) for item in arguments]
    begin = argument.span.start - base
    own = next((i for i, span in enumerate(spans) if span[0] == begin), None)
    if own is None:
        raise ValueError("the argument is none of this call's")
    if argument.name is None and any(not isinstance(item, ast.keyword) for item in arguments[own + 1 :]):
        raise ValueError("other positional arguments follow")
    brackets = _brackets(node, text)
    if begin == brackets[0]:  # f(x for x in y)
        return _moved(Edit(Span(source.path, brackets[0], brackets[1] + 1), "()"), base)
    return _moved(remove(listing(source.path, text.code, brackets, spans), own), base)


@dataclass(frozen=True, slots=True)
class _Offsets:
    """From the rows and UTF-8 columns of `ast` to offsets of the parsed text, less what was put before it."""

    lines: tuple[str, ...]
    starts: tuple[int, ...]
    shift: int

    def at(self, row: int, column: int) -> int:
        line = self.lines[row - 1]
        characters = column if line.isascii() else len(line.encode()[:column].decode())
        return self.starts[row - 1] + characters - self.shift

    def start(self, node: ast.expr | ast.keyword) -> int:
        return self.at(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.keyword) -> int:
        return self.at(node.end_lineno or node.lineno, node.end_col_offset or 0)


@dataclass(frozen=True, slots=True)
class _Text:
    code: str
    offset: _Offsets


def _parsed(code: str, before: str = "", after: str = "") -> tuple[ast.Module, _Text]:
    whole = before + code + after
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(whole)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"the text around the edit cannot be parsed: {error}") from None
    starts = (0, *(match.end() for match in _LINE_END.finditer(whole)))
    lines = tuple(whole[begin:end] for begin, end in zip(starts, (*starts[1:], len(whole)), strict=True))
    return tree, _Text(code, _Offsets(lines, starts, len(before)))


def _call(source: Source, call: Call) -> tuple[ast.Call, _Text, int]:
    """The call's node, its text, and the offset of that text in the source."""
    if call.parsed:
        raise ValueError("a command-line parser makes the object: there is no call to edit")
    if call.span.path != source.path:
        raise ValueError("the call stands in another file")
    tree, text = _parsed(source.slice(call.span), "(", ")")  # in parentheses no line break or indent matters
    statement = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        raise ValueError("no call stands where the edit is to be made")
    return statement.value, text, call.span.start


def _brackets(node: ast.Call, text: _Text) -> tuple[int, int]:
    """The offsets of the call's own parentheses."""
    end = text.offset.end(node)
    opening = next((offset for char, offset in gap(text.code, text.offset.end(node.func), end) if char == "("), None)
    if opening is None:
        raise ValueError("the call has no parentheses")
    return opening, end - 1


def _arguments(node: ast.Call) -> list[ast.expr | ast.keyword]:
    """Positional and keyword arguments in the order of the text (`f(*a, b=1, *c)` mixes them)."""
    return sorted((*node.args, *node.keywords), key=lambda item: (item.lineno, item.col_offset))


def _is_double_star(argument: ast.expr | ast.keyword) -> bool:
    return isinstance(argument, ast.keyword) and argument.arg is None


def _entry(source: Source, argument: Argument) -> tuple[Listing, int, int]:
    """The dict (`{...}` or `dict(...)`) that holds a splatted entry, the entry's index, and the text's offset."""
    unit = source.unit_at(argument.span.start)
    tree, text = _parsed(source.text[unit.start : unit.end])
    wanted = argument.span.start - unit.start
    for brackets, spans in _mappings(tree, text):
        for index, span in enumerate(spans):
            if span[0] == wanted:
                return listing(source.path, text.code, brackets, spans), index, unit.start
    raise ValueError(f"`{argument.name}` stands in no dict that can be edited")


def _mappings(tree: ast.Module, text: _Text) -> Iterator[tuple[tuple[int, int], list[tuple[int, int]]]]:
    offset = text.offset
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            starts = (value if key is None else key for key, value in zip(node.keys, node.values, strict=True))
            spans = [(offset.start(first), offset.end(last)) for first, last in zip(starts, node.values, strict=True)]
            yield (offset.start(node), offset.end(node) - 1), spans
        elif isinstance(node, ast.Call) and node.keywords:
            yield _brackets(node, text), [(offset.start(item), offset.end(item)) for item in _arguments(node)]


def _as_argument(value: str) -> str:
    """`value`, in parentheses where it would otherwise be more than one argument (`a, b`)."""
    for text in (value, f"({value})") if value.strip() else ():
        try:
            tree, _ = _parsed(f"f(k={text})")
        except ValueError:
            continue
        statement = tree.body[0] if len(tree.body) == 1 else None
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and not call.args and len(call.keywords) == 1:
            return text
    raise ValueError(f"`{value}` is no Python expression")


def _moved(edit: Edit, base: int) -> Edit:
    return Edit(Span(edit.span.path, edit.span.start + base, edit.span.end + base), edit.text)
